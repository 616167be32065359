import Harness
import Testing

@testable import Redis

@Suite struct WaiterTests {
    @Test func theFirstOutcomeWins() async throws {
        let waiter = Waiter<Int>()
        waiter.complete(.success(1))
        waiter.complete(.failure(.closed))
        #expect(try await waiter.value() == 1)
    }

    @Test func aWaitEndsWhenItsTaskIsCancelled() async {
        let waiter = Waiter<Int>()
        let task = Task { try await waiter.value() }
        task.cancel()
        await #expect(throws: RedisError.cancelled) { try await task.value }
        waiter.complete(.success(1))
    }

    @Test func aShieldedWaitOutlivesCancellation() async throws {
        let waiter = Waiter<Int>()
        let task = Task { try await waiter.value(shielded: true) }
        task.cancel()
        await Task.yield()
        waiter.complete(.success(7))
        #expect(try await task.value == 7)
    }

    @Test func manyRacersCompleteItOnce() async throws {
        for _ in 0..<50 {
            let waiter = Waiter<Int>()
            try await withThrowingTaskGroup(of: Int.self) { group in
                group.addTask { try await waiter.value() }
                for number in 0..<4 {
                    group.addTask {
                        waiter.complete(.success(number))
                        return 0
                    }
                }
                for try await number in group { #expect((0..<4).contains(number)) }
            }
        }
    }
}

@Suite struct BackoffTests {
    @Test func pausesGrowUpToTheLimitAndBeginAnew() {
        var random = Seeded(state: 1)
        var backoff = Backoff(base: .milliseconds(50), limit: .seconds(2))
        var ceiling = Duration.milliseconds(50)
        for _ in 0..<100 {
            let pause = backoff.next(using: &random)
            #expect(pause >= .zero && pause <= ceiling)
            ceiling = min(.seconds(2), ceiling * 2)
        }
        backoff.reset()
        #expect(backoff.next(using: &random) <= .milliseconds(50))
    }

    @Test func pausesAreSpreadOverTheWholeRange() {
        var random = Seeded(state: 2)
        let pauses = (0..<1000).map { _ in
            var backoff = Backoff(base: .seconds(1), limit: .seconds(1))
            return backoff.next(using: &random)
        }
        #expect(pauses.count { $0 < .milliseconds(500) } > 400)
        #expect(pauses.count { $0 > .milliseconds(900) } > 50)
    }
}
