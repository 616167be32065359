/// Why a query cannot be used, and where.
package struct QueryError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Reason: Equatable, Sendable {
        case empty
        case tooLong(bytes: Int)
        case tooDeep
        case unclosedParenthesis
        case unopenedParenthesis
        case emptyParentheses
        case unclosedQuote
        case emptyQuotes
        /// An operator without its left or right side.
        case danglingOperator(String)
        case doubledOperator(String, after: String)
        case lowerCaseOperator(String)
        case misplacedWildcard
        case shortPrefix(String)
        case nothingToSearch(String)
        case unsupported(String)
        case onlyNegative
        case negativeAlternative
    }

    package let reason: Reason
    /// From 1.
    package let line: Int
    /// Characters (Unicode scalars) from the line's beginning, from 1.
    package let column: Int
    /// The part of the line around the error, and below it the caret.
    package let excerpt: String

    package var description: String { "column \(column): \(message)\n\(excerpt)" }

    /// One sentence on what is wrong and what to write instead.
    package var message: String {
        switch reason {
        case .empty: "the query is empty; write at least one word"
        case .tooLong(let bytes): "the query has \(bytes) bytes, at most \(Query.longest) are allowed"
        case .tooDeep: "parentheses and NOTs are nested more than \(Query.deepest) deep"
        case .unclosedParenthesis: "this parenthesis is never closed; add ')'"
        case .unopenedParenthesis: "no parenthesis is open here; remove ')' or add '(' before"
        case .emptyParentheses: "there is nothing between these parentheses"
        case .unclosedQuote: "this quotation mark is never closed; add '\"'"
        case .emptyQuotes: "there is nothing between these quotation marks"
        case .danglingOperator(let name):
            "\(name) has nothing \(name == "NOT" || name == "-" ? "after it" : "on one side"); "
                + "add a term, or write \"\(name)\" in quotation marks to search for the word"
        case .doubledOperator(let name, let before): "\(name) cannot follow \(before); remove one of them"
        case .lowerCaseOperator(let word):
            "operators are upper case: did you mean \(word.uppercased())? "
                + "Write \"\(word)\" in quotation marks to search for the word"
        case .misplacedWildcard: "'*' may only end a word, as in air*"
        case .shortPrefix(let text):
            "'\(text)*' would match too much; at least \(Query.shortestPrefix) letters must stand before '*'"
        case .nothingToSearch(let text): Self.nothingToSearch(text)
        case .unsupported(let name):
            "'\(name)' is no operator of this version; put the term in quotation marks to search for its words"
        case .onlyNegative:
            "the query only says what must be absent, which fits nearly every post; add a word that must be there"
        case .negativeAlternative:
            "one side of an OR only says what must be absent, which fits nearly every post; "
                + "add a word that must be there, as in a OR (b NOT c)"
        }
    }

    private static func nothingToSearch(_ text: String) -> String {
        switch text {
        case "&", "&&": "'\(text)' is no operator: did you mean AND?"
        case "|", "||": "'\(text)' is no operator: did you mean OR?"
        case "!", "-": "'\(text)' is no operator here: did you mean NOT?"
        default: "'\(text)' has no letter, digit or emoji to search for"
        }
    }
}

extension QueryError {
    /// Finds line, column and excerpt of the character at `offset`.
    init(_ reason: Reason, at offset: Int, in scalars: [Unicode.Scalar]) {
        self.reason = reason
        let offset = min(offset, scalars.count)
        let lineStart = scalars[..<offset].lastIndex(of: "\n").map { $0 + 1 } ?? 0
        let lineEnd = scalars[offset...].firstIndex(of: "\n") ?? scalars.count
        line = scalars[..<offset].count(where: { $0 == "\n" }) + 1
        column = offset - lineStart + 1
        excerpt = Caret.excerpt(scalars[lineStart..<lineEnd], at: offset)
    }
}
