/// Reads one JSON text from bytes, value by value, and checks all it passes, also what it skips.
///
/// Made for JSON Lines: the text holds no newline, and a newline behind it stops every loop, so that none of them
/// compares with the end. Strings are found eight bytes at a time.
struct JSONScanner {
    private let start: UnsafePointer<UInt8>
    private var next: UnsafePointer<UInt8>

    /// - Precondition: `start[count]` is a newline with eight more readable bytes behind it.
    init(_ start: UnsafePointer<UInt8>, count: Int) {
        precondition(start[count] == 0x0A, "a scanner needs a newline behind its \(count) bytes")
        self.start = start
        next = start
    }

    /// Reads a list that another scanner found and checked already.
    init(list: RawValue) {
        start = list.start
        next = list.start
    }

    /// The next byte that is no space, not taken.
    mutating func peek() -> UInt8 {
        while next.pointee == 0x20 || next.pointee == 0x09 || next.pointee == 0x0D { next += 1 }
        return next.pointee
    }

    /// Takes the end of the text.
    mutating func end() throws(RecordFault) {
        guard peek() == 0x0A else { throw fault("text follows the value") }
    }

    /// Takes `{` or `[`.
    mutating func open(_ bracket: UInt8) throws(RecordFault) {
        guard peek() == bracket else { throw fault("no '\(Character(Unicode.Scalar(bracket)))'") }
        next += 1
    }

    /// Takes the next key of an object with its colon; `nil` and the brace at its end.
    mutating func key(isFirst: inout Bool) throws(RecordFault) -> JSONText? {
        guard try separator(closing: 0x7D, isFirst: &isFirst) else { return nil }
        guard peek() == 0x22 else { throw fault("a key is no string") }
        let key = try text()
        guard peek() == 0x3A else { throw fault("no colon behind a key") }
        next += 1
        return key
    }

    /// Goes to the next element of a list; `false` and the bracket at its end.
    mutating func element(isFirst: inout Bool) throws(RecordFault) -> Bool {
        try separator(closing: 0x5D, isFirst: &isFirst)
    }

    private mutating func separator(closing: UInt8, isFirst: inout Bool) throws(RecordFault) -> Bool {
        let byte = peek()
        if byte == closing {
            next += 1
            return false
        }
        if isFirst {
            isFirst = false
            return true
        }
        guard byte == 0x2C else { throw fault("no comma between two values") }
        next += 1
        return true
    }

    /// Takes `null` if it comes next.
    mutating func takeNull() throws(RecordFault) -> Bool {
        guard peek() == 0x6E else { return false }
        try literal("null")
        return true
    }

    /// Takes `true` or `false`; `nil` and nothing when something else comes next.
    mutating func takeBool() throws(RecordFault) -> Bool? {
        switch peek() {
        case 0x74:
            try literal("true")
            return true
        case 0x66:
            try literal("false")
            return false
        default: return nil
        }
    }

    private mutating func literal(_ word: StaticString) throws(RecordFault) {
        for index in 0..<word.utf8CodeUnitCount where next[index] != word.utf8Start[index] {
            throw fault("an unknown word")
        }
        next += word.utf8CodeUnitCount
    }

    /// Takes a number, as its text.
    mutating func number() throws(RecordFault) -> JSONNumber {
        let first = next
        var isInteger = true
        if next.pointee == 0x2D { next += 1 }
        if next.pointee == 0x30 { next += 1 } else { try digits() }
        if next.pointee == 0x2E {
            isInteger = false
            next += 1
            try digits()
        }
        if next.pointee | 0x20 == 0x65 {
            isInteger = false
            next += 1
            if next.pointee == 0x2B || next.pointee == 0x2D { next += 1 }
            try digits()
        }
        return JSONNumber(start: first, count: next - first, isInteger: isInteger)
    }

    private mutating func digits() throws(RecordFault) {
        guard next.pointee &- 0x30 < 10 else { throw fault("a broken number") }
        repeat { next += 1 } while next.pointee &- 0x30 < 10
    }

