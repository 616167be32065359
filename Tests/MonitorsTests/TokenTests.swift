import Harness
import Testing

@testable import Monitors

struct TokenTests {
    private func words(_ text: String) -> [String] {
        Token.tokens(of: text).map { token in
            let tag = token.tag.map { "\($0.sigil.character)\($0.text)=" } ?? ""
            return tag + (token.glued ? "+" : "") + token.text
        }
    }

    @Test(arguments: [
        ("Acme's planes, late AGAIN!", ["acme", "s", "planes", "late", "again"]),
        ("coca-cola AT&T 7-11", ["coca", "cola", "at", "t", "7", "11"]),
        ("snake_case _really_ ___", ["snake_case", "really", "___"]),
        ("love #Acme_Air!", ["love", "#acme_air=acme_air"]),
        ("@Acme.bsky.social", ["@acme=acme", "bsky", "social"]),
        ("@user@host.example", ["@user=user", "host", "example"]),
        ("mail me@acme.example", ["mail", "me", "acme", "example"]),
        ("C# &#39; a#b ##c # d", ["c", "39", "a", "b", "#c=c", "d"]),
        ("$ACME costs $100", ["$acme=acme", "costs", "100"]),
        ("ÜBER Straße STRASSE ς Σ", ["über", "strasse", "strasse", "σ", "σ"]),
        ("cafe\u{301} café", ["café", "café"]),
        ("ﬁne ＡＣＭＥ ④ 𝓐𝓬𝓶𝓮", ["fine", "acme", "4", "acme"]),
        ("soft\u{AD}ware Acme™ air©", ["software", "acme", "air"]),
        ("Привет, МИР", ["привет", "мир"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("東京タワーへ", ["東", "+京", "+タ", "+ワ", "+ー", "+へ"]),
        ("iPhone発売。今日", ["iphone", "+発", "+売", "今", "+日"]),
        ("ｶﾞス か\u{3099}", ["ガ", "+ス", "が"]),
        ("삼성이 \u{1109}\u{1161}\u{11B7}", ["삼", "+성", "+이", "삼"]),
        ("行った#東京タワー へ", ["行", "+っ", "+た", "#東京タワー=東", "+京", "+タ", "+ワ", "+ー", "へ"]),
        ("＃ＡＢＣ ＠acme", ["#abc=abc", "@acme=acme"]),
        ("good👍🏽 ok", ["good", "+👍", "+🏽", "ok"]),
        ("", []), ("  …!? ", []), ("\u{301}\u{200D}", []),
    ])
    func textsAreCutAsPromised(text: String, expected: [String]) {
        #expect(words(text) == expected)
    }

    @Test func rangesAreBytesOfTheTextAsGiven() {
        let text = "Zoë _ate_ at #Café東京 ①"
        let bytes = Array(text.utf8)
        let pieces = Token.tokens(of: text).map { String(decoding: bytes[$0.range], as: UTF8.self) }
        #expect(pieces == ["Zoë", "ate", "at", "Café", "東", "京", "①"])
        let tag = Token.tokens(of: text).compactMap(\.tag).first
        #expect(tag?.text == "café東京")
        #expect(tag.map { String(decoding: bytes[$0.range], as: UTF8.self) } == "#Café東京")
    }

    @Test func foldingIsRepeatableForEveryCharacter() {
        var scanner = TokenScanner()
        var offenders: [String] = []
        for value in UInt32(0x80)..<0x1F_FFF where value < 0x530 || value % 17 == 0 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            for token in Token.tokens(of: "\(scalar)b", with: &scanner) {
                let again = Token.tokens(of: token.text, with: &scanner)
                if again.map(\.text) != [token.text] { offenders.append(String(value, radix: 16)) }
            }
        }
        #expect(offenders.isEmpty)
    }

    @Test(arguments: 0..<20) func anyTextIsCutIntoRangesInOrder(seed: UInt64) {
        var random = Seeded(state: seed)
        for _ in 0..<50 {
            let text = Samples.anyText(length: 40, using: &random)
            var end = 0
            var previous = 0..<0
            for token in Token.tokens(of: text) {
                // Characters that fold into several tokens share their range.
                let isInOrder = token.range.lowerBound >= end || token.range == previous
                #expect(
                    isInOrder && token.range.upperBound <= text.utf8.count, "seed \(seed): \(text.debugDescription)")
                previous = token.range
                end = token.range.upperBound
            }
        }
    }
}
