import Domain
import Harness
import Store
import Testing
import Training
import Trends

/// Corrected shares in SQL are those of the estimator whose coverage is tested.
@Suite struct CorrectionTests {
    @Test(arguments: [1, 2, 3] as [UInt64]) func sqlSaysWhatTheEstimatorSays(seed: UInt64) async throws {
        var random = Seeded(state: seed)
        try await withStore { store, url in
            let posts = (0..<4).map { _ in Int.random(in: 0..<400, using: &random) }
            let job = try await store.submitted(1)
            _ = try await store.merge([MergeItem(shard: shard(job, 0), attempt: 1, parts: [Self.partial(posts)])])
            var items: [ShareCorrection.Item] = []
            var labels: [Label] = []
            for number in 0..<40 {
                let choice = Int.random(in: 0..<4, using: &random)
                guard posts[choice] > 40 else { continue }
                let item = ShareCorrection.Item(
                    choice: choice, label: Int.random(in: 0..<3, using: &random),
                    weight: Double(Int.random(in: 1..<4, using: &random)))
                items.append(item)
                labels.append(
                    Label(
                        brand: "Aurora", text: "\(number)",
                        label: SentimentLabel(rawValue: UInt8(item.label)) ?? .neutral,
                        annotator: "ann", postedAt: Timestamp(seconds: monday + Int64(number)),
                        sampleWeight: item.weight))
            }
            // A label that was chosen and one of another time must not count.
            labels.append(Label(brand: "Aurora", text: "chosen", label: .negative, annotator: "ann"))
            labels.append(
                Label(
                    brand: "Aurora", text: "later", label: .negative, annotator: "ann",
                    postedAt: Timestamp(seconds: monday + 40 * day), sampleWeight: 1))
            try await store.put(labels)
            try await Self.answer(store, choices: items.map(\.choice) + [0, 0])

            let correction = ShareCorrection(posts: posts, sample: items)
            let until = Timestamp(seconds: monday + day)
            let rows = try await store.correctedShares(until: until)
            #expect(rows.map(\.label) == SentimentLabel.allCases, "seed \(seed)")
            for row in rows {
                let wanted = try #require(correction.share(of: Int(row.label.rawValue)))
                #expect(row.labels == Int64(items.count) && row.scored == Int64(posts.reduce(0, +)))
                #expect(abs(row.share - wanted.value) < 1e-9, "seed \(seed)")
                #expect(abs(row.low - wanted.low) < 1e-9 && abs(row.high - wanted.high) < 1e-9, "seed \(seed)")
            }
            #expect(abs(rows[0].rawShare - Double(posts[0]) / Double(posts.reduce(0, +))) < 1e-9)

            let reader = "groundswell_reader"
            let months = try await psql(url, "SELECT month, class, labels FROM trends.corrected", role: reader)
            #expect(months == ["negative", "neutral", "positive"].map { "2024-03-01|\($0)|\(items.count)" })
            let between = try await psql(
                url,
                "SELECT class FROM trends.corrected_between(NULL, '2024-03-05') WHERE low <= share AND share <= high",
                role: reader)
            #expect(between == ["negative", "neutral", "positive"])
        }
    }

    @Test func withoutASampleThereAreNoRows() async throws {
        try await withStore { store, _ in
            let job = try await store.submitted(1)
            _ = try await store.merge([
                MergeItem(shard: shard(job, 0), attempt: 1, parts: [Self.partial([5, 5, 5, 5])])
            ])
            try await store.put([Label(brand: "Aurora", text: "chosen", label: .negative, annotator: "ann")])
            #expect(try await store.correctedShares().isEmpty)
        }
    }

    /// Posts of a day by the model's choice; the unsure ones are held for neutral.
    private static func partial(_ posts: [Int]) -> Partial {
        var partial = Partial()
        var measures = Measures()
        measures.posts = Int64(posts.reduce(0, +))
        measures.negative = Int64(posts[0])
        measures.neutral = Int64(posts[1])
        measures.positive = Int64(posts[2])
        measures.unsure = Int64(posts[3])
        measures.negativeSum = measures.negative * Sentiment.one
        measures.neutralSum = (measures.neutral + measures.unsure) * Sentiment.one
        measures.positiveSum = measures.positive * Sentiment.one
        let key = RollupKey(grain: .day, start: monday, brand: 0, platform: .x, language: "en")
        partial.rollups[key] = measures
        return partial
    }

    private static func answer(_ store: Store, choices: [Int]) async throws {
        let reading = try #require(try await store.readings(of: "Aurora").first)
        let open = try await store.unanswered(of: "Aurora", by: reading)
        let answers = zip(open, choices).map { open, choice in
            LabelAnswer(
                label: open.label,
                sentiment: Sentiment(
                    negative: choice == 0 ? 1 : 0, positive: choice == 2 ? 1 : 0,
                    label: SentimentLabel(rawValue: UInt8(choice % 3))), isUnsure: choice == 3)
        }
        try await store.put(answers, by: reading)
    }
}
