import Domain
import Harness

@testable import Monitors

/// Invented posts, texts and queries for the tests.
enum Samples {
    static func post(
        _ text: String, title: String? = nil, language: String = "", mentions: [String] = [], hashtags: [String] = []
    ) -> Post {
        Post(
            id: "1", createdAt: Timestamp(seconds: 0), text: text, title: title, language: language,
            author: Post.Author(id: "a", handle: "author_handle"), hashtags: hashtags, mentions: mentions)
    }

    /// Few words, so that random queries often match random texts.
    static let words = [
        "acme", "Air", "late", "flight", "COFFEE", "naïve", "straße", "мир", "東", "京", "東京", "タワー", "👍", "x", "or",
        "a_b",
    ]
    static let separators = [" ", " ", " ", "", "-", ", ", "'", " #", " @", " $", "#", "@", "_", "\u{200D}", "\n"]

    static func text(using random: inout Seeded) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            text += separators.randomElement(using: &random) ?? ""
            let word = words.randomElement(using: &random) ?? ""
            text += Bool.random(using: &random) ? word : word.uppercased()
        }
        return text
    }

    /// Any characters at all, many of them troublesome.
    static func anyText(length: Int, using random: inout Seeded) -> String {
        var text = String.UnicodeScalarView()
        let troublesome = Array(
            "()\"\"*-_#@$&|!'’“”\\:/?~ \n\t\r\0ANDORNOTaéß東กำ\u{301}\u{3099}\u{1100}\u{1161}\u{FE0F}".unicodeScalars)
        for _ in 0..<Int.random(in: 0...length, using: &random) {
            let scalar =
                switch Int.random(in: 0..<4, using: &random) {
                case 0: Unicode.Scalar(UInt32.random(in: 0..<0x3000, using: &random))
                case 1: Unicode.Scalar(UInt32.random(in: 0..<0x110000, using: &random))
                default: troublesome.randomElement(using: &random)
                }
            if let scalar { text.append(scalar) }
        }
        return String(text)
    }

    /// A random expression over `words` that can be indexed.
    static func query(using random: inout Seeded) -> Query {
        while true {
            let expression = expression(depth: 3, using: &random)
            if expression.necessaryTerms != nil { return Query(expression: expression) }
        }
    }

    private static func expression(depth: Int, using random: inout Seeded) -> Query.Expression {
        let choice = depth == 0 ? 0 : Int.random(in: 0..<7, using: &random)
        switch choice {
        case 0, 1: return .term(term(using: &random))
        case 2: return .not(expression(depth: depth - 1, using: &random))
        case 3, 4: return .all(of: parts(depth: depth, using: &random))
        default: return .any(of: parts(depth: depth, using: &random))
        }
    }

    private static func parts(depth: Int, using random: inout Seeded) -> [Query.Expression] {
        (0..<Int.random(in: 2...4, using: &random)).map { _ in expression(depth: depth - 1, using: &random) }
    }

    private static func term(using random: inout Seeded) -> Query.Term {
        while true {
            var text = ""
            for index in 0..<(Int.random(in: 0..<3, using: &random) == 0 ? Int.random(in: 2...4, using: &random) : 1) {
                if index > 0 {
                    text += Bool.random(using: &random) ? " " : (separators.randomElement(using: &random) ?? "")
                }
                if Int.random(in: 0..<6, using: &random) == 0 {
                    text += ["#", "@", "$"].randomElement(using: &random) ?? ""
                }
                let word = words.randomElement(using: &random) ?? ""
                let isCut = Int.random(in: 0..<6, using: &random) == 0 && word.count > 3 && word != "タワー"
                text += isCut ? word.prefix(3) + "*" : word[...]
            }
            if let query = try? Query("\"\(text)\""), case .term(let term) = query.expression { return term }
        }
    }
}
