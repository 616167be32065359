extension TokenizerFile {
    func unigram(_ model: JSONValue) throws(SubwordError) -> Unigram {
        guard model["byte_fallback"]?.flag != true else {
            throw .unusable(reason: "Unigram with byte_fallback is not supported")
        }
        var pieces: [(name: String, id: Int32)] = []
        var scores: [Double] = []
        for element in model["vocab"]?.elements ?? [] {
            guard let pair = element.elements, pair.count == 2, let name = pair[0].text, let score = pair[1].number
            else {
                throw .unusable(reason: "entry \(scores.count) of the vocabulary is no token with its score")
            }
            pieces.append((name, Int32(scores.count)))
            scores.append(score)
        }
        guard let unknown = model["unk_id"]?.index, scores.indices.contains(Int(unknown)) else {
            throw .unusable(reason: "no unk_id in the vocabulary")
        }
        return Unigram(
            plain(pieces.filter { $0.id != unknown }) { Array($0.utf8) }, scores: scores, unknown: unknown,
            normalizer: UnigramNormalizer(steps: try steps(root["normalizer"])),
            splitting: try splitting(root["pre_tokenizer"]))
    }

    private func steps(_ normalizer: JSONValue?) throws(SubwordError) -> [UnigramNormalizer.Step] {
        guard let normalizer else { return [] }
        switch normalizer["type"]?.text {
        case "Sequence":
            var steps: [UnigramNormalizer.Step] = []
            for element in normalizer["normalizers"]?.elements ?? [] { steps += try self.steps(element) }
            return steps
        case "Precompiled":
            guard let base64 = normalizer["precompiled_charsmap"]?.text else { return [] }
            guard let bytes = Base64.decoded(base64) else {
                throw .unusable(reason: "precompiled_charsmap is no base64")
            }
            return [.charsmap(try Charsmap(bytes))]
        case "Replace" where normalizer["pattern"]?["Regex"]?.text == " {2,}":
            return [.collapseSpaces(to: Array((normalizer["content"]?.text ?? "").utf8))]
        case "Strip":
            return [
                .strip(
                    left: normalizer["strip_left"]?.flag ?? false, right: normalizer["strip_right"]?.flag ?? false)
            ]
        case let type: throw .unusable(reason: "the normalizer \"\(type ?? "")\" is not supported with Unigram")
        }
    }

    private func splitting(_ splitter: JSONValue?) throws(SubwordError) -> Unigram.Splitting {
        var steps = splitter.map { [$0] } ?? []
        if splitter?["type"]?.text == "Sequence" { steps = splitter?["pretokenizers"]?.elements ?? [] }
        let types = steps.map { $0["type"]?.text }
        guard types == ["Metaspace"] || types == ["WhitespaceSplit", "Metaspace"], let metaspace = steps.last,
            metaspace["replacement"]?.text == "\u{2581}"
        else { throw .unusable(reason: "Unigram needs the pre_tokenizer Metaspace, alone or behind WhitespaceSplit") }
        let prepending: Unigram.Prepending
        switch metaspace["prepend_scheme"]?.text {
        case nil: prepending = metaspace["add_prefix_space"]?.flag ?? true ? .always : .never
        case "always": prepending = .always
        case "first": prepending = .first
        case "never": prepending = .never
        case let scheme?: throw .unusable(reason: "the prepend_scheme \"\(scheme)\" is unknown")
        }
        return Unigram.Splitting(
            dropsSpaces: types.count == 2, prepending: prepending, splitsAtMarks: metaspace["split"]?.flag ?? true)
    }
}
