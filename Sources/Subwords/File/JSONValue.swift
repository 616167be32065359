/// A JSON value of a tokenizer file.
///
/// Objects keep their members in order, in a list: the large one, the vocabulary, is read from front to back, and the
/// strings in it must never be compared as Swift compares strings, for which "é" is "e" with an accent.
indirect enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([(name: String, value: JSONValue)])

    /// The member of that name; `nil` when there is none or it is null.
    subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        for member in members where member.name.utf8.elementsEqual(name.utf8) {
            if case .null = member.value { return nil }
            return member.value
        }
        return nil
    }

    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// A whole number that fits a token's number.
    var index: Int32? {
        if case .number(let number) = self { Int32(exactly: number) } else { nil }
    }

    var number: Double? {
        if case .number(let number) = self { number } else { nil }
    }

    var flag: Bool? {
        if case .bool(let flag) = self { flag } else { nil }
    }

    var elements: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    var members: [(name: String, value: JSONValue)]? {
        if case .object(let members) = self { members } else { nil }
    }
}
