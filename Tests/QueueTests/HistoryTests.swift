import Harness
import Testing

@testable import Queue

/// Outside the other tests with a server: a thousand histories take longer than those may.
@Suite(.serialized, .timeLimit(.minutes(30))) struct HistoryTests {
    @Test func randomHistoriesAgreeWithTheModel() async throws {
        try await QueueFixture.with { fixture in
            for seed in Histories.seeds(12) {
                let steps = QueueStep.history(seed: seed, steps: 90)
                guard let index = try await QueueHistory.firstDifference(steps, fixture) else { continue }
                let short = try await shrink(Array(steps.prefix(index + 1))) {
                    try await QueueHistory.firstDifference($0, fixture) != nil
                }
                Issue.record("seed \(seed), step \(index); the shortest that fails: \(short)")
                return
            }
        }
    }

    @Test(arguments: [(QueueModel.Flaw.beatsRenewNothing, 5), (.anybodyMayFinish, 3)])
    func aMistakeIsFoundAndToldInTheFewStepsThatMatter(flaw: QueueModel.Flaw, fewest: Int) async throws {
        try await QueueFixture.with { fixture in
            var found: [QueueStep]?
            for seed in 0..<100 as Range<UInt64> where found == nil {
                let steps = QueueStep.history(seed: seed, steps: 90)
                if try await QueueHistory.firstDifference(steps, fixture, flaw: flaw) != nil { found = steps }
            }
            let short = try await shrink(try #require(found)) {
                try await QueueHistory.firstDifference($0, fixture, flaw: flaw) != nil
            }
            // Enqueue, claim, expire, beat, reclaim; or enqueue, claim by one, claim by another and its end.
            #expect((fewest...fewest + 2).contains(short.count), "\(short)")
        }
    }
}
