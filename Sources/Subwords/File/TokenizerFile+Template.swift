extension TokenizerFile {
    /// Where the post-processor puts the special tokens.
    func template() throws(SubwordError) -> SubwordTemplate {
        guard let processor = root["post_processor"] else { return SubwordTemplate() }
        switch processor["type"]?.text {
        case "TemplateProcessing":
            return SubwordTemplate(
                single: try parts(processor, "single"), pair: try parts(processor, "pair"))
        case "BertProcessing", "RobertaProcessing": return try classicTemplate(processor)
        case let type: throw .unusable(reason: "the post_processor \"\(type ?? "")\" is not supported")
        }
    }

    /// `<cls> A <sep>`, and for a pair `B <sep>` in BERT, `<sep> B <sep>` in RoBERTa.
    private func classicTemplate(_ processor: JSONValue) throws(SubwordError) -> SubwordTemplate {
        func id(_ name: String) throws(SubwordError) -> Int32 {
            guard let id = processor[name]?.elements?.last?.index, id >= 0 else {
                throw .unusable(reason: "the post_processor has no \"\(name)\"")
            }
            return id
        }
        let (begin, separator) = (try id("cls"), try id("sep"))
        let single: [SubwordTemplate.Part] = [
            .special(id: begin, type: 0), .first(type: 0), .special(id: separator, type: 0),
        ]
        let isBert = processor["type"]?.text == "BertProcessing"
        let second: [SubwordTemplate.Part] =
            isBert
            ? [.second(type: 1), .special(id: separator, type: 1)]
            : [.special(id: separator, type: 0), .second(type: 0), .special(id: separator, type: 0)]
        return SubwordTemplate(single: single, pair: single + second)
    }

    private func parts(_ processor: JSONValue, _ name: String) throws(SubwordError) -> [SubwordTemplate.Part] {
        var parts: [SubwordTemplate.Part] = []
        for element in processor[name]?.elements ?? [] {
            if let special = element["SpecialToken"] {
                let type = try type(special)
                for id in try specialIDs(special, processor) { parts.append(.special(id: id, type: type)) }
            } else if let sequence = element["Sequence"] {
                parts.append(try self.sequence(sequence))
            } else {
                throw .unusable(reason: "a part of the template \"\(name)\" is unknown")
            }
        }
        let wanted: (first: Int, second: Int) = (1, name == "pair" ? 1 : 0)
        let first = parts.count { if case .first = $0 { true } else { false } }
        let second = parts.count { if case .second = $0 { true } else { false } }
        guard (first, second) == wanted else {
            throw .unusable(reason: "the template \"\(name)\" must hold each text once")
        }
        return parts
    }

    private func sequence(_ sequence: JSONValue) throws(SubwordError) -> SubwordTemplate.Part {
        switch sequence["id"]?.text {
        case "A": .first(type: try type(sequence))
        case "B": .second(type: try type(sequence))
        default: throw .unusable(reason: "the template names a text that is neither A nor B")
        }
    }

    private func specialIDs(_ special: JSONValue, _ processor: JSONValue) throws(SubwordError) -> [Int32] {
        guard let name = special["id"]?.text,
            let elements = processor["special_tokens"]?[name]?["ids"]?.elements, (1...16).contains(elements.count)
        else { throw .unusable(reason: "the template names a special token that is not listed") }
        let ids = elements.compactMap(\.index)
        guard ids.count == elements.count, ids.allSatisfy({ $0 >= 0 }) else {
            throw .unusable(reason: "the special token \"\(name)\" has no numbers")
        }
        return ids
    }

    private func type(_ part: JSONValue) throws(SubwordError) -> UInt8 {
        guard let type = part["type_id"]?.index, let byte = UInt8(exactly: type) else {
            throw .unusable(reason: "a part of the template has no type_id from 0 to 255")
        }
        return byte
    }
}
