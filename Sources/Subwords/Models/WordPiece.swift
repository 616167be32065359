/// BERT's tokenizer: words in normalised form, each cut greedily into the longest pieces of a vocabulary.
///
/// A word that cannot be cut so is one unknown token.
struct WordPiece: Sendable {
    private let characters: BertCharacters
    /// Pieces that begin a word, and pieces that go on within one.
    private let beginnings: Trie
    private let continuations: Trie
    private let unknown: Int32
    /// The token of each ASCII character that stands alone: most punctuation, found without a walk.
    private let singles: [Int32]
    private let characterLimit: Int

    /// - Parameter pieces: the vocabulary without special tokens, which no text can name.
    init(
        _ pieces: [(bytes: [UInt8], value: Int32)], prefix: [UInt8], unknown: Int32, characterLimit: Int,
        characters: BertCharacters
    ) {
        let beginnings = Trie(pieces)
        self.beginnings = beginnings
        continuations = Trie(
            pieces.lazy.filter { $0.bytes.starts(with: prefix) }.map {
                (Array($0.bytes.dropFirst(prefix.count)), $0.value)
            }
        )
        self.unknown = unknown
        self.characterLimit = characterLimit
        self.characters = characters
        singles = (0..<128).map { characterLimit >= 1 ? beginnings.value(of: [$0]) ?? unknown : unknown }
    }

    func split(_ text: Span<UInt8>, into sink: inout some SubwordSink) {
        var word = WordBuffer(characterLimit: characterLimit)
        var pieces: [Piece] = []
        var position = 0
        while position < text.count {
            let byte = text[position]
            guard byte < 0x80 else {
                take(scalarAt: &position, text, &word, &pieces, &sink)
                continue
            }
            let form = characters.ascii[Int(byte)]
            switch form {
            case 0: break
            case 1: end(&word, text, &pieces, &sink)
            case 0x80...:
                end(&word, text, &pieces, &sink)
                sink.take(singles[Int(byte)], position, position + 1)
            default: word.append(ascii: form, from: position)
            }
            position += 1
            if sink.isFull { return }
        }
        end(&word, text, &pieces, &sink)
    }

    /// Takes one character beyond ASCII.
    private func take(
        scalarAt position: inout Int, _ text: Span<UInt8>, _ word: inout WordBuffer, _ pieces: inout [Piece],
        _ sink: inout some SubwordSink
    ) {
        let origin = position
        let scalar = text.scalar(at: &position)
        let entry = characters[scalar]
        switch entry.kind {
        case .dropped: return
        case .stripped:
            if !entry.isOrdered { word.endMarks() }
            return
        case .space: return end(&word, text, &pieces, &sink)
        case .single: end(&word, text, &pieces, &sink)
        case .word: break
        }
        let form =
            entry.formCount == 0
            ? text.extracting(origin..<position)
            : characters.forms.span.extracting(entry.formStart..<entry.formStart + entry.formCount)
        if entry.isOrdered {
            order(form, from: origin, &word)
        } else {
            word.append(form, from: origin)
        }
        if entry.kind == .single { end(&word, text, &pieces, &sink) }
    }

    /// Appends a form in which combining marks are left.
    private func order(_ form: Span<UInt8>, from origin: Int, _ word: inout WordBuffer) {
        var position = 0
        while position < form.count {
            let start = position
            let scalar = Unicode.Scalar(form.scalar(at: &position))!
            let combiningClass = BertCharacters.combiningClass(scalar)
            if combiningClass == 0 {
                word.append(form.extracting(start..<position), from: origin)
            } else {
                word.insert(scalar, combiningClass: combiningClass, from: origin)
            }
        }
    }

    private struct Piece {
        var id: Int32
        /// Bytes of the word.
        var start: Int
        var end: Int
    }

    /// Cuts a finished word into pieces and empties it.
    private func end(
        _ word: inout WordBuffer, _ text: Span<UInt8>, _ pieces: inout [Piece], _ sink: inout some SubwordSink
    ) {
        guard !word.isEmpty else { return }
        defer { word.removeAll() }
        pieces.removeAll(keepingCapacity: true)
        guard !word.isTooLong, cut(word.bytes, into: &pieces) else {
            return sink.take(unknown, word.first, text.end(ofScalarAt: word.last))
        }
        for piece in pieces {
            sink.take(piece.id, word.origins[piece.start], text.end(ofScalarAt: word.origins[piece.end - 1]))
        }
    }

    /// The longest piece from each place on; `false` where there is none.
    private func cut(_ word: [UInt8], into pieces: inout [Piece]) -> Bool {
        var start = 0
        while start < word.count {
            let longest = start == 0 ? Self.longest(beginnings, word, 0) : Self.longest(continuations, word, start)
            guard longest.end > start else { return false }
            pieces.append(Piece(id: longest.id, start: start, end: longest.end))
            start = longest.end
        }
        return true
    }

    @inline(__always)
    private static func longest(_ trie: Trie, _ word: [UInt8], _ start: Int) -> (id: Int32, end: Int) {
        var node = Trie.root
        var longest = (id: Int32(-1), end: start)
        for position in start..<word.count {
            guard let next = trie.step(node, word[position]) else { break }
            node = next
            let value = trie.value(node)
            if value >= 0 { longest = (value, position + 1) }
        }
        return longest
    }
}
