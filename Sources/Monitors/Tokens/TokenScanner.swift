/// Cuts texts into tokens and hands them to a sink: the one definition of what a token is.
///
/// ASCII words are passed on as they stand, without a copy; words with simple non-ASCII characters are folded by table;
/// only words that need composition or expand when folded make strings. A scanner belongs to one thread.
struct TokenScanner: Sendable {
    private var scalars = ScalarTable()
    private var folded: [UInt8] = []
    /// The end of the last token and whether it was a word, for gluing and for `@` inside addresses.
    private var lastEnd = -1
    private var lastIsWord = false

    /// Scans one field.
    ///
    /// `sigil` says that the whole field is a tag or handle written without its mark.
    mutating func scan(_ text: String, as sigil: Sigil? = nil, into sink: inout some TokenSink) {
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { scan($0, as: sigil, into: &sink) }
        if isDone == nil {
            var native = text
            native.makeContiguousUTF8()
            native.withUTF8 { scan($0, as: sigil, into: &sink) }
        }
    }

    mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, as sigil: Sigil?, into sink: inout some TokenSink) {
        lastEnd = -1
        lastIsWord = false
        var at = 0
        if let sigil { tag(sigil, markedAt: 0, from: 0, in: bytes, into: &sink) }
        let count = bytes.count
        while at < count {
            let byte = bytes[at]
            if ByteClass.isWord(byte) {
                at = word(from: at, in: bytes, into: &sink)
            } else if byte >= 0x80 {
                at = wide(from: at, in: bytes, into: &sink)
            } else {
                at += 1
                if let sigil = Sigil(rawValue: byte) { tag(sigil, markedAt: at - 1, from: at, in: bytes, into: &sink) }
            }
        }
    }

    // MARK: Words

    /// Passes on the word that begins at `start`, an ASCII word byte; returns its end.
    @inline(__always)
    private mutating func word(
        from start: Int, in bytes: UnsafeBufferPointer<UInt8>, into sink: inout some TokenSink
    ) -> Int {
        var end = start + 1
        while end < bytes.count, ByteClass.isWord(bytes[end]) { end += 1 }
        if end < bytes.count, bytes[end] >= 0x80, continuesWord(at: end, in: bytes) {
            return wideWord(from: start, in: bytes, into: &sink)
        }
        emitWord(UnsafeBufferPointer(rebasing: bytes[start..<end]), from: start, to: end, into: &sink)
        lastEnd = end
        lastIsWord = true
        return end
    }

    /// As `word`, for a word with non-ASCII characters.
    private mutating func wideWord(
        from start: Int, in bytes: UnsafeBufferPointer<UInt8>, into sink: inout some TokenSink
    ) -> Int {
        let span = spanOfWord(from: start, in: bytes, isTag: false)
        if span.isComplex {
            refold(bytes[start..<span.end], into: &sink, from: start)
        } else {
            folded.withUnsafeBufferPointer { emitWord($0, from: start, to: span.end, into: &sink) }
        }
        lastEnd = span.end
        lastIsWord = true
        return span.end
    }

    @inline(__always)
    private func emitWord(
        _ word: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int, into sink: inout some TokenSink
    ) {
        // Hardly any word has underscores around it.
        guard word[0] == ByteClass.underscore || word[word.count - 1] == ByteClass.underscore else {
            return sink.token(word, range: start..<end, glued: lastEnd == start)
        }
        let trimmed = ByteClass.trimmed(word)
        let low = (trimmed.baseAddress ?? word.baseAddress).map { $0 - (word.baseAddress ?? $0) } ?? 0
        let range = start + low..<end - (word.count - low - trimmed.count)
        sink.token(trimmed, range: range, glued: lastEnd == start)
    }

    // MARK: Other scripts

    /// Handles whatever begins at `start`, a non-ASCII byte; returns where to go on.
    private mutating func wide(
        from start: Int, in bytes: UnsafeBufferPointer<UInt8>, into sink: inout some TokenSink
    ) -> Int {
        let (value, length) = ByteClass.decode(bytes, at: start)
        let entry = scalars.entry(value)
        switch entry.kind {
        case .word: return wideWord(from: start, in: bytes, into: &sink)
        case .single, .joiner, .symbol: return single(entry, from: start, length: length, in: bytes, into: &sink)
        case .sigil:
            if let sigil = Sigil(rawValue: UInt8(truncatingIfNeeded: value - 0xFEE0)) {
                tag(sigil, markedAt: start, from: start + length, in: bytes, into: &sink)
            }
        case .mark, .ignorable:
            if lastEnd == start { lastEnd += length }
        case .separator: break
        }
        return start + length
    }

    /// Passes on a character that is a token of its own, with the joiners that follow it.
    private mutating func single(
        _ entry: ScalarTable.Entry, from start: Int, length: Int, in bytes: UnsafeBufferPointer<UInt8>,
        into sink: inout some TokenSink
    ) -> Int {
        var end = start + length
        while end < bytes.count, bytes[end] >= 0x80 {
            let (value, length) = ByteClass.decode(bytes, at: end)
            guard scalars.entry(value).kind == .joiner else { break }
            end += length
        }
        if entry.isComplex || end > start + length {
            refold(bytes[start..<end], into: &sink, from: start)
        } else if entry.folded == ByteClass.decode(bytes, at: start).value {
            let token = UnsafeBufferPointer(rebasing: bytes[start..<end])
            sink.token(token, range: start..<end, glued: lastEnd == start)
        } else {
            folded.removeAll(keepingCapacity: true)
            ByteClass.append(entry.folded, to: &folded)
            folded.withUnsafeBufferPointer { sink.token($0, range: start..<end, glued: lastEnd == start) }
        }
        lastEnd = end
        lastIsWord = false
        return end
    }

    /// Folds a piece as a whole and passes on the tokens of the result, all with the piece's range.
    private mutating func refold(
        _ piece: Slice<UnsafeBufferPointer<UInt8>>, into sink: inout some TokenSink, from start: Int
    ) {
        let text = Array(CaseFolding.fold(String(decoding: piece, as: UTF8.self)).utf8)
        let range = start..<piece.endIndex
        text.withUnsafeBufferPointer { text in
            var at = 0
            var end = lastEnd == start ? 0 : -1
            while at < text.count {
                let (kind, length) = kind(at: at, in: text)
                var next = at + length
                var token = UnsafeBufferPointer(rebasing: text[at..<next])
                switch kind {
                case .word:
                    while next < text.count {
                        let (kind, length) = self.kind(at: next, in: text)
                        guard kind == .word || kind == .mark || kind == .ignorable else { break }
                        next += length
                    }
                    token = UnsafeBufferPointer(rebasing: text[at..<next])
                    let trimmed = ByteClass.trimmed(token)
                    // A mark stays on the underscore below it.
                    if self.kind(at: 0, in: trimmed).kind == .word { token = trimmed }
                case .single, .joiner, .symbol: break
                case .separator, .sigil, .mark, .ignorable:
                    at = next
                    continue
                }
                sink.token(token, range: range, glued: at == end)
                at = next
                end = next
            }
        }
    }

    // MARK: Tags

    /// Passes on the tag whose characters begin at `start`, if there is one.
    ///
    /// Its words follow by themselves.
    private mutating func tag(
        _ sigil: Sigil, markedAt mark: Int, from start: Int, in bytes: UnsafeBufferPointer<UInt8>,
        into sink: inout some TokenSink
    ) {
        // `name@example.org` is no handle and `C#` no tag; `&#39;` is an HTML entity.
        guard start < bytes.count, !(lastEnd == mark && lastIsWord) else { return }
        if sigil == .hashtag, mark > 0, bytes[mark - 1] == UInt8(ascii: "&") { return }
        if sigil == .cashtag, !ByteClass.isLetter(bytes[start]) { return }
        guard bytes[start] >= 0x80 || ByteClass.isWord(bytes[start]) else { return }
        if bytes[start] >= 0x80 {
            let kind = kind(at: start, in: bytes).kind
            guard kind == .word || kind == .single else { return }
        }
        let span = spanOfWord(from: start, in: bytes, isTag: true)
        if span.isComplex {
            let text = Array(CaseFolding.fold(String(decoding: bytes[start..<span.end], as: UTF8.self)).utf8)
            text.withUnsafeBufferPointer { sink.tag(sigil, $0, range: mark..<span.end) }
        } else {
            folded.withUnsafeBufferPointer { sink.tag(sigil, $0, range: mark..<span.end) }
        }
    }

    /// Finds where a word or tag ends and puts its folded form into `folded`, which is of use unless it is complex.
    private mutating func spanOfWord(
        from start: Int, in bytes: UnsafeBufferPointer<UInt8>, isTag: Bool
    ) -> (end: Int, isComplex: Bool) {
        folded.removeAll(keepingCapacity: true)
        var end = start
        var isComplex = false
        while end < bytes.count {
            let byte = bytes[end]
            if byte < 0x80 {
                guard ByteClass.isWord(byte) else { break }
                folded.append(byte)
                end += 1
                continue
            }
            let (value, length) = ByteClass.decode(bytes, at: end)
            let entry = scalars.entry(value)
            switch entry.kind {
            case .ignorable: break
            case .word, .mark: ByteClass.append(entry.folded, to: &folded)
            case .single where isTag, .joiner where isTag: ByteClass.append(entry.folded, to: &folded)
            default: return (end, isComplex)
            }
            isComplex = isComplex || entry.isComplex
            end += length
        }
        return (end, isComplex)
    }

    /// Whether a folded token is a character that is found inside longer text anyway.
    mutating func isSingle(_ token: String) -> Bool {
        guard let first = token.unicodeScalars.first, !first.isASCII else { return false }
        return [.single, .joiner, .symbol].contains(scalars.entry(first.value).kind)
    }

    private mutating func continuesWord(at index: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        switch kind(at: index, in: bytes).kind {
        case .word, .mark, .ignorable: true
        default: false
        }
    }

    private mutating func kind(at index: Int, in bytes: UnsafeBufferPointer<UInt8>) -> (kind: ScalarClass, length: Int)
    {
        if bytes[index] < 0x80 { return (ByteClass.isWord(bytes[index]) ? .word : .separator, 1) }
        let (value, length) = ByteClass.decode(bytes, at: index)
        return (scalars.entry(value).kind, length)
    }
}
