import Anomalies
import Domain
import Harness
import Testing

@testable import Monitors

struct MonitorTests {
    private static let sample = """
        # Airlines, for the tests.
        name: airlines
        brands:
          - name: Acme Air
            query: '"acme air" OR @acmeair'
          - name: "3"
            query: |
              three AND
              (mobile OR phone)
        languages: [en, no]
        windows: [day, hour]
        model: none
        unsure_below: 0.6
        source:
          format: csv
          platform: x
          fields:
            id: tweet_id
            author.id: $line
          values:
            lang: {English: en, "Norsk bokmål": no}
        """

    private func problems(_ yaml: String) -> [String] {
        do {
            _ = try Monitor(yaml: yaml, fileName: "m.yaml")
            return []
        } catch {
            return error.description.split(separator: "\n").map(String.init)
        }
    }

    @Test func aFullFileIsRead() throws {
        let monitor = try Monitor(yaml: Self.sample, fileName: "m.yaml")
        #expect(monitor.name == "airlines")
        #expect(monitor.brands.map(\.name) == ["Acme Air", "3"])
        #expect(monitor.brands[1].query.description == "three AND (mobile OR phone)")
        #expect(monitor.languages == ["en", "no"])
        #expect(monitor.windows == [.hour, .day])
        #expect(monitor.model == .none)
        #expect(monitor.unsureBelowMillionths == 600_000)
        #expect(monitor.yaml == Self.sample)
        let source = SourceMapping(
            format: .csv, platform: .x, fields: ["id": "tweet_id", "author.id": "$line"],
            values: ["lang": ["English": "en", "Norsk bokmål": "no"]])
        #expect(monitor.source == source)
    }

    @Test func aShortFileHasDefaults() throws {
        let monitor = try Monitor(yaml: "{name: a, brands: [{name: b, query: c}]}", fileName: "m.yaml")
        #expect(monitor.languages.isEmpty)
        #expect(monitor.windows == [.minute, .hour, .day])
        #expect(monitor.model == .fast)
        #expect(monitor.unsureBelow == 0.5)
        #expect(monitor.source == nil)
    }

    @Test func theVersionFollowsTheMeaning() throws {
        let version = try self.version(of: { $0 })
        #expect(version == "afd83bb46b86c6a7")
        #expect(try self.version(of: { $0.replacing("# Airlines", with: "# Other") }) == version)
        #expect(try self.version(of: { $0.replacing("[en, no]", with: "[ no ,EN]") }) == version)
        #expect(try self.version(of: { $0.replacing("three AND", with: "THREE") }) == version)
        #expect(try self.version(of: { $0.replacing("three AND", with: "three OR") }) != version)
        #expect(try self.version(of: { $0.replacing("Acme Air", with: "Acme") }) != version)
        #expect(try self.version(of: { $0.replacing("0.6", with: "0.61") }) != version)
        #expect(try self.version(of: { $0.replacing("tweet_id", with: "id") }) != version)
        #expect(try self.version(of: { $0.replacing("bokmål", with: "nynorsk") }) != version)
    }

    private func version(of change: (String) -> String) throws -> String {
        try Monitor(yaml: change(Self.sample), fileName: "m.yaml").version
    }

    @Test func allProblemsAreNamedAtOnce() {
        let yaml = """
            nam: airlines
            brands:
              - name: Acme
                quary: acme
              - name: acme
                query: (acme OR air
              - name: [Acme]
                query: ""
              - just text
            languages: [en-US, english, en, EN]
            windows: [hour, week, hour]
            model: fasst
            unsure_below: 60%
            source:
              format: json
              platform: twitter
              fields: {id: [x], text: }
              values: no
            """
        let expected = [
            "m.yaml:1:1: unknown key 'nam' in a monitor: did you mean 'name'?",
            "m.yaml:1:1: a monitor needs the key 'name'",
            "m.yaml:3:5: a brand needs the key 'query'",
            "m.yaml:4:5: unknown key 'quary' in a brand: did you mean 'query'?",
            "m.yaml:5:11: brand 'acme' is there already, in line 3",
            "m.yaml:6:12: query of brand 'acme', column 1: this parenthesis is never closed; add ')'",
            "  (acme OR air", "  ^",
            "m.yaml:7:11: name must be a text, not a list",
            "m.yaml:8:12: query is empty",
            "m.yaml:9:5: a brand must be a mapping (key: value), not a single value",
            "m.yaml:10:13: 'en-US' is no language; give two or three letters, as in en; did you mean 'en'?",
            "m.yaml:10:20: 'english' is no language; give two or three letters, as in en",
            "m.yaml:10:33: language 'en' is there already",
            "m.yaml:11:17: windows cannot be 'week': the nearest is 'hour', all are minute, hour, day",
            "m.yaml:11:23: windows has 'hour' already",
            "m.yaml:12:8: model cannot be 'fasst': did you mean 'fast'?",
            "m.yaml:13:15: unsure_below must be a number from 0 to 1, not '60%'",
            "m.yaml:15:11: format cannot be 'json': did you mean 'jsonl'?",
            "m.yaml:16:13: platform cannot be 'twitter': the nearest is 'youtube', "
                + "all are generic, x, bluesky, mastodon, reddit, youtube, instagram, facebook",
            "m.yaml:17:16: field 'id' must be a text, not a list",
            "m.yaml:17:27: field 'text' is empty",
            "m.yaml:18:11: values must be a mapping (key: value), not a single value",
        ]
        let found = problems(yaml)
        for (line, wanted) in zip(found, expected) { #expect(line == wanted) }
        #expect(found.count == expected.count)
    }

    @Test func repeatedKeysAreReportedWithTheOtherProblems() {
        let yaml = """
            name: a
            brands:
              - {name: b, query: c, "query": d}
            name: e
            modle: none
            """
        #expect(
            problems(yaml) == [
                "m.yaml:3:25: 'query' is given more than once",
                "m.yaml:4:1: 'name' is given more than once",
                "m.yaml:5:1: unknown key 'modle' in a monitor: did you mean 'model'?",
            ])
    }

