internal import Domain

/// The values of one record, read as what their targets need; `nil` for what is absent or null.
struct MappedValues {
    let plan: MappingPlan
    let slots: [RawValue]

    func text(_ target: MappingTarget) throws(RecordFault) -> String? {
        let raw = slots[target.rawValue]
        guard raw.isPresent else { return nil }
        let text = try raw.text(target)
        return plan.values[target.rawValue]?[text] ?? text
    }

    /// A number, or a text that holds one and nothing else.
    func integer(_ target: MappingTarget) throws(RecordFault) -> Int64? {
        let raw = slots[target.rawValue]
        guard raw.isPresent else { return nil }
        let text = try raw.text(target)
        if text.isEmpty { return nil }
        guard let value = JSONNumber.integer(of: text) else {
            throw RecordFault("'\(target.name)' is no whole number: \(text.prefix(40))")
        }
        return value
    }

    func count(_ target: MappingTarget) throws(RecordFault) -> Int64? {
        let value = try integer(target)
        if let value, value < 0 { throw RecordFault("'\(target.name)' is negative: \(value)") }
        return value
    }

    func bool(_ target: MappingTarget) throws(RecordFault) -> Bool? {
        guard let text = try text(target), !text.isEmpty else { return nil }
        switch text.lowercased() {
        case "true", "1", "yes", "t": return true
        case "false", "0", "no", "f": return false
        default: throw RecordFault("'\(target.name)' is neither true nor false: \(text.prefix(40))")
        }
    }

    func moment(_ target: MappingTarget) throws(RecordFault) -> Timestamp? {
        let raw = slots[target.rawValue]
        guard raw.isPresent else { return nil }
        if raw.kind == .text, let moment = MomentParser.lenient(raw.bytes) { return moment }
        let text = try raw.text(target)
        if text.isEmpty { return nil }
        let bytes = Array(text.utf8)
        guard let moment = bytes.withUnsafeBufferPointer({ MomentParser.lenient($0) }) else {
            throw RecordFault("'\(target.name)' is no time: \(text.prefix(40))")
        }
        return moment
    }

    /// A JSON list of strings, or a text that holds a list: separated by spaces, commas, semicolons or bars, perhaps
    /// in brackets and quotes as Python prints lists.
    func list(_ target: MappingTarget) throws(RecordFault) -> [String]? {
        let raw = slots[target.rawValue]
        guard raw.isPresent else { return nil }
        if raw.kind == .list {
            var scanner = JSONScanner(list: raw)
            return try scanner.texts("a list")
        }
        let text = try raw.text(target)
        let separators: Set<Character> = [" ", ",", ";", "|", "[", "]", "'", "\""]
        return text.split { separators.contains($0) }.map(String.init)
    }
}
