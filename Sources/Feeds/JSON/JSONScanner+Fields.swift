/// Values of a stated type; the name is that of the field, for the fault.
extension JSONScanner {
    mutating func requiredText(_ name: StaticString) throws(RecordFault) -> JSONText {
        guard peek() == 0x22 else { throw RecordFault("'\(name)' must be a string") }
        return try text()
    }

    /// `nil` for null.
    mutating func optionalText(_ name: StaticString) throws(RecordFault) -> JSONText? {
        if peek() == 0x22 { return try text() }
        guard try takeNull() else { throw RecordFault("'\(name)' must be a string or null") }
        return nil
    }

    mutating func integer(_ name: StaticString) throws(RecordFault) -> Int64? {
        let byte = peek()
        if byte == 0x6E, try takeNull() { return nil }
        guard byte &- 0x30 < 10 || byte == 0x2D else { throw RecordFault("'\(name)' must be a whole number or null") }
        let number = try number()
        guard let value = number.integer else { throw RecordFault("'\(name)' is no whole number: \(number.text)") }
        return value
    }

    /// A whole number that is not negative.
    mutating func count(_ name: StaticString) throws(RecordFault) -> Int64? {
        let value = try integer(name)
        if let value, value < 0 { throw RecordFault("'\(name)' is negative: \(value)") }
        return value
    }

    mutating func bool(_ name: StaticString) throws(RecordFault) -> Bool? {
        if let value = try takeBool() { return value }
        guard try takeNull() else { throw RecordFault("'\(name)' must be true, false or null") }
        return nil
    }

    /// Takes the brace of an object; `false` for null.
    mutating func openObject(_ name: StaticString) throws(RecordFault) -> Bool {
        if try takeNull() { return false }
        guard peek() == 0x7B else { throw RecordFault("'\(name)' must be an object") }
        try open(0x7B)
        return true
    }

    /// A list of strings; `nil` for null.
    mutating func texts(_ name: StaticString) throws(RecordFault) -> [String]? {
        if try takeNull() { return nil }
        guard peek() == 0x5B else { throw RecordFault("'\(name)' must be a list") }
        try open(0x5B)
        var texts: [String] = []
        var isFirst = true
        while try element(isFirst: &isFirst) { texts.append(try requiredText(name).string()) }
        return texts
    }

    /// The number of elements of a list; 0 for null.
    mutating func elements(_ name: StaticString) throws(RecordFault) -> Int {
        if try takeNull() { return 0 }
        guard peek() == 0x5B else { throw RecordFault("'\(name)' must be a list") }
        try open(0x5B)
        var count = 0
        var isFirst = true
        while try element(isFirst: &isFirst) {
            try skip(depth: 2)
            count += 1
        }
        return count
    }
}