    @Test func errorsInABlockNameTheLineOfTheQuery() {
        let yaml = "name: a\nbrands:\n- name: b\n  query: |\n    acme AND\n    (late OR\n"
        #expect(
            problems(yaml) == [
                "m.yaml:4:10: query of brand 'b', line 2, column 7: OR has nothing on one side; "
                    + "add a term, or write \"OR\" in quotation marks to search for the word",
                "  (late OR", "        ^",
            ])
    }

    @Test(arguments: [
        ("", "m.yaml:1:1: the file is empty"),
        ("- a\n", "m.yaml:1:1: a monitor must be a mapping (key: value), not a list"),
        ("name: [", "m.yaml:2:1: this is not YAML: did not find expected node content"),
        ("name: a\n\tbrands: b", "m.yaml:2:1: this is not YAML: found a tab character that violates indentation"),
        ("name: *a", "m.yaml:1:7: found undefined alias"),
        ("name: a\u{1}", "m.yaml:1:8: this is not YAML: control characters are not allowed"),
        ("name: a\n---\nname: b", "m.yaml:2:1: but found another document"),
        ("{name: a, brands: []}", "m.yaml:1:19: brands is an empty list"),
        (
            "{name: \"a\\nb\", brands: [{name: b, query: c}]}",
            "m.yaml:1:8: name holds a line break or another control character"
        ),
        ("{name: ~, brands: [{name: b, query: c}]}", "m.yaml:1:8: name is empty"),
        (
            "{? [a]: b, name: a, brands: [{name: b, query: c}]}",
            "m.yaml:1:4: a key of a monitor must be a text, not a list"
        ),
    ])
    func brokenFilesAreExplained(yaml: String, problem: String) {
        #expect(problems(yaml).first == problem)
    }

    @Test func aFileThatIsNotTextIsRefused() {
        let error = #expect(throws: MonitorError.self) {
            try Monitor(bytes: Array("name: a\nb: ".utf8) + [0xFF, 0xFE], fileName: "m.yaml")
        }
        #expect(error?.description == "m.yaml:2:4: the file is not UTF-8 text here")
    }

    @Test func hostileFilesAreRefusedQuickly() {
        var bomb = "a0: &a0 [x, x]\n"
        for level in 1..<30 { bomb += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1), *a\(level - 1)]\n" }
        #expect(problems(bomb) == ["m.yaml:7:1: more than 16 YAML aliases (*name); write the values out"])
        #expect(problems(bomb + "? *a29\n: x\n").count == 1)
        #expect(!problems(String(repeating: "[", count: 100_000)).isEmpty)
        #expect(!problems(String(repeating: "{a: ", count: 100_000)).isEmpty)
        #expect(!problems(String(repeating: "- ", count: 100_000)).isEmpty)
        let large = "name: a\n" + String(repeating: "# comment\n", count: 500_000)
        #expect(problems(large) == ["m.yaml:1:1: the file has 5000008 bytes, at most 4194304 are allowed"])
        let repeats = (0..<100).map { "k\($0): 1\nk\($0): 2\n" }.joined()
        #expect(problems(repeats).count == 1)
    }

    @Test func starsInQueriesAndCommentsAreNoAliases() throws {
        let brands = (0..<40).map { "- {name: b\($0), query: 'air\($0)* OR \"*\"'}  # * x\n" }.joined()
        #expect(problems("name: a\nbrands:\n" + brands).filter { $0.contains("alias") }.isEmpty)
        let monitor = try Monitor(
            yaml: "x: &q c\n".dropFirst(8) + "name: &n a\nbrands: [{name: *n, query: c}]", fileName: "m")
        #expect(monitor.brands.first?.name == "a")
    }

    @Test(arguments: 0..<20) func noDamageToAFileCrashesTheReader(seed: UInt64) {
        var random = Seeded(state: seed)
        let troublesome = Array("{}[]:,-?&*!|>'\"%@`# \n\t~0".utf8)
        for _ in 0..<10 {
            var bytes = Array(Self.sample.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] = troublesome.randomElement(using: &random) ?? 0
                case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
                default: bytes.removeSubrange(index..<min(bytes.count, index + Int.random(in: 1...9, using: &random)))
                }
            }
            do {
                _ = try Monitor(bytes: bytes, fileName: "m.yaml")
            } catch {
                #expect(!error.problems.isEmpty, "seed \(seed)")
            }
        }
    }

    @Test func explainingExamplesIsWhatHappensUnlessAskedOtherwise() throws {
        let plain = try Monitor(yaml: Self.sample, fileName: "m.yaml")
        func explaining(_ what: String) throws -> Monitor {
            try Monitor(yaml: Self.sample + "\nexplain: \(what)\n", fileName: "m.yaml")
        }
        #expect(plain.explain == .examples)
        #expect(try explaining("examples").version == plain.version)
        #expect(try explaining("all").explain == .all)
        #expect(try explaining("all").version != plain.version)
        #expect(!problems(Self.sample + "\nexplain: everything\n").isEmpty)
    }

    // MARK: Alerts

    private static func watched(
        _ alerts: String, model: String = "fast", windows: String = "[minute, hour, day]"
    ) -> String {
        """
        name: watched
        model: \(model)
        windows: \(windows)
        brands: [{name: Acme, query: acme}]
        alerts: \(alerts)
        """
    }

    @Test func aMonitorWithoutAlertsWatchesNothing() throws {
        #expect(try Monitor(yaml: Self.sample, fileName: "m.yaml").alerts == nil)
    }

    @Test func shortAlertsHaveDefaults() throws {
        let alerts = try Monitor(yaml: Self.watched("{budget: 1 per day}"), fileName: "m.yaml").alerts
        #expect(alerts == AlertSettings(budget: AlertBudget(perDay: 1)))
        let counted = try Monitor(yaml: Self.watched("{}", model: "none"), fileName: "m.yaml").alerts
        #expect(counted?.metrics == [.mentions])
    }

    @Test func fullAlertsAreRead() throws {
        let text = """
            {budget: 0.3 per day, window: 5 minutes, metrics: [mentions, authors], platforms: [x, reddit], deliver: [press],
             only: crisis, min_posts: 20, max_age: 2 days, events: [opened, closed],
             quiet: {from: "22:00", to: "07:00", zone: Europe/Berlin, days: [fri, sat]}}
            """
        let alerts = try #require(try Monitor(yaml: Self.watched(text), fileName: "m.yaml").alerts)
        #expect(alerts.seconds == 300 && alerts.budget == AlertBudget(perDay: 0.3))
        #expect(alerts.metrics == [.mentions, .authors] && alerts.platforms == [.x, .reddit])
        #expect(alerts.channels == ["press"] && alerts.rules.only == .crisis && alerts.rules.minPosts == 20)
        #expect(alerts.rules.maxAge == .seconds(172_800) && alerts.rules.events == [.opened, .closed])
        #expect(alerts.rules.quietHours != nil)
    }

    @Test(arguments: [
        ("{budget: lots}", "budget cannot be 'lots'"), ("{window: 7 minutes}", "window cannot be '7 minutes'"),
        ("{metrics: [likes]}", "metrics cannot be 'likes'"), ("{max_age: soon}", "max_age cannot be 'soon'"),
        ("{min_posts: -1}", "min_posts must be a whole number"), ("{deliver: [a, a]}", "channel 'a' is there already"),
        ("{quiet: {from: '22:00', to: '22:00', zone: UTC}}", "quiet hours from 22:00 to 22:00 have no end"),
        ("{volume: 11}", "unknown key 'volume' in alerts"), ("[budget]", "alerts must be a mapping"),
    ])
    func whatIsWrongWithAlertsIsSaid(alerts: String, message: String) throws {
        let found = problems(Self.watched(alerts))
        #expect(found.first?.contains(message) == true, "\(found)")
    }

    @Test func alertsNeedTheirWindowsAndTheirModel() {
        #expect(problems(Self.watched("{}", windows: "[day]")).first?.contains("alerts need hours") == true)
        let fine = problems(Self.watched("{window: 15 minutes}", windows: "[hour, day]"))
        #expect(fine.first?.contains("needs 'minute' among 'windows'") == true)
        let mood = problems(Self.watched("{metrics: [net_sentiment]}", model: "none"))
        #expect(mood.first?.contains("net_sentiment needs a model") == true)
    }

    @Test func howAlertsAreToldMakesNoNewVersion() throws {
        let plain = try Monitor(yaml: Self.watched("{}"), fileName: "m.yaml").version
        let other = try Monitor(yaml: Self.watched("{budget: 9 per day, deliver: [x]}"), fileName: "m.yaml").version
        #expect(plain == other)
        let none = Self.watched("{}").split(separator: "\n").dropLast().joined(separator: "\n")
        #expect(try Monitor(yaml: none, fileName: "m.yaml").version != plain, "voices are counted for alerts alone")
    }
}