    /// Takes a string, quotes left out, escapes checked but not resolved.
    mutating func text() throws(RecordFault) -> JSONText {
        let first = next + 1
        var at = first
        var bits: UInt64 = 0
        var isEscaped = false
        while true {
            let word = UnsafeRawPointer(at).loadUnaligned(as: UInt64.self).littleEndian
            let stops = Self.stops(in: word)
            guard stops != 0 else {
                bits |= word
                at += 8
                continue
            }
            let step = stops.trailingZeroBitCount & 0x38
            bits |= word & ((1 &<< UInt64(truncatingIfNeeded: step)) &- 1)
            at += step &>> 3
            if at.pointee == 0x22 { break }
            guard at.pointee == 0x5C else {
                next = at
                throw fault(at.pointee == 0x0A ? "a string is never closed" : "a control character in a string")
            }
            isEscaped = true
            next = at
            try checkEscape()
            at = next
        }
        next = at + 1
        return JSONText(
            start: first, count: at - first, isEscaped: isEscaped, isASCII: bits & 0x8080_8080_8080_8080 == 0)
    }

    /// A bit in the first byte that is a quote, a backslash or a control character; bits above the lowest may lie.
    @inline(__always)
    private static func stops(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quote = word ^ (ones &* 0x22)
        let slash = word ^ (ones &* 0x5C)
        let found = ((quote &- ones) & ~quote) | ((slash &- ones) & ~slash) | ((word &- (ones &* 0x20)) & ~word)
        return found & (ones &* 0x80)
    }

    /// Passes one escape, or the two of a surrogate pair.
    private mutating func checkEscape() throws(RecordFault) {
        switch next[1] {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: next += 2
        case 0x75:
            guard let unit = JSONText.hexadecimal(next + 2) else { throw fault("a broken \\u escape") }
            if unit & 0xF800 != 0xD800 {
                next += 6
            } else {
                guard unit < 0xDC00, next[6] == 0x5C, next[7] == 0x75, let low = JSONText.hexadecimal(next + 8),
                    low & 0xFC00 == 0xDC00
                else { throw fault("half a surrogate pair") }
                next += 12
            }
        default: throw fault("an unknown escape")
        }
    }

    /// Passes a value whatever it is.
    mutating func skip(depth: Int = 0) throws(RecordFault) {
        switch peek() {
        case 0x22: try text().check()
        case 0x7B: try skipObject(depth: depth + 1)
        case 0x5B: try skipList(depth: depth + 1)
        case 0x6E: try literal("null")
        case 0x74: try literal("true")
        case 0x66: try literal("false")
        default: _ = try number()
        }
    }

    private mutating func skipObject(depth: Int) throws(RecordFault) {
        guard depth <= FeedBounds.nesting else { throw fault("deeper than \(FeedBounds.nesting) levels") }
        try open(0x7B)
        var isFirst = true
        while let key = try key(isFirst: &isFirst) {
            try key.check()
            try skip(depth: depth)
        }
    }

    private mutating func skipList(depth: Int) throws(RecordFault) {
        guard depth <= FeedBounds.nesting else { throw fault("deeper than \(FeedBounds.nesting) levels") }
        try open(0x5B)
        var isFirst = true
        while try element(isFirst: &isFirst) { try skip(depth: depth) }
    }

    /// Takes any value as it lies there.
    mutating func value(depth: Int) throws(RecordFault) -> RawValue {
        switch peek() {
        case 0x22: return RawValue(try text())
        case 0x5B:
            let first = next
            try skip(depth: depth)
            return RawValue(kind: .list, start: first, count: next - first)
        case 0x7B:
            let first = next
            try skip(depth: depth)
            return RawValue(kind: .object, start: first, count: next - first)
        case 0x6E:
            try literal("null")
            return RawValue(kind: .null, start: next, count: 0)
        case 0x74, 0x66:
            let first = next
            try skip()
            return RawValue(kind: .word, start: first, count: next - first)
        default: return RawValue(try number())
        }
    }

    /// Says where the text stops being JSON.
    @inline(never)
    func fault(_ what: String) -> RecordFault { RecordFault("not JSON: \(what) at byte \(next - start)") }
}
