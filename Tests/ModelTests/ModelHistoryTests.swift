import Harness
import Testing

/// Random histories of the whole queue on real servers beside the reference model.
@Suite(.serialized) struct ModelHistoryTests {
    private static let steps = 90

    /// Half of them on a Redis that comes back with its file after a crash, half on one that comes back empty.
    @Test(.timeLimit(.minutes(60))) func randomHistoriesAgreeWithTheModel() async throws {
        let seeds = Histories.seeds(40)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for half in 0..<2 as Range<UInt64> {
                group.addTask {
                    try await ModelCluster.with(keepsData: half == 0) { cluster in
                        for seed in seeds where seed % 2 == half { try await Self.play(seed, cluster) }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func play(_ seed: UInt64, _ cluster: ModelCluster) async throws {
        let steps = ModelStep.history(seed: seed, steps: steps)
        guard let difference = try await ModelHistory.difference(steps, cluster) else { return }
        let short = try await shrink(steps) { try await ModelHistory.difference($0, cluster) != nil }
        let told = try await ModelHistory.difference(short, cluster) ?? "nothing: it does not fail each time"
        Issue.record("seed \(seed): \(difference). The shortest that fails: \(short), with: \(told)")
    }

    @Test func aMistakeIsFoundAndToldInTheFewStepsThatMatter() async throws {
        try await ModelCluster.with(keepsData: false) { cluster in
            var found: [ModelStep]?
            for seed in 0..<200 as Range<UInt64> where found == nil {
                let steps = ModelStep.history(seed: seed, steps: Self.steps)
                let difference = try await ModelHistory.difference(steps, cluster, flaw: .resultsOfCancelledJobsCount)
                if difference != nil { found = steps }
            }
            let short = try await shrink(try #require(found)) {
                try await ModelHistory.difference($0, cluster, flaw: .resultsOfCancelledJobsCount) != nil
            }
            // Submit, round, claim, cancel: the end of each history finishes what is held and merges it too late.
            #expect((4...5).contains(short.count), "\(short)")
        }
    }
}
