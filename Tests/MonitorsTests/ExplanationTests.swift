import Testing

@testable import Monitors

struct ExplanationTests {
    private func hits(_ query: String, _ text: String) throws -> [String] {
        let bytes = Array(text.utf8)
        return try Query(query).explain(text).hits.map { hit in
            let piece = String(decoding: bytes[hit.range], as: UTF8.self)
            return "\(hit.isExcluding ? "-" : "")\(hit.term): \(piece)"
        }
    }

    @Test func everyPlaceOfEveryTermIsShown() throws {
        let text = "Acme, ACME AIR! é #Acme late"
        let expected = [
            "acme: Acme", "acme: ACME", "\"acme air\": ACME AIR", "#acme: #Acme", "acme: Acme", "-late: late",
        ]
        #expect(try hits("acme OR \"acme air\" OR #acme -late", text) == expected)
    }

    @Test func excludedTermsAreMarked() throws {
        #expect(try hits("acme -late", "acme is late") == ["acme: acme", "-late: late"])
        #expect(try Query("acme -late").explain("acme is late").isMatch == false)
    }

    @Test func missingTermsAreNamed() throws {
        let explanation = try Query("acme AND (air* OR late OR late) -lost").explain("nothing")
        #expect(!explanation.isMatch)
        #expect(explanation.missing == ["acme", "air*", "late"])
        #expect(explanation.tokens.map(\.text) == ["nothing"])
    }

    @Test func termsOfScriptsWithoutSpacesAreUnderlinedWithinARun() throws {
        #expect(
            try hits("東京 OR #東京タワー", "見た#東京タワーだ 東京 #東京タワー") == [
                "\"東京\": 東京", "\"東京\": 東京", "#東京タワー: #東京タワー", "\"東京\": 東京",
            ])
    }
}
