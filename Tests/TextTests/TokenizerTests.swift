import Neural
import Testing

@testable import Text

@Suite struct TokenizerTests {
    /// The tokens as texts; handles and links, which have no bytes, by their masks.
    static func tokens(_ text: String) -> [String] {
        var extractor = FeatureExtractor(settings: FeatureSettings())
        extractor.read(text)
        return extractor.tokenTexts
    }

    @Test(arguments: [
        ("", []),
        ("  \n\t ", []),
        ("Hello, World", ["hello", ",", "world"]),
        ("@Someone hi @b_2!", ["@user", "hi", "@user", "!"]),
        ("look https://example.org/a?b=c now", ["look", "http", "now"]),
        ("masked http and www.example.org", ["masked", "http", "and", "http"]),
        ("HTTPS://EXAMPLE.ORG", ["http"]),
        ("httpd is a server", ["httpd", "is", "a", "server"]),
        ("#GoodDay # 5", ["#goodday", "#", "5"]),
        ("Don't won’t 'quoted'", ["don't", "won't", "'", "quoted", "'"]),
        ("soooooo coool", ["sooo", "coool"]),
        ("wow!!!!!!!! really?!?!", ["wow", "!!!", "really", "?!?!"]),
        ("12 1234 3.50 12:30:45", ["12", "0000", "0000", "0000"]),
        ("nice :) sad :-( :D", ["nice", ":)", "sad", ":(", ":D"]),
        ("=) :)))) ;-P <3 </3 :Paris", [":)", ":)", ";P", "<3", "/3", ":", "paris"]),
        ("good 👍🏽 day❤️", ["good", "👍", "day", "❤"]),
        ("👩‍💻", ["👩", "💻"]),
        ("ÄRGER Über МОСКВА ΚΑΛΑ", ["ärger", "über", "москва", "καλα"]),
        ("東京 good", ["東", "京", "good"]),
        ("“so” he said…", ["\"", "so", "\"", "he", "said", "…"]),
        ("a\u{00AD}b zero\u{200B}width", ["ab", "zero", "width"]),
    ]) func textsAreCutAndNormalised(text: String, wanted: [String]) {
        #expect(Self.tokens(text) == wanted)
    }

    @Test func heldLettersAreOneWordWhateverTheirNumber() {
        #expect(Self.tokens("nooo") == Self.tokens("nooooooooo"))
        #expect(Self.tokens("noo") != Self.tokens("nooo"))
    }

    @Test func shoutingIsMarkedAndOtherwiseTheSameWord() {
        let quiet = tokenized("great")
        let loud = tokenized("GREAT")
        #expect(quiet[0].hash == loud[0].hash)
        #expect(loud[0].flags == .shouted)
        #expect(tokenized("Great")[0].flags.isEmpty && tokenized("OK")[0].flags.isEmpty)
    }

    @Test func aNegationReachesFourWordsOrThePunctuation() {
        func negated(_ text: String) -> [Bool] { tokenized(text).map { $0.flags.contains(.negated) } }
        #expect(negated("not a very good day today") == [false, true, true, true, true, false])
        #expect(negated("isn't good, fine") == [false, true, false, false])
        #expect(negated("can not be good") == [false, false, true, true])
        #expect(negated("good") == [false])
    }

    @Test func aLongTextIsReadUpToTheLimitAndEndsBetweenCharacters() {
        let text = String(repeating: "ü", count: 20_000)
        #expect(tokenized(text).count == 1)
        var extractor = FeatureExtractor(settings: FeatureSettings())
        let words = extractor.features(of: String(repeating: "word ", count: 20_000))
        #expect(words.tokens == FeatureExtractor.tokenLimit)
        for (shortest, longest) in [(1, 4), (3, 5), (5, 8)] {
            var settings = FeatureSettings()
            (settings.shortestGram, settings.longestGram) = (shortest, longest)
            var extractor = FeatureExtractor(settings: settings)
            // Negated, shouted and held: the most rows a word can have.
            let endless = extractor.features(of: "not " + String(repeating: "ABCDEFFFFFF", count: 1000))
            #expect(endless.tokens == 2 && endless[1].count <= FeatureExtractor.rowLimit)
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func anyTextIsReadWithinTheBounds(seed: UInt64) {
        var random = SplitMix(seed: seed)
        var extractor = FeatureExtractor(settings: FeatureSettings())
        let pieces = [
            ":", "-", ")", "<", "3", "h", "http", "://", "@", "#", "'", "\u{2019}", "n't", " ", "\u{200D}", "É", "東",
            "😀",
        ]
        for _ in 0..<50 {
            var text = ""
            for _ in 0..<Int.random(in: 0..<30, using: &random) {
                if Bool.random(using: &random) {
                    text += pieces[Int.random(in: pieces.indices, using: &random)]
                } else if let scalar = Unicode.Scalar(UInt32.random(in: 0..<0x11_0000, using: &random)) {
                    text.unicodeScalars.append(scalar)
                }
            }
            let features = extractor.features(of: text)
            let sizes = (0..<features.tokens).map { features[$0].count }
            #expect(sizes.allSatisfy { (1...FeatureExtractor.rowLimit).contains($0) }, "seed \(seed): \(text)")
            #expect(features.rows.allSatisfy { $0 < 1 << 16 }, "seed \(seed): \(text)")
        }
    }

    @Test func theHashOfFeaturesNeverChanges() {
        // Weights are found by these rows: a change here needs a new format number.
        var extractor = FeatureExtractor(settings: FeatureSettings())
        #expect(extractor.features(of: "not so GOOOOD").rows == Self.pinnedRows)
    }

    private static let pinnedRows: [UInt32] = [
        32092, 49245, 42355, 41652, 737, 25661, 57178, 9101, 63974, 21160, 18753, 27480, 45332, 28637, 34907, 3714,
        38038, 61639, 60730, 2532, 17762, 1577, 13371, 61216, 4782, 25310, 36408, 20066, 31620,
    ]

    private func tokenized(_ text: String) -> [Token] {
        var tokenizer = Tokenizer()
        tokenizer.read(text)
        return tokenizer.tokens
    }
}
