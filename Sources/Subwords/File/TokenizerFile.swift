/// A Hugging Face `tokenizer.json`, read part by part.
///
/// What the file asks for and this program does not know is an error: a tokenizer that is nearly right gives tokens
/// that the model never saw.
struct TokenizerFile {
    let root: JSONValue
    /// Tokens with a meaning of their own: name and number.
    private let specials: [(name: String, id: Int32)]

    init(_ bytes: [UInt8]) throws(SubwordError) {
        root = try JSONParser.parse(bytes)
        guard root.members != nil else { throw .unusable(reason: "no JSON object") }
        var specials: [(String, Int32)] = []
        for token in root["added_tokens"]?.elements ?? [] {
            guard let name = token["content"]?.text, let id = token["id"]?.index, id >= 0 else {
                throw .unusable(reason: "an added token without content and id")
            }
            guard token["special"]?.flag == true else {
                throw .unusable(reason: "an added token that is not special, \"\(name)\", is not supported")
            }
            specials.append((name, id))
        }
        self.specials = specials
    }

    func tokenizer() throws(SubwordError) -> SubwordTokenizer {
        guard let model = root["model"] else { throw .unusable(reason: "no model") }
        switch model["type"]?.text {
        case "WordPiece": return SubwordTokenizer(model: .wordPiece(try wordPiece(model)), template: try template())
        case let type: throw .unusable(reason: "the model \"\(type ?? "")\" is not supported")
        }
    }

    private func wordPiece(_ model: JSONValue) throws(SubwordError) -> WordPiece {
        guard root["pre_tokenizer"]?["type"]?.text == "BertPreTokenizer" else {
            throw .unusable(reason: "WordPiece needs the pre_tokenizer BertPreTokenizer")
        }
        let vocabulary = try vocabulary(model)
        guard let unknownName = model["unk_token"]?.text, let unknown = number(unknownName, vocabulary) else {
            throw .unusable(reason: "no unk_token in the vocabulary")
        }
        let characterLimit = model["max_input_chars_per_word"]?.index ?? 100
        guard (1...10_000).contains(characterLimit) else {
            throw .unusable(reason: "max_input_chars_per_word \(characterLimit)")
        }
        let prefix = model["continuing_subword_prefix"]?.text ?? "##"
        return WordPiece(
            plain(vocabulary), prefix: Array(prefix.utf8), unknown: unknown, characterLimit: Int(characterLimit),
            characters: try bertCharacters())
    }

    private func bertCharacters() throws(SubwordError) -> BertCharacters {
        guard let normalizer = root["normalizer"], normalizer["type"]?.text == "BertNormalizer" else {
            throw .unusable(reason: "WordPiece needs the normalizer BertNormalizer")
        }
        let lowercases = normalizer["lowercase"]?.flag ?? true
        let rules = BertCharacters.Rules(
            cleansText: normalizer["clean_text"]?.flag ?? true,
            separatesIdeographs: normalizer["handle_chinese_chars"]?.flag ?? true,
            stripsAccents: normalizer["strip_accents"]?.flag ?? lowercases,
            lowercases: lowercases)
        return rules == BertCharacters.uncased.rules ? .uncased : BertCharacters(rules)
    }

    /// A vocabulary that is an object of names with their numbers.
    private func vocabulary(_ model: JSONValue) throws(SubwordError) -> [(name: String, id: Int32)] {
        guard let members = model["vocab"]?.members else { throw .unusable(reason: "no vocabulary") }
        var vocabulary: [(String, Int32)] = []
        vocabulary.reserveCapacity(members.count)
        for (name, value) in members {
            guard let id = value.index, id >= 0 else { throw .unusable(reason: "\"\(name)\" has no number") }
            vocabulary.append((name, id))
        }
        return vocabulary
    }

    /// The vocabulary without the special tokens.
    private func plain(_ vocabulary: [(name: String, id: Int32)]) -> [(bytes: [UInt8], value: Int32)] {
        let specialIDs = Set(specials.map(\.id))
        return vocabulary.lazy.filter { !specialIDs.contains($0.id) }.map { (Array($0.name.utf8), $0.id) }
    }

    private func number(_ name: String, _ vocabulary: [(name: String, id: Int32)]) -> Int32? {
        (vocabulary.last { $0.name.utf8.elementsEqual(name.utf8) })?.id
    }
}
