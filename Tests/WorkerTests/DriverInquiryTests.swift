import Anomalies
import Domain
import Foundation
import Harness
import Testing
import Trends

@testable import Worker

@Suite struct DriverInquiryTests {
    /// Two ordinary days of a brand and an episode with one planted cause, as samples of their hours.
    private struct Incident {
        static let start: Int64 = 1_760_000_400 / 3600 * 3600

        var voices: [Int64: Voices] = [:]
        let cause: DriverKey
        let end: Int64
        let expectedShare: Double
        private let kind: DriverKey.Kind
        private var next: UInt64 = 0

        init(_ random: inout Seeded) {
            let kinds: [DriverKey.Kind] = [.hashtag, .term, .author, .domain, .language, .platform, .duplicate]
            kind = kinds.randomElement(using: &random) ?? .hashtag
            let values: [DriverKey.Kind: String] = [
                .hashtag: "planted", .term: "zyxw", .author: "loud", .domain: "planted.example", .language: "fi",
                .platform: "youtube", .duplicate: "share this now or lose it all",
            ]
            cause = DriverKey(kind, values[kind] ?? "")
            let rate = Int.random(in: 6...300, using: &random)
            let hours = Int64.random(in: 1...4, using: &random)
            let factor = Double.random(in: 3...6, using: &random)
            end = Self.start + hours * 3600
            expectedShare = 1 / factor
            for hour in -48..<hours {
                var heard = Voices()
                let isEpisode = hour >= 0
                heard.posts = Int64(isEpisode ? Double(rate) * factor : Double(rate))
                // What a uniform sample of the hour's posts is like.
                for _ in 0..<min(Int(heard.posts), Voice.sampleSize) {
                    let isExcess = isEpisode && Double.random(in: 0..<1, using: &random) >= expectedShare
                    let isCaused = isExcess && Double.random(in: 0..<1, using: &random) < 0.85
                    heard.sample.append(voice(at: Self.start + hour * 3600, isCaused: isCaused, &random))
                }
                voices[Self.start + hour * 3600] = heard
            }
        }

        private mutating func voice(at start: Int64, isCaused: Bool, _ random: inout Seeded) -> Voice {
            next += 1
            var words = (0..<8).map { _ in "word" + String(UnicodeScalar(UInt8(97 + zipf(&random)))) }
            if isCaused, kind == .term { words.append("zyxw") }
            let text = isCaused && kind == .duplicate ? cause.value : "acme " + words.joined(separator: " ")
            let example = Example(
                hash: next, id: "\(next)",
                createdAt: Timestamp(seconds: start + Int64.random(in: 0..<3600, using: &random)),
                author: isCaused && kind == .author ? "loud" : "author\(random.next() % 5000)", text: text, url: nil,
                sentiment: nil)
            var hashtags = Bool.random(using: &random) ? ["tag\(zipf(&random))"] : []
            if isCaused, kind == .hashtag { hashtags.append("planted") }
            let domains = Int.random(in: 0..<4, using: &random) == 0 ? ["site\(zipf(&random)).example"] : []
            return Voice(
                example: example,
                platform: isCaused && kind == .platform ? .youtube : Bool.random(using: &random) ? .x : .reddit,
                language: isCaused && kind == .language ? "fi" : "en", hashtags: hashtags,
                domains: isCaused && kind == .domain ? ["planted.example"] : domains)
        }

        private func zipf(_ random: inout Seeded) -> Int { Int(pow(20, Double.random(in: 0..<1, using: &random))) }
    }

    @Test func aPlantedCauseRanksFirstInNineteenOfTwentySampledIncidents() {
        let seed: UInt64 = 11
        var random = Seeded(state: seed)
        var missed: [String] = []
        for number in 0..<200 {
            let incident = Incident(&random)
            let inquiry = DriverInquiry(
                incident.voices, Incident.start..<incident.end, platform: nil, negativeOnly: false)
            let drivers = inquiry.drivers(expectedShare: incident.expectedShare, limit: 8)
            let first = drivers.first
            let found = first?.kind == incident.cause.kind.name && first?.key == incident.cause.value
            // A text that is copied has words of its own, each of which is as good a cause as the whole.
            let isItsWord =
                incident.cause.kind == .duplicate && first?.kind == "term"
                && incident.cause.value.contains(first?.key ?? "-")
            if !found && !isItsWord { missed.append("\(number): \(incident.cause) \(drivers.prefix(2).map(\.key))") }
        }
        #expect(missed.count <= 10, "seed \(seed): \(missed)")
    }

    @Test func whatGrowsWithEverythingElseIsNoDriver() {
        var random = Seeded(state: 5)
        var voices: [Int64: Voices] = [:]
        for hour in Int64(-48)..<2 {
            var heard = Voices()
            heard.posts = hour >= 0 ? 500 : 100
            for number in 0..<Voice.sampleSize {
                let id = UInt64(hour + 48) * 100 + UInt64(number)
                heard.sample.append(
                    Voice(
                        example: Example(
                            hash: id, id: "\(id)", createdAt: Timestamp(seconds: Incident.start + hour * 3600 + 60),
                            author: "a\(random.next() % 9000)", text: "acme word\(random.next() % 40) again", url: nil,
                            sentiment: nil), platform: .x, language: "en", hashtags: ["acme"], domains: []))
            }
            voices[Incident.start + hour * 3600] = heard
        }
        let inquiry = DriverInquiry(voices, Incident.start..<Incident.start + 7200, platform: nil, negativeOnly: false)
        let keys = inquiry.drivers(expectedShare: 0.2, limit: 8).map(\.key)
        #expect(!keys.contains("acme") && !keys.contains("en") && !keys.contains("x"), "\(keys)")
    }
}
