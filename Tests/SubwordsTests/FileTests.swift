import Foundation
import Subwords
import Testing

@Suite struct FileTests {
    private func reason(_ json: String) -> String? {
        do {
            _ = try SubwordTokenizer(json: Array(json.utf8))
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// A fixture with one part of the file replaced.
    private func reason(_ name: String, _ part: String, _ value: String) throws -> String? {
        var root = try #require(
            try JSONSerialization.jsonObject(with: Data(try Golden.file(name))) as? [String: Any])
        root[part] = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
        let json = try JSONSerialization.data(withJSONObject: root)
        return reason(String(decoding: json, as: UTF8.self))
    }

    @Test func whatIsNoTokenizerFileIsAnError() {
        #expect(reason("")?.contains("no JSON") == true)
        #expect(reason("[]") == "tokenizer: no JSON object")
        #expect(reason("{}") == "tokenizer: no model")
        #expect(reason(#"{"model": {"type": "WordLevel"}}"#) == #"tokenizer: the model "WordLevel" is not supported"#)
        #expect(reason(String(repeating: "[", count: 100_000))?.contains("deeper than") == true)
        #expect(reason(#"{"model": "\ud800"}"#)?.contains("surrogate") == true)
        #expect(reason(#"{"model": 1e999}"#)?.contains("no value") == true)
    }

    @Test func whatTheProgramDoesNotKnowIsAnError() throws {
        #expect(try reason("wordpiece", "normalizer", #"{"type": "NFKC"}"#)?.contains("BertNormalizer") == true)
        #expect(try reason("wordpiece", "pre_tokenizer", #"{"type": "Digits"}"#)?.contains("BertPreTokenizer") == true)
        #expect(try reason("wordpiece", "post_processor", #"{"type": "Odd"}"#)?.contains(#""Odd""#) == true)
        #expect(try reason("bytepairs", "normalizer", #"{"type": "NFC"}"#)?.contains("normalizer") == true)
        #expect(try reason("bytepairs", "pre_tokenizer", #"{"type": "Whitespace"}"#)?.contains("ByteLevel") == true)
        #expect(try reason("unigram", "normalizer", #"{"type": "Nmt"}"#)?.contains(#""Nmt""#) == true)
        #expect(try reason("unigram", "pre_tokenizer", "null")?.contains("Metaspace") == true)
        let charsmap = #"{"type": "Precompiled", "precompiled_charsmap": "AAE"}"#
        #expect(try reason("unigram", "normalizer", charsmap)?.contains("base64") == true)
        let added = #"[{"id": 1, "content": "brand", "special": false}]"#
        #expect(try reason("unigram", "added_tokens", added)?.contains(#""brand""#) == true)
    }
}
