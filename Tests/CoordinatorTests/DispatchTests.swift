import Domain
import Harness
import Postgres
import Queue
import Redis
import Store
import Testing

@testable import Coordinator

/// Weights, limits and state changes through real servers.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct DispatchTests {
    @Test func weightsHoldOverThreeThousandDispatches() async throws {
        try await CoordinatorFixture.with { fixture in
            var jobs: [JobID] = []
            for weight in [3, 2, 1] {
                jobs.append(try await fixture.submit(5000, share: JobShare(weight: weight)))
            }
            try await fixture.coordinating {
                let order = try await fixture.drain(3000, from: fixture.queue())
                try #require(order.count == 3000)
                for (job, share) in zip(jobs, [1500, 1000, 500]) {
                    let count = order.count { $0.job == job }
                    #expect(abs(count - share) <= share / 20, "job \(job) has \(count), not \(share)")
                }
            }
        }
    }

    @Test func aLaterJobHasItsShareSoon() async throws {
        try await CoordinatorFixture.with { fixture in
            let queue = fixture.queue()
            let first = try await fixture.submit(200_000)
            try await fixture.coordinating {
                _ = try await fixture.drain(6000, from: queue)
                let second = try await fixture.submit(100_000)
                _ = try await eventually { try await fixture.store.job(second).sent > 0 }
                // What waited before it is what workers take in a second, whatever the size of the first job.
                let ahead = try await queue.depth().waiting
                _ = try await fixture.drain(ahead, from: queue)
                let order = try await fixture.drain(1000, from: queue)
                let share = order.count { $0.job == second }
                #expect((450...550).contains(share), "\(share) of 1000 beside job \(first)")
            }
        }
    }

    @Test func aJobNeverHasMoreInFlightThanItsLimit() async throws {
        try await CoordinatorFixture.with { fixture in
            let queue = fixture.queue()
            let job = try await fixture.submit(40, share: JobShare(maxInFlight: 7))
            try await fixture.coordinating {
                var merged = 0
                while merged < 40 {
                    let depth = try await queue.depth()
                    #expect(depth.waiting + depth.inFlight <= 7)
                    #expect(try await fixture.store.job(job).sent <= merged + 7)
                    let shards = try await fixture.drain(1, from: queue)
                    try #require(shards.count == 1, "nothing came after \(merged)")
                    // One fails and waits a little; it gives its place to another meanwhile.
                    if merged == 3 {
                        try await fixture.store.recordFailure(shards[0], reason: "broken", isPermanent: true)
                    } else {
                        try await fixture.merge(shards)
                    }
                    merged += 1
                }
                #expect(try await eventually { try await fixture.store.job(job).state == .completedWithErrors })
            }
        }
    }

    @Test func theGlobalLimitHoldsOverAllLanes() async throws {
        try await CoordinatorFixture.with { fixture in
            let queues = [fixture.queue(.live), fixture.queue(.bulk)]
            _ = try await fixture.submit(500, lane: .bulk)
            _ = try await fixture.submit(30, lane: .live)
            try await fixture.coordinating {
                $0.maxInFlight = 10
            } _: {
                #expect(try await eventually { try await queues[0].depth().waiting + queues[1].depth().waiting == 10 })
                var live = 0
                for _ in 0..<60 {
                    var flying = 0
                    for queue in queues {
                        let depth = try await queue.depth()
                        flying += depth.waiting + depth.inFlight + depth.results
                    }
                    #expect(flying <= 10)
                    for queue in queues {
                        guard case .leases(let leases) = try await queue.claim(max: 2) else { continue }
                        try await queue.acknowledge(leases)
                        if queue.lane == .live { live += leases.count }
                    }
                    try await Task.sleep(for: .milliseconds(60))
                }
                #expect(live == 30)
            }
        }
    }

    @Test func aRateLimitHoldsForEachSource() async throws {
        try await CoordinatorFixture.with { fixture in
            let job = try await fixture.submit(400, sources: 2, share: JobShare(sourceRate: 20))
            try await fixture.coordinating {
                #expect(try await eventually { try await fixture.store.job(job).sent >= 40 })
                let started = ContinuousClock.now
                let before = try await fixture.store.job(job).sent
                try await Task.sleep(for: .seconds(2))
                let sent = try await fixture.store.job(job).sent - before
                let seconds = (ContinuousClock.now - started) / .seconds(1)
                #expect(sent > 20 && Double(sent) <= 40 * (seconds + 1), "\(sent) in \(seconds) s")
            }
        }
    }

    @Test func aHigherPriorityIsServedFirst() async throws {
        try await CoordinatorFixture.with { fixture in
            _ = try await fixture.submit(3000)
            let urgent = try await fixture.submit(500, share: JobShare(priority: 1))
            try await fixture.coordinating {
                let order = try await fixture.drain(600, from: fixture.queue())
                #expect(order.prefix(500).allSatisfy { $0.job == urgent } && order.last?.job != urgent)
            }
        }
    }

    @Test func resumingSendsWhatWorkersDroppedAndLittleElse() async throws {
        try await CoordinatorFixture.with { fixture in
            let queue = fixture.queue()
            let job = try await fixture.submit(200_000)
            try await fixture.coordinating {
                let before = try await fixture.drain(700, from: queue)
                try await fixture.merge(before)
                try await fixture.store.pause(job)
                // What a worker of a paused job does: it ends the lease of each shard that it is given.
                var dropped: [ShardID] = []
                while true {
                    let more = try await fixture.drain(64, from: queue, patience: .seconds(1))
                    if more.isEmpty { break }
                    dropped += more
                }
                let sent = try await fixture.store.job(job).sent
                #expect(sent == 700 + dropped.count && sent < 200_000)
                try await Task.sleep(for: .milliseconds(500))
                #expect(try await fixture.store.job(job).sent == sent)

                try await fixture.store.resume(job)
                let rest = try await fixture.drain(dropped.count + 500, from: queue)
                #expect(Set(rest).isSuperset(of: dropped) && Set(rest).isDisjoint(with: before))
                #expect(Set(rest).count == dropped.count + 500, "some came twice")
                #expect(try await fixture.number("SELECT resend FROM gw.job") == 0)
            }
        }
    }

    @Test func aResumeIsNotForgottenWhenAnotherCameMeanwhile() async throws {
        try await CoordinatorFixture.with { fixture in
            let job = try await fixture.submit(10)
            try await fixture.store.pause(job)
            try await fixture.store.resume(job)
            #expect(try await fixture.store.runnableJobs(in: .bulk).first?.resend == 1)
            try await fixture.store.resume(job)
            #expect(try await fixture.store.runnableJobs(in: .bulk).first?.resend == 1)
            try await fixture.store.pause(job)
            try await fixture.store.resume(job)
            try await fixture.store.endResend(of: job, asked: 1)
            #expect(try await fixture.store.runnableJobs(in: .bulk).first?.resend == 2)
            try await fixture.store.endResend(of: job, asked: 2)
            #expect(try await fixture.store.runnableJobs(in: .bulk).first?.resend == 0)
        }
    }

    @Test func aSlowLaneDoesNotDelayAnother() async throws {
        try await CoordinatorFixture.with { fixture in
            try await fixture.coordinating {
                #expect(try await eventually { try await fixture.queue(.live).generation() != nil })
                // Who holds the bulk lane's row lets its keeper wait, and nobody else.
                try await PostgresHold.holding("SELECT * FROM gw.lane WHERE lane = 'bulk' FOR UPDATE", fixture) {
                    _ = try await fixture.redis.send("DEL", fixture.queue(.bulk).keys.generation)
                    try await Task.sleep(for: .seconds(1))
                    _ = try await fixture.submit(5, lane: .live)
                    #expect(try await fixture.drain(5, from: fixture.queue(.live)).count == 5)
                    #expect(try await fixture.queue(.bulk).generation() == nil)
                }
                #expect(try await eventually { try await fixture.queue(.bulk).generation() != nil })
            }
        }
    }
}

/// Holds locks of PostgreSQL while something else happens.
enum PostgresHold {
    static func holding(_ sql: String, _ fixture: CoordinatorFixture, _ body: () async throws -> Void) async throws {
        let holder = PostgresConnection(PostgresSettings(url: fixture.postgres))
        try await holder.use { try $0.run(script: "BEGIN; \(sql)") }
        try await body()
        try await holder.use { try $0.run(script: "ROLLBACK") }
    }
}
