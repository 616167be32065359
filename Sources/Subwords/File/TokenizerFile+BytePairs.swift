extension TokenizerFile {
    func bytePairs(_ model: JSONValue) throws(SubwordError) -> BytePairs {
        for field in ["dropout", "continuing_subword_prefix", "end_of_word_suffix"] where model[field] != nil {
            guard model[field]?.text == "" || model[field]?.number == 0 else {
                throw .unusable(reason: "BPE with \(field) is not supported")
            }
        }
        guard model["byte_fallback"]?.flag != true else {
            throw .unusable(reason: "BPE with byte_fallback is not supported")
        }
        guard root["normalizer"] == nil else { throw .unusable(reason: "BPE with a normalizer is not supported") }
        guard let splitter = root["pre_tokenizer"], splitter["type"]?.text == "ByteLevel",
            splitter["use_regex"]?.flag ?? true
        else { throw .unusable(reason: "BPE needs the pre_tokenizer ByteLevel with its own pattern") }

        let vocabulary = try vocabulary(model)
        var ids: [[UInt8]: Int32] = Dictionary(minimumCapacity: vocabulary.count)
        for (name, id) in vocabulary { ids[Array(name.utf8)] = id }
        var unknown: Int32?
        if let name = model["unk_token"]?.text {
            guard let id = ids[Array(name.utf8)] else { throw .unusable(reason: "no unk_token in the vocabulary") }
            unknown = id
        }
        return BytePairs(
            plain(vocabulary) { Self.bytes(ofMapped: $0) }, merges: try merges(model, ids), unknown: unknown,
            takesWholeWords: model["ignore_merges"]?.flag ?? false,
            addsSpace: splitter["add_prefix_space"]?.flag ?? true)
    }

    private func merges(
        _ model: JSONValue, _ ids: [[UInt8]: Int32]
    ) throws(SubwordError) -> [(left: Int32, right: Int32, id: Int32)] {
        guard let elements = model["merges"]?.elements else { throw .unusable(reason: "BPE without merges") }
        var merges: [(left: Int32, right: Int32, id: Int32)] = []
        merges.reserveCapacity(elements.count)
        for element in elements {
            let pair =
                element.text?.utf8.split(separator: 0x20, omittingEmptySubsequences: false).map { Array($0) }
                ?? element.elements?.compactMap { $0.text.map { Array($0.utf8) } } ?? []
            guard pair.count == 2, let left = ids[pair[0]], let right = ids[pair[1]], let id = ids[pair[0] + pair[1]]
            else { throw .unusable(reason: "merge \(merges.count) is no pair of tokens that make a token") }
            merges.append((left, right, id))
        }
        return merges
    }

    /// The bytes that a name stands for; `nil` where it holds a character that stands for none.
    ///
    /// A printable byte is the character of that number, the others follow in order from U+0100: a space is "Ġ".
    private static func bytes(ofMapped name: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        for scalar in name.unicodeScalars {
            guard let byte = byteOfMapped[scalar] else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static let byteOfMapped: [Unicode.Scalar: UInt8] = {
        var table: [Unicode.Scalar: UInt8] = [:]
        var next: UInt32 = 0x100
        for byte in UInt8.min...UInt8.max {
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: table[Unicode.Scalar(byte)] = byte
            default:
                table[Unicode.Scalar(next) ?? " "] = byte
                next += 1
            }
        }
        return table
    }()
}
