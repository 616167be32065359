import Domain
import Testing

@testable import Queue

/// Every step of the three roles once, each through its own queue, for tests that change what is below.
enum QueueCycle {
    static func run(coordinator: LaneQueue, worker: LaneQueue, reducer: LaneQueue) async throws {
        _ = try await coordinator.checkServer()
        try await coordinator.prepare(generation: 1)
        try await coordinator.reset()
        try await coordinator.enqueue(QueueFixture.shards(0..<4))
        try await coordinator.prepare(generation: 2)
        #expect(try await coordinator.generation() == 2)

        let leases = try await worker.claimed()
        #expect(try await worker.beat(leases) == [])
        #expect(try await worker.reclaim(max: 1) == [])
        #expect(try await worker.release([leases[0]]) == [true])
        #expect(try await worker.acknowledge([leases[1]]) == [true])
        #expect(
            try await worker.finish(leases.suffix(2).map { Finished(lease: $0, parts: []) }) == [true, true])
        let waiting = Task { try await worker.claim(max: 10, block: .seconds(10)) }
        #expect(try await waiting.value != .empty)
        let cancelled = Task { try await worker.claim(max: 10, block: .seconds(10)) }
        try await Task.sleep(for: .milliseconds(30))
        cancelled.cancel()
        _ = await cancelled.result
        try await worker.leave()

        let results = try await reducer.results(max: 10, block: .seconds(10))
        #expect(results.count == 2)
        #expect(try await reducer.reclaimResults(max: 1) == [])
        try await reducer.acknowledgeResults(results.map(\.entry))
        try await reducer.leave()
        #expect(try await coordinator.depth().results == 0)
        try await coordinator.forgetConsumers(silentFor: .zero)
    }
}
