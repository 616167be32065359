import Harness
import Testing

@testable import Monitors

struct QueryTests {
    @Test(arguments: [
        ("acme", "acme"),
        ("acme air", "acme AND air"),
        ("acme AND air OR late", "(acme AND air) OR late"),
        ("late OR acme air", "late OR (acme AND air)"),
        ("a AND b OR c AND NOT d", "(a AND b) OR (c AND NOT d)"),
        ("NOT a b", "NOT a AND b"),
        ("acme -late -\"on time\" -(x OR y)", "acme AND NOT late AND NOT \"on time\" AND NOT (x OR y)"),
        ("a AND (b AND c)", "a AND b AND c"),
        ("(a OR (b OR c))", "a OR b OR c"),
        ("NOT NOT a", "NOT NOT a"),
        ("NOT (NOT a OR NOT b)", "NOT (NOT a OR NOT b)"),
        ("ACME  \n\t air", "acme AND air"),
        ("“acme air”late", "\"acme air\" AND late"),
        ("coca-cola", "\"coca cola\""),
        ("McDonald's McDonald’s", "\"mcdonald s\" AND \"mcdonald s\""),
        ("\"AND\" \"or\"", "\"and\" AND \"or\""),
        ("#Acme @acme_air $ACM", "#acme AND @acme_air AND $acm"),
        ("@acme.bsky.social", "\"@acme bsky social\""),
        ("air* \"on ti*\" #acm*", "air* AND \"on ti*\" AND #acm*"),
        ("東京 東京*", "\"東京\" AND \"東京\""),
        ("https://acme.example/", "\"https acme example\""),
        ("👍", "👍"),
    ])
    func queriesReadAsPromised(text: String, canonical: String) throws {
        #expect(try Query(text).description == canonical)
    }

    @Test(arguments: [
        ("", 1, QueryError.Reason.empty),
        ("   ", 1, .empty),
        ("(acme OR air", 1, .unclosedParenthesis),
        ("acme AND (air OR (b)", 10, .unclosedParenthesis),
        ("acme) air", 5, .unopenedParenthesis),
        (") air", 1, .unopenedParenthesis),
        ("acme ()", 6, .emptyParentheses),
        ("acme \"air", 6, .unclosedQuote),
        ("acme \"\"", 6, .emptyQuotes),
        ("acme AND", 6, .danglingOperator("AND")),
        ("OR acme", 1, .danglingOperator("OR")),
        ("acme AND (air OR )", 15, .danglingOperator("OR")),
        ("acme NOT", 6, .danglingOperator("NOT")),
        ("acme AND OR air", 10, .doubledOperator("OR", after: "AND")),
        ("acme NOT AND air", 10, .doubledOperator("AND", after: "NOT")),
        ("acme and air", 6, .lowerCaseOperator("and")),
        ("acme Or air", 6, .lowerCaseOperator("Or")),
        ("acme * air", 6, .misplacedWildcard),
        ("acme *air", 6, .misplacedWildcard),
        ("ac*me", 3, .misplacedWildcard),
        ("\"acme *\"", 7, .misplacedWildcard),
        ("acme a*", 6, .shortPrefix("a")),
        ("acme && air", 6, .nothingToSearch("&&")),
        ("acme - air", 6, .nothingToSearch("-")),
        ("acme ...", 6, .nothingToSearch("...")),
        ("acme author:me", 6, .unsupported("author:")),
        ("acme NEAR/3 air", 6, .unsupported("NEAR/3")),
        ("acme colo?r", 10, .unsupported("?")),
        ("NOT acme", 1, .onlyNegative),
        ("-acme -air", 1, .onlyNegative),
        ("acme OR NOT air", 9, .negativeAlternative),
        ("é東 (acme", 4, .unclosedParenthesis),
    ])
    func errorsPointAtTheirColumn(text: String, column: Int, reason: QueryError.Reason) {
        let error = #expect(throws: QueryError.self) { try Query(text) }
        #expect(error?.reason == reason)
        #expect(error?.column == column)
    }

    @Test func aCaretStandsBelowTheError() {
        let error = #expect(throws: QueryError.self) { try Query("acme AND\n  東京 (air OR late") }
        #expect(error?.line == 2)
        #expect(error?.column == 6)
        #expect(
            error?.description == """
                column 6: this parenthesis is never closed; add ')'
                    東京 (air OR late
                         ^
                """)
    }

    @Test func theExcerptOfALongQueryStaysShort() {
        let long = String(repeating: "acme OR ", count: 2000)
        let error = #expect(throws: QueryError.self) { try Query(long + "(air " + long + "x") }
        #expect(error?.column == 16_001)
        #expect((error?.excerpt.count ?? 1000) < 160)
        #expect(error?.excerpt.contains("…") == true)
    }

    @Test func boundsAreEnforced() throws {
        let deep = String(repeating: "(", count: 64) + "a" + String(repeating: ")", count: 64)
        #expect(try Query(deep).description == "a")
        #expect(throws: QueryError.self) { try Query("(" + deep + ")") }
        #expect(throws: QueryError.self) { try Query("a " + String(repeating: "NOT ", count: 65) + "b") }
        #expect(throws: QueryError.self) { try Query("a " + String(repeating: "-", count: 60_000) + "b") }
        #expect(throws: QueryError.self) { try Query(String(repeating: "(", count: 60_000)) }
        let error = #expect(throws: QueryError.self) { try Query(String(repeating: "a ", count: 32_769)) }
        #expect(error?.reason == .tooLong(bytes: 65_538))
        #expect(try Query(String(repeating: "a ", count: 32_768)).expression.terms.count == 32_768)
    }

    @Test(arguments: 0..<40) func aPrintedQueryParsesToItself(seed: UInt64) throws {
        var random = Seeded(state: seed)
        for _ in 0..<25 {
            let query = Samples.query(using: &random)
            #expect(try Query(query.description) == query, "seed \(seed): \(query)")
        }
    }

    @Test(arguments: 0..<40) func noTextCrashesTheParser(seed: UInt64) {
        var random = Seeded(state: seed)
        for _ in 0..<100 {
            let text = Samples.anyText(length: 30, using: &random)
            do {
                let query = try Query(text)
                let again = try Query(query.description)
                #expect(again == query, "seed \(seed): \(text.debugDescription)")
            } catch {
                #expect(error.column >= 1 && !error.message.isEmpty, "seed \(seed): \(text.debugDescription)")
            }
        }
    }
}
