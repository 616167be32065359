import Harness
import Subwords
import Testing

/// Whatever comes in, a tokenizer answers and an unusable file is an error.
@Suite struct FuzzTests {
    private static let palette: [Unicode.Scalar] = [
        " ", " ", "\n", "\r", "\t", "\0", "'", "s", "A", "é", "\u{301}", "\u{323}", "\u{94D}", "\u{200D}", "\u{FE0F}",
        "\u{1F468}", "\u{1F3FD}", "\u{1F1E9}", "\u{2581}", "\u{3000}", "今", "가", "\u{11A8}", "\u{1D165}", "\u{FB01}",
        "\u{FFFD}", "\u{10FFFF}", "[", "]", "İ", "≠",
    ]

    private static func text(_ random: inout Seeded) -> String {
        let count = Int.random(in: 0..<80, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
            return String(decoding: (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }, as: UTF8.self)
        case 1:
            var text = String.UnicodeScalarView()
            for _ in 0..<count { text.append(palette.randomElement(using: &random) ?? " ") }
            return String(text)
        default:
            var text = String.UnicodeScalarView()
            for _ in 0..<count { text.append(Unicode.Scalar(UInt32.random(in: 0..<0x110000, using: &random)) ?? " ") }
            return String(text)
        }
    }

    @Test(arguments: Golden.names, [UInt64(1), 2]) func anyTextHasTokensWithinIt(name: String, seed: UInt64) throws {
        let tokenizer = try Golden.tokenizer(name)
        var random = Seeded(state: seed)
        for _ in 0..<200 {
            let text = Self.text(&random)
            let ids = tokenizer.encode(text, limit: .max)
            let pieces = tokenizer.pieces(text, limit: .max)
            #expect(pieces.map(\.id) == ids, "seed \(seed): \(text.debugDescription)")
            let bytes = Array(text.utf8)
            var last = 0
            for range in pieces.compactMap(\.bytes) {
                #expect(range.upperBound <= bytes.count, "seed \(seed): \(text.debugDescription)")
                let part = String(validating: bytes[range], as: UTF8.self)
                #expect(part != nil, "seed \(seed): a piece cuts a character of \(text.debugDescription)")
                // Only marks that change places may step back.
                if name.hasPrefix("bytepairs") { #expect(range.lowerBound >= last, "seed \(seed)") }
                last = range.lowerBound
            }
            let limit = Int.random(in: 2..<40, using: &random)
            #expect(tokenizer.encode(text, limit: limit).count <= limit, "seed \(seed)")
            #expect(tokenizer.encode(text, text, limit: limit + 4).ids.count <= limit + 4, "seed \(seed)")
        }
    }

    @Test(arguments: Golden.names, [UInt64(3), 4])
    func aDamagedFileIsAnErrorOrATokenizer(name: String, seed: UInt64) throws {
        let file = try Golden.file(name)
        let structural = Array("{}[]\",:0123456789-eE.\\utnf ".utf8)
        var random = Seeded(state: seed)
        for _ in 0..<40 {
            var damaged = file
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: damaged.indices, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: damaged[place] = UInt8.random(in: 0...255, using: &random)
                case 1: damaged[place] = structural.randomElement(using: &random) ?? 0
                case 2: damaged.remove(at: place)
                default: damaged.removeSubrange(place..<min(place + 40, damaged.count))
                }
            }
            guard let tokenizer = try? SubwordTokenizer(json: damaged) else { continue }
            let text = Self.text(&random)
            #expect(tokenizer.encode(text, limit: 50).count <= 50, "seed \(seed)")
        }
    }

    @Test func aLongWordCostsNoQuadraticTime() throws {
        for name in Golden.names {
            let tokenizer = try Golden.tokenizer(name)
            let word = String(repeating: "the", count: 30_000)
            #expect(tokenizer.encode(word, limit: 128).count <= 128)
        }
    }
}
