/// A unigram model, as XLM-R reads: of all ways to cut a word into pieces of the vocabulary, the most probable.
///
/// Source: T. Kudo, "Subword Regularization", 2018.
struct Unigram: Sendable {
    /// Which words get a mark of a space before them that the text does not have.
    enum Prepending: Sendable {
        case always
        case first
        case never
    }

    /// How a text becomes words, each with the mark `▁` in the place of the space before it.
    struct Splitting: Sendable {
        var dropsSpaces: Bool
        var prepending: Prepending
        var splitsAtMarks: Bool
    }

    /// U+2581, the mark of a space.
    private static let mark: [UInt8] = [0xE2, 0x96, 0x81]
    /// How much less probable than the least probable piece an unknown character is, as a logarithm.
    private static let unknownPenalty = 10.0

    private let normalizer: UnigramNormalizer
    private let splitting: Splitting
    private let pieces: Trie
    private let scores: [Double]
    private let unknown: Int32
    private let unknownScore: Double

    /// - Parameters:
    ///   - pieces: the vocabulary without special tokens, numbers being places in `scores`.
    ///   - scores: the logarithm of each token's probability.
    init(
        _ pieces: [(bytes: [UInt8], value: Int32)], scores: [Double], unknown: Int32, normalizer: UnigramNormalizer,
        splitting: Splitting
    ) {
        self.normalizer = normalizer
        self.splitting = splitting
        self.pieces = Trie(pieces)
        self.scores = scores
        self.unknown = unknown
        unknownScore = (scores.min() ?? 0) - Self.unknownPenalty
    }

    func split(_ text: Span<UInt8>, into sink: inout some SubwordSink) {
        let form = normalizer(text)
        var path = Path()
        var position = 0
        while position < form.count, !sink.isFull {
            let section = section(&position, form)
            guard !section.isEmpty else { continue }
            let marked = marked(section, of: form)
            var start = 0
            while start < marked.count, !sink.isFull {
                let end = splitting.splitsAtMarks ? Self.end(ofWordAt: start, marked.bytes) : marked.count
                cut(start..<end, of: marked, &path, &sink)
                start = end
            }
        }
    }

    /// The next stretch without spaces, or all of the text where spaces stay.
    private func section(_ position: inout Int, _ form: OriginText) -> Range<Int> {
        let start = position
        guard splitting.dropsSpaces else {
            position = form.count
            return start..<form.count
        }
        while position < form.count {
            let end = position
            if UnigramNormalizer.isSpace(form.bytes.span.scalar(at: &position)) { return start..<end }
        }
        return start..<form.count
    }

    /// A stretch with marks for spaces, and one before it where the model wants that.
    private func marked(_ section: Range<Int>, of form: OriginText) -> OriginText {
        var marked = OriginText()
        marked.reserveCapacity(section.count + 8)
        let origin = form.origin(section)
        let beginsWithMark =
            form.bytes[section.lowerBound] == 0x20 || form.bytes[section].starts(with: Self.mark)
        let prepends = splitting.prepending == .always || splitting.prepending == .first && origin.lowerBound == 0
        if prepends, !beginsWithMark {
            marked.append(Self.mark, from: origin.lowerBound, to: origin.lowerBound)
        }
        for index in section {
            if form.bytes[index] == 0x20 {
                let space = form.origin(index..<index + 1)
                marked.append(Self.mark, from: space.lowerBound, to: space.upperBound)
            } else {
                marked.append(index..<index + 1, of: form)
            }
        }
        return marked
    }

    /// Where the next mark begins.
    private static func end(ofWordAt start: Int, _ bytes: [UInt8]) -> Int {
        var end = start + 1
        while end < bytes.count, !(bytes[end] == mark[0] && bytes[end...].starts(with: mark)) { end += 1 }
        return end
    }

    /// For each place in a word the best way to it.
    private struct Path {
        struct Node {
            var score = 0.0
            /// The place before the last piece; negative where no way leads yet.
            var start = -1
            var id: Int32 = 0
        }

        var nodes: [Node] = []
        var pieces: [(id: Int32, range: Range<Int>)] = []
    }

    private func cut(
        _ word: Range<Int>, of text: OriginText, _ path: inout Path, _ sink: inout some SubwordSink
    ) {
        findBest(word, text.bytes, &path)
        path.pieces.removeAll(keepingCapacity: true)
        var end = word.count
        while end > 0 {
            let node = path.nodes[end]
            let range = word.lowerBound + node.start..<word.lowerBound + end
            // Unknown characters side by side are one token.
            if node.id == unknown, let last = path.pieces.last, last.id == unknown {
                path.pieces[path.pieces.count - 1].range = range.lowerBound..<last.range.upperBound
            } else {
                path.pieces.append((node.id, range))
            }
            end = node.start
        }
        for piece in path.pieces.reversed() {
            var start = piece.range.lowerBound
            while start + 3 <= piece.range.upperBound, text.bytes[start..<start + 3].elementsEqual(Self.mark) {
                start += 3
            }
            let origin = text.origin(start..<piece.range.upperBound)
            sink.take(piece.id, origin.lowerBound, origin.upperBound)
        }
    }

    private func findBest(_ word: Range<Int>, _ bytes: [UInt8], _ path: inout Path) {
        path.nodes.removeAll(keepingCapacity: true)
        path.nodes.append(contentsOf: repeatElement(Path.Node(), count: word.count + 1))
        func offer(_ id: Int32, _ score: Double, from start: Int, to end: Int) {
            guard path.nodes[end].start < 0 || score > path.nodes[end].score else { return }
            path.nodes[end] = Path.Node(score: score, start: start, id: id)
        }
        var start = 0
        while start < word.count {
            let score = path.nodes[start].score
            let next = bytes.span.end(ofScalarAt: word.lowerBound + start) - word.lowerBound
            var knowsCharacter = false
            var node = Trie.root
            for place in start..<word.count {
                guard let child = pieces.step(node, bytes[word.lowerBound + place]) else { break }
                node = child
                let id = pieces.value(node)
                guard id >= 0 else { continue }
                offer(id, score + scores[Int(id)], from: start, to: place + 1)
                if place + 1 == next { knowsCharacter = true }
            }
            if !knowsCharacter { offer(unknown, score + unknownScore, from: start, to: next) }
            start = next
        }
    }
}
