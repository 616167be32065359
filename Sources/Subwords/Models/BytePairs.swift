/// Byte-level byte-pair encoding, as GPT-2 and RoBERTa read: words of a fixed pattern, in which neighbours merge, the
/// pair learned first before all others.
///
/// Source: R. Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units", 2016.
struct BytePairs: Sendable {
    private struct Merge: Sendable {
        var rank: Int32
        var id: Int32
    }

    /// The token of each single byte; negative for a byte without one, which then is left out.
    private let bytes: [Int32]
    /// What two neighbours become, by their numbers.
    private let merges: [UInt64: Merge]
    /// Words that become one token: nearly all words of a text, found without any merging.
    private let whole: Trie
    /// Whether a text's first word is one with a space before it, as those within are.
    private let addsSpace: Bool

    /// - Parameters:
    ///   - pieces: the vocabulary in bytes, without special tokens.
    ///   - merges: pairs of tokens and what they become, the first learned first.
    ///   - unknown: the token of bytes that have none.
    ///   - takesWholeWords: a word in the vocabulary is one token even where merges would not lead there.
    init(
        _ pieces: [(bytes: [UInt8], value: Int32)], merges: [(left: Int32, right: Int32, id: Int32)], unknown: Int32?,
        takesWholeWords: Bool, addsSpace: Bool
    ) {
        var bytes = [Int32](repeating: unknown ?? -1, count: 256)
        for piece in pieces where piece.bytes.count == 1 { bytes[Int(piece.bytes[0])] = piece.value }
        var table: [UInt64: Merge] = Dictionary(minimumCapacity: merges.count)
        for (rank, merge) in merges.enumerated() {
            table[Self.key(merge.left, merge.right)] = Merge(rank: Int32(rank), id: merge.id)
        }
        self.bytes = bytes
        self.merges = table
        self.addsSpace = addsSpace
        whole = Trie(
            pieces.filter { piece in
                takesWholeWords || Self.merged(piece.bytes.span, bytes, table).map(\.id) == [piece.value]
            })
    }

    func split(_ text: Span<UInt8>, into sink: inout some SubwordSink) {
        guard addsSpace, text.count > 0, text[0] != 0x20 else { return split(text, shift: 0, into: &sink) }
        var spaced: [UInt8] = [0x20]
        spaced.reserveCapacity(text.count + 1)
        for index in text.indices { spaced.append(text[index]) }
        split(spaced.span, shift: 1, into: &sink)
    }

    /// - Parameter shift: how many bytes were put before the text.
    private func split(_ text: Span<UInt8>, shift: Int, into sink: inout some SubwordSink) {
        var start = 0
        while start < text.count, !sink.isFull {
            let word = start..<BytePairWords.end(ofWordAt: start, in: text)
            start = word.upperBound
            if let id = whole.value(of: text, word) {
                take(id, word, text, shift, &sink)
                continue
            }
            for symbol in Self.merged(text.extracting(word), bytes, merges) {
                let start = word.lowerBound + symbol.start
                take(symbol.id, start..<start + symbol.count, text, shift, &sink)
            }
        }
    }

    /// Gives a token to the sink with its place: whole characters, without the space before them.
    private func take(
        _ id: Int32, _ range: Range<Int>, _ text: Span<UInt8>, _ shift: Int, _ sink: inout some SubwordSink
    ) {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, text[start] == 0x20 { start += 1 }
        while start > 0, start < end, text[start] & 0xC0 == 0x80 { start -= 1 }
        while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
        sink.take(id, start - shift, end - shift)
    }

    private struct Symbol {
        var id: Int32
        var start: Int
        /// How many bytes; 0 once it has become part of the one before.
        var count: Int
        var previous: Int
        var next: Int
    }

    /// The tokens of one word.
    private static func merged(_ word: Span<UInt8>, _ bytes: [Int32], _ merges: [UInt64: Merge]) -> [Symbol] {
        var symbols: [Symbol] = []
        for index in word.indices where bytes[Int(word[index])] >= 0 {
            let id = bytes[Int(word[index])]
            symbols.append(Symbol(id: id, start: index, count: 1, previous: symbols.count - 1, next: symbols.count + 1))
        }
        var queue = MergeQueue()
        func offer(_ left: Int) {
            guard left >= 0, symbols[left].next < symbols.count else { return }
            let right = symbols[symbols[left].next].id
            guard let merge = merges[key(symbols[left].id, right)] else { return }
            queue.insert(MergeQueue.Item(rank: merge.rank, place: Int32(left), id: merge.id))
        }
        for index in symbols.indices { offer(index) }
        while let item = queue.popFirst() {
            let left = Int(item.place)
            let right = symbols[left].next
            // An offer is out of date when one of the two has merged with another since.
            guard symbols[left].count > 0, right < symbols.count,
                let merge = merges[key(symbols[left].id, symbols[right].id)], merge.id == item.id
            else { continue }
            symbols[left].id = merge.id
            symbols[left].count = symbols[right].start + symbols[right].count - symbols[left].start
            symbols[left].next = symbols[right].next
            symbols[right].count = 0
            if symbols[right].next < symbols.count { symbols[symbols[right].next].previous = left }
            offer(symbols[left].previous)
            offer(left)
        }
        return symbols.filter { $0.count > 0 }
    }

    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }
}
