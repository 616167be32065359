import Foundation
import Testing

@testable import Queue

extension QueueOnRedis {
    /// `GROUNDSWELL_HISTORIES` sets how many are played, `GROUNDSWELL_SEED` replays from one seed.
    @Suite struct HistoryTests {
        @Test(.timeLimit(.minutes(10))) func randomHistoriesAgreeWithTheModel() async throws {
            let environment = ProcessInfo.processInfo.environment
            let first = environment["GROUNDSWELL_SEED"].flatMap { UInt64($0) } ?? .random(in: 0..<1 << 40)
            let count = environment["GROUNDSWELL_HISTORIES"].flatMap { UInt64($0) } ?? 12
            try await QueueFixture.with { fixture in
                for seed in first..<first + count {
                    var history = QueueHistory(fixture, seed: seed)
                    let agreed = try await history.run(steps: 80)
                    #expect(agreed, "seed \(seed): \(history.log.joined(separator: ", "))")
                }
            }
        }
    }
}
