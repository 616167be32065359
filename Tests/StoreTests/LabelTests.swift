import Domain
import Harness
import Store
import Testing
import Trends

@Suite struct LabelTests {
    @Test func aLabelIsKeptReplacedAndTakenBack() async throws {
        try await withStore { store, url in
            let label = Label(
                brand: "Aurora", text: "what a night", label: .positive, annotator: "ann",
                postedAt: Timestamp(seconds: monday), sampleWeight: 2)
            try await store.put([
                label, Label(brand: "Borealis", text: "what a night", label: .neutral, annotator: "bo"),
            ])
            #expect(try await store.labels(of: "Aurora") == [label])
            #expect(try await store.labels().count == 2)

            // Another opinion replaces the first; what is known of the post stays.
            try await store.put([Label(brand: "Aurora", text: "what a night", label: .negative, annotator: "cy")])
            var changed = label
            changed.label = .negative
            changed.annotator = "cy"
            #expect(try await store.labels(of: "Aurora") == [changed])
            #expect(
                try await psql(url, "SELECT text, label, is_sampled, answer FROM trends.labels WHERE brand = 'Aurora'")
                    == ["what a night|negative|true|~"])

            try await store.removeLabel(of: "what a night", brand: "Aurora")
            #expect(try await store.labels().map(\.brand) == ["Borealis"])
        }
    }

    @Test func aSampleThatTaughtAHeadMeasuresNoMore() async throws {
        try await withStore { store, _ in
            try await store.put([
                Label(brand: "Aurora", text: "one", label: .positive, annotator: "ann", sampleWeight: 1),
                Label(brand: "Aurora", text: "two", label: .positive, annotator: "ann"),
            ])
            #expect(try await store.spendSample(of: "Aurora") == 1)
            #expect(try await store.labels().allSatisfy { $0.sampleWeight == nil })
        }
    }

    @Test func examplesStandForThePostsOfTheirDay() async throws {
        try await withStore { store, _ in
            let job = try await store.submitted(1)
            var partial = Partial()
            partial.add(30, at: monday)
            for id in stride(from: 1, through: 5, by: 2) { partial.add(example: id, at: monday, text: "post \(id)") }
            partial.add(example: 7, at: monday, text: "post 5")
            _ = try await store.merge([MergeItem(shard: shard(job, 0), attempt: 1, parts: [partial])])
            let posts = try await store.examplePosts(of: "Aurora")
            #expect(posts.map(\.text) == ["post 1", "post 3", "post 5"])
            // Thirty posts, four examples, two of them with the same words.
            #expect(posts.map(\.standsFor) == [7.5, 7.5, 15])
            #expect(try await store.examplePosts(of: "Borealis").isEmpty)
        }
    }

    @Test func modelsAreAskedOnceForEachLabel() async throws {
        try await withStore { store, url in
            _ = try await store.submitted(1)
            try await store.put([Label(brand: "Aurora", text: "one", label: .positive, annotator: "ann")])
            let readings = try await store.readings(of: "Aurora")
            let reading = try #require(readings.first)
            #expect(readings.count == 1 && reading.monitorVersion == "v1" && reading.modelVersion == "m1")
            let open = try await store.unanswered(of: "Aurora", by: reading)
            #expect(open.map(\.text) == ["one"])
            let answer = LabelAnswer(
                label: open[0].label, sentiment: Sentiment(negative: 0.1, positive: 0.5), isUnsure: true)
            try await store.put([answer, answer], by: reading)
            #expect(try await store.unanswered(of: "Aurora", by: reading).isEmpty)
            #expect(try await psql(url, "SELECT answer, model_version FROM trends.labels") == ["unsure|m1"])
        }
    }
}
