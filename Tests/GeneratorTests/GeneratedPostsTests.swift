import Domain
import Foundation
import Generator
import Testing

/// Sunday, 8 November 2026, noon.
private let day = Timestamp(seconds: 1_794_139_200)

@Suite struct GeneratedPostsTests {
    @Test func theSameSeedGivesTheSameBytesAndAnotherSeedDoesNot() {
        let first = generate(.demo(lastDay: day, posts: 2_000, seed: 7)).text
        #expect(first == generate(.demo(lastDay: day, posts: 2_000, seed: 7)).text)
        #expect(first != generate(.demo(lastDay: day, posts: 2_000, seed: 8)).text)
    }

    @Test(arguments: [Scenario.demo(lastDay: day, posts: 1_000), .load(day: day, posts: 1_000)])
    func everyLineIsAPostWithTheFieldsOfTheSchema(scenario: Scenario) throws {
        let posts = try parse(generate(scenario).text)
        #expect(posts.count == 1_000)
        let ids = Set(posts.map { "\($0["platform"] ?? "")/\($0["id"] ?? "")" })
        #expect(ids.count == posts.count)
        for post in posts {
            #expect(post["v"] as? Int == 1)
            #expect(post["op"] as? String == "upsert")
            #expect(["post", "reply", "comment", "repost"].contains(post["kind"] as? String))
            #expect(Platform(name: post["platform"] as? String ?? "") != nil)
            let author = try #require(post["author"] as? [String: Any])
            #expect(author["followers"] as? Int ?? -1 >= 0)
            let known: Set = [
                "v", "platform", "id", "op", "kind", "created_at", "text", "lang", "author", "refs", "hashtags",
                "mentions",
                "urls", "counts",
            ]
            #expect(known.isSuperset(of: post.keys))
        }
    }

    @Test func postsAreInOrderOfTimeAndWithinTheirDays() throws {
        let posts = try parse(generate(.demo(lastDay: day, posts: 2_000)).text)
        let times = posts.compactMap { ($0["created_at"] as? String)?.prefix(19) }
        #expect(times == times.sorted())
        #expect(times.first?.hasPrefix("2026-10-26T") ?? false)
        #expect(times.last?.hasPrefix("2026-11-08T") ?? false)
    }

    @Test(arguments: [Scenario.demo(lastDay: day, posts: 2_500), .load(day: day, posts: 2_500)])
    func aPlainCountOfTheTextsGivesTheExpectedCounts(scenario: Scenario) throws {
        let (text, expected) = generate(scenario)
        var counted = [[Int]](
            repeating: .init(repeating: 0, count: scenario.days), count: scenario.brands.count)
        let dates = (0..<scenario.days).map { scenario.date(ofDay: $0) }
        for post in try parse(text) {
            let words = (post["text"] as? String ?? "").lowercased()
            let date = String((post["created_at"] as? String ?? "").prefix(10))
            let number = try #require(dates.firstIndex(of: date))
            for (index, brand) in scenario.brands.enumerated()
            where words.contains(brand.name.lowercased()) || words.contains(brand.handle) {
                counted[index][number] += 1
            }
        }
        #expect(counted == expected.perBrandAndDay)
        #expect(counted.map { $0.reduce(0, +) } == expected.perBrand)
        #expect(expected.posts == 2_500)
        #expect(expected.bytes == text.utf8.count)
    }

    @Test func hashtagsAndMentionsOfTheTextAreListed() throws {
        for post in try parse(generate(.demo(lastDay: day, posts: 1_000)).text) {
            let text = post["text"] as? String ?? ""
            let written = text.matches(of: /#([a-z0-9]+)/).map { String($0.1) }
            let shouted = text.matches(of: /#([A-Z0-9]+)/).map { $0.1.lowercased() }.filter { $0 != "not" }
            let listed = Set(post["hashtags"] as? [String] ?? [])
            #expect(Set(written + shouted).subtracting(["not"]) == listed, "\(text)")
            let handles = (post["mentions"] as? [[String: String]] ?? []).compactMap { $0["handle"] }
            #expect(Set(text.lowercased().matches(of: /@([a-z]+)/).map { String($0.1) }) == Set(handles), "\(text)")
        }
    }

    @Test func linesAreOfTheExpectedLength() {
        for scenario in [Scenario.demo(lastDay: day, posts: 5_000), .load(day: day, posts: 5_000)] {
            let mean = generate(scenario).expected.bytes / 5_000
            #expect((250...400).contains(mean), "\(scenario.name): \(mean)")
        }
    }
}

@Suite struct PlantedEventsTests {
    private let scenario = Scenario.demo(lastDay: day, posts: 8_000)

    @Test func theSpikeIsManyTimesAUsualDay() throws {
        let expected = generate(scenario).expected
        let spike = try #require(scenario.spike)
        let days = expected.perBrandAndDay[spike.brand]
        let spikeDay = Int((spike.start.seconds - scenario.start.seconds) / 86_400)
        let usual = days.enumerated().filter { $0.offset != spikeDay }.map(\.element).reduce(0, +) / 13
        #expect(days[spikeDay] > usual * 4, "\(days)")
    }

    @Test func theCrashTurnsTheMood() throws {
        let expected = generate(scenario).expected
        let crash = try #require(scenario.crash)
        let crashDay = Int((crash.start.seconds - scenario.start.seconds) / 86_400)
        let moods = expected.moods[crash.brand]
        let before = Double(moods[crashDay - 2][0]) / Double(moods[crashDay - 2].reduce(1, +))
        let during = Double(moods[crashDay][0]) / Double(moods[crashDay].reduce(1, +))
        #expect(before < 0.5 && during > 0.65, "\(before) \(during)")
    }

    @Test func eventTagsAppearInTheirEventsOnly() throws {
        let text = generate(scenario).text
        for tag in [scenario.spike?.hashtag, scenario.crash?.hashtag].compactMap(\.self) {
            let lines = text.split(separator: "\n").filter { $0.contains("#\(tag)") }
            let dates = Set(try parse(lines).compactMap { ($0["created_at"] as? String)?.prefix(10) })
            #expect((1...3).contains(dates.count), "\(tag): \(dates)")
        }
    }

    @Test func theMonitorFileNamesEveryBrand() {
        let yaml = MonitorText.yaml(for: scenario)
        #expect(yaml.contains("query: '\"Aero Nimbra\" OR @aeronimbra OR #aeronimbra'"))
        #expect(yaml.split(separator: "\n").filter { $0.hasPrefix("  - name: ") }.count == scenario.brands.count)
    }
}

private func generate(_ scenario: Scenario) -> (text: String, expected: ExpectedCounts) {
    var generator = PostGenerator(scenario)
    var bytes: [UInt8] = []
    while generator.nextBlock({ bytes.append(contentsOf: $0) }) {}
    return (String(decoding: bytes, as: UTF8.self), generator.expected)
}

private func parse(_ text: String) throws -> [[String: Any]] { try parse(text.split(separator: "\n")) }

private func parse(_ lines: [Substring]) throws -> [[String: Any]] {
    try lines.map { line in
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
}
