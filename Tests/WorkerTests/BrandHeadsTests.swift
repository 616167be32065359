import Domain
import Foundation
import Harness
import Monitors
import Neural
import Testing
import Text

@testable import Worker

@Suite struct BrandHeadsTests {
    /// Sees the length of a text and whether it ends in a full stop.
    private struct Lengths: FeatureModel {
        var version = "lengths-1"

        func features(_ texts: [String]) -> Matrix {
            Matrix(
                rows: texts.count, columns: 2,
                values: texts.flatMap { [Float($0.count), $0.hasSuffix(".") ? 1 : 0] })
        }
    }

    /// Holds texts with a full stop for negative, and believes the general answer of the others.
    private static func head(_ name: String = "stops", features: String = "lengths-1") -> SentimentHead {
        SentimentHead(
            name: name, features: features, trust: 1, biases: [0, 0, 0], weights: [[0, 9], [0, 0], [0, -9]],
            preferences: [0, 0, 0], labels: 10)
    }

    private static func posts(_ texts: [String]) -> [Post] {
        texts.map { Post(id: $0, createdAt: Timestamp(seconds: 0), text: $0, author: Post.Author(id: "a")) }
    }

    private static let praise = Reading.fast(Sentiment(negative: 0.1, positive: 0.8))

    @Test func aHeadAnswersForItsOwnBrandOnly() throws {
        let heads = try BrandHeads([1: Self.head()], model: Lengths())
        var matches = BrandMatches()
        for brands in [[0, 1], [0], [1], []] as [[UInt16]] { matches.append(brands) }
        let posts = Self.posts(["good.", "good.", "good", "good."])
        let readings = heads.readings(posts, matches, [Self.praise, Self.praise, Self.praise, nil])
        #expect(readings[0, 0] == nil && readings[1, 0] == nil && readings[3, 1] == nil)
        #expect(readings[0, 1]?.sentiment?.label == .negative)
        // Without a full stop the general answer stands, but for its last digits.
        let same = try #require(readings[2, 1]?.sentiment)
        #expect(same.label == .positive && abs(same.positive - 800_000) < 10)
    }

    @Test func whatTheGeneralModelCannotReadStaysUnread() throws {
        let heads = try BrandHeads([0: Self.head()], model: Lengths())
        var matches = BrandMatches()
        matches.append([0])
        #expect(heads.readings(Self.posts(["good."]), matches, [.unsupported]).isEmpty)
        #expect(heads.readings(Self.posts(["good."]), matches, []).isEmpty)
    }

    @Test func theBatchChangesNothing() throws {
        let heads = try BrandHeads([0: Self.head()], model: Lengths())
        let posts = Self.posts((0..<40).map { String(repeating: "x", count: $0) + ($0 % 3 == 0 ? "." : "") })
        func readings(_ posts: [Post]) -> [Reading?] {
            var matches = BrandMatches()
            for _ in posts { matches.append([0]) }
            let found = heads.readings(posts, matches, posts.map { _ in Self.praise })
            return posts.indices.map { found[$0, 0] }
        }
        #expect(readings(posts) == posts.flatMap { readings([$0]) })
    }

    @Test func aHeadOfAnotherModelIsRefused() {
        #expect(throws: ModelError.self) {
            try BrandHeads([0: Self.head(features: "another-7")], model: Lengths())
        }
    }

    @Test func aMonitorCarriesItsHeadsWithIt() throws {
        let folder = try TestFolder.make("models")
        try Self.head("quenzo").write(models: folder)
        let yaml = """
            # ours
            name: ours
            brands:
              - {name: Quenzo, query: '"quenzo one" OR #quenzo', head: quenzo}
              - name: Aero Nimbra
                query: |
                  "aero nimbra"
                  OR aeronimbra*
            unsure_below: 0.4
            """
        let monitor = try Monitor(yaml: yaml, fileName: "ours.yaml")
        let carrying = try ModelShelf(folder: folder).carryingHeads(monitor, fileName: "ours.yaml")
        #expect(carrying.brands.map(\.name) == monitor.brands.map(\.name))
        #expect(carrying.brands.map(\.query) == monitor.brands.map(\.query))
        #expect(carrying.unsureBelow == 0.4 && carrying.brands[1].head == nil)
        let reference = try #require(carrying.brands[0].head)
        #expect(try SentimentHead(reference: reference, models: "/nowhere") == Self.head("quenzo"))
        // Another head is another monitor, so that its jobs and their answers are told apart.
        #expect(carrying.version != monitor.version)
        let plain = try Monitor(yaml: yaml.replacing(", head: quenzo", with: ""), fileName: "ours.yaml")
        #expect(plain.version != carrying.version)
        #expect(try ModelShelf(folder: folder).carryingHeads(plain, fileName: "ours.yaml").yaml == plain.yaml)
        #expect(
            try ModelShelf(folder: folder).carryingHeads(carrying, fileName: "ours.yaml").version == carrying.version)
    }

    @Test func aHeadNeedsAModel() {
        let error = #expect(throws: MonitorError.self) {
            try Monitor(
                yaml: "{name: n, model: none, brands: [{name: b, query: b, head: b}]}", fileName: "n.yaml")
        }
        #expect(error?.description.contains("needs a model") == true)
    }
}
