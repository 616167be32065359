/// A place in UTF-8 bytes that are known to be valid, and the small questions a tokenizer asks there.
struct TokenCursor {
    let source: UnsafeBufferPointer<UInt8>
    var position = 0

    init(source: UnsafeBufferPointer<UInt8>) { self.source = source }

    /// The scalar that begins at `index`, and its length in bytes.
    @inline(__always)
    func scalar(at index: Int) -> (value: UInt32, length: Int) {
        let first = UInt32(source[index])
        if first < 0x80 { return (first, 1) }
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard index + length <= source.count else { return (0xFFFD, source.count - index) }
        var value = first & (0x7F >> UInt32(length))
        for offset in 1..<length { value = value << 6 | UInt32(source[index + offset] & 0x3F) }
        return (value, length)
    }

    @inline(__always)
    static func classOf(_ scalar: UInt32) -> CharacterClass {
        scalar < 0x80 ? asciiClasses[Int(scalar)] : CharacterClass.beyondASCII(scalar)
    }

    private static let asciiClasses = CharacterClass.ascii

    @inline(__always)
    static func foldedASCII(_ scalar: UInt32) -> UInt32 { scalar &- 0x41 < 26 ? scalar + 0x20 : scalar }

    /// Signs that word processors make of plain ones, as the plain ones.
    static func plainSign(_ scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0x2018, 0x2019: 0x27
        case 0x201C, 0x201D, 0xAB, 0xBB: 0x22
        case 0x2010...0x2015: 0x2D
        case 0xFF01: 0x21
        case 0xFF1F, 0x061F: 0x3F
        default: scalar
        }
    }

    /// The scalar as part of a word, 0 for one to leave out, nil where the word ends.
    @inline(__always)
    func wordScalar(_ scalar: UInt32, length: Int) -> UInt32? {
        switch Self.classOf(scalar) {
        case .letter, .digit: return scalar
        case .ignorable: return 0
        case .punctuation:
            // An apostrophe counts only between word parts: "don't" and not "'quoted'".
            guard scalar == 0x27 || scalar == 0x2019, position > 0, isWordPart(at: position + length) else {
                return nil
            }
            return 0x27
        default: return nil
        }
    }

    /// Whether a letter or digit begins at `index`.
    @inline(__always)
    func isWordPart(at index: Int) -> Bool {
        guard index < source.count else { return false }
        let kind = Self.classOf(scalar(at: index).value)
        return kind == .letter || kind == .digit
    }

    mutating func skipWord() {
        while isWordPart(at: position) { position += scalar(at: position).length }
    }

    /// Digits with dots, commas, colons and percent signs between or behind them.
    mutating func skipNumber() {
        while position < source.count {
            switch source[position] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ":"),
                UInt8(ascii: "%"):
                position += 1
            default: return
            }
        }
    }

    /// Where the link ends that begins here: `http…`, `https…` or `www.…`, up to the next white space.
    ///
    /// A bare "http" is a link as well: data sets mask links so.
    func linkEnd() -> Int? {
        let first = source[position] | 0x20
        guard first == UInt8(ascii: "h") || first == UInt8(ascii: "w") else { return nil }
        if begins("http") {
            var end = position + 4
            if end < source.count, source[end] | 0x20 == UInt8(ascii: "s") { end += 1 }
            if begins("://", at: end) { return spaceAfter(end) }
            return isWordPart(at: end) ? nil : end
        }
        return begins("www.") ? spaceAfter(position + 4) : nil
    }

    private func begins(_ text: StaticString, at index: Int? = nil) -> Bool {
        let index = index ?? position
        guard index + text.utf8CodeUnitCount <= source.count else { return false }
        for offset in 0..<text.utf8CodeUnitCount {
            let byte = source[index + offset]
            let folded = byte &- 0x41 < 26 ? byte | 0x20 : byte
            if folded != text.utf8Start[offset] { return false }
        }
        return true
    }

    private func spaceAfter(_ index: Int) -> Int {
        var index = index
        while index < source.count {
            let (value, length) = scalar(at: index)
            if Self.classOf(value) == .space { break }
            index += length
        }
        return index
    }

    /// Eyes, perhaps a nose, a mouth: the end and the emoticon without its nose, when one begins here.
    ///
    /// "<3" and "</3" count as emoticons with a heart for a mouth.
    @inline(__always)
    func emoticon() -> (end: Int, eyes: UInt8, mouth: UInt8)? {
        let eyes = source[position]
        guard
            eyes == UInt8(ascii: ":") || eyes == UInt8(ascii: ";") || eyes == UInt8(ascii: "=")
                || eyes == UInt8(ascii: "<")
        else { return nil }
        return emoticon(eyes: eyes)
    }

    private func emoticon(eyes: UInt8) -> (end: Int, eyes: UInt8, mouth: UInt8)? {
        var index = position + 1
        guard index < source.count else { return nil }
        if eyes == UInt8(ascii: "<") {
            let broken = source[index] == UInt8(ascii: "/")
            if broken { index += 1 }
            guard index < source.count, source[index] == UInt8(ascii: "3") else { return nil }
            while index < source.count, source[index] == UInt8(ascii: "3") { index += 1 }
            return (index, broken ? UInt8(ascii: "/") : eyes, UInt8(ascii: "3"))
        }
        // "a=b" has no face in it.
        if eyes == UInt8(ascii: "="), position > 0, Self.classOf(UInt32(source[position - 1])) != .space { return nil }
        if [UInt8(ascii: "-"), UInt8(ascii: "o"), UInt8(ascii: "^"), UInt8(ascii: "'")].contains(source[index]) {
            index += 1
        }
        guard index < source.count, let mouth = Self.mouth(source[index]) else { return nil }
        let shape = source[index]
        while index < source.count, source[index] == shape { index += 1 }
        // Letters and slashes are mouths only where nothing follows: ":Paris" and "://" are none.
        if shape != UInt8(ascii: ")") && shape != UInt8(ascii: "("), index < source.count {
            guard Self.classOf(scalar(at: index).value) != .letter, source[index] != UInt8(ascii: "/") else {
                return nil
            }
        }
        return (index, eyes == UInt8(ascii: "=") ? UInt8(ascii: ":") : eyes, mouth)
    }

    private static func mouth(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): UInt8(ascii: ")")
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): UInt8(ascii: "(")
        case UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "|"): UInt8(ascii: "/")
        case UInt8(ascii: "D"), UInt8(ascii: "P"), UInt8(ascii: "*"): byte
        case UInt8(ascii: "p"): UInt8(ascii: "P")
        case UInt8(ascii: "o"), UInt8(ascii: "O"): UInt8(ascii: "O")
        default: nil
        }
    }

    /// Appends the UTF-8 bytes of a scalar.
    @inline(__always)
    static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
        if scalar < 0x80 { return bytes.append(UInt8(truncatingIfNeeded: scalar)) }
        let tail = UInt8(truncatingIfNeeded: scalar & 0x3F) | 0x80
        if scalar < 0x800 {
            bytes.append(UInt8(truncatingIfNeeded: scalar >> 6) | 0xC0)
        } else {
            if scalar < 0x10000 {
                bytes.append(UInt8(truncatingIfNeeded: scalar >> 12) | 0xE0)
            } else {
                bytes.append(UInt8(truncatingIfNeeded: scalar >> 18) | 0xF0)
                bytes.append(UInt8(truncatingIfNeeded: scalar >> 12 & 0x3F) | 0x80)
            }
            bytes.append(UInt8(truncatingIfNeeded: scalar >> 6 & 0x3F) | 0x80)
        }
        bytes.append(tail)
    }
}
