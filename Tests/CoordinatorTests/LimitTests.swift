import Coordinator
import Domain
import Harness
import Testing

struct WindowSizeTests {
    private let start = ContinuousClock.now

    @Test func aWindowGrowsWhileItRunsDryAndThenHoldsASecondOfWork() {
        var window = WindowSize(limit: 100_000)
        #expect(window.target == 64)
        var waiting = 0
        // Workers that take 5,000 shards a second, looked at five times a second.
        for round in 0..<50 {
            let taken = min(waiting, 1000)
            waiting -= taken
            window.observed(waiting: waiting, at: start + .milliseconds(200 * round))
            let count = max(0, window.target - waiting)
            window.sent(count)
            waiting += count
        }
        #expect((4000...16_000).contains(window.target), "\(window.target)")
    }

    @Test func aWindowOfSlowShardsStaysSmall() {
        var window = WindowSize(limit: 100_000)
        var waiting = 0
        for round in 0..<100 {
            waiting -= min(waiting, round % 5 == 0 ? 10 : 0)
            window.observed(waiting: waiting, at: start + .milliseconds(200 * round))
            let count = max(0, window.target - waiting)
            window.sent(count)
            waiting += count
        }
        #expect(window.target == 64)
    }

    @Test func theLimitHolds() {
        var window = WindowSize(limit: 10)
        #expect(window.target == 10)
        window.observed(waiting: 0, at: start)
        window.sent(10)
        window.observed(waiting: 0, at: start + .milliseconds(1))
        #expect(window.target == 10)
    }
}

struct FlightBudgetTests {
    @Test func withoutALimitEverythingIsGiven() {
        var budget = FlightBudget(limit: nil)
        #expect(budget.take(1_000_000, for: .bulk, inFlight: 1_000_000) == 1_000_000)
    }

    @Test func lanesShareTheLimitAndTheUrgentOneComesFirst() {
        var budget = FlightBudget(limit: 10)
        #expect(budget.take(100, for: .bulk, inFlight: 0) == 10)
        #expect(budget.take(4, for: .live, inFlight: 0) == 0)
        // Three of the bulk's are done: they are kept for the live lane, which asked for four.
        #expect(budget.take(100, for: .bulk, inFlight: 7) == 0)
        #expect(budget.take(4, for: .live, inFlight: 0) == 3)
        #expect(budget.take(1, for: .live, inFlight: 3) == 0)
        #expect(budget.take(100, for: .bulk, inFlight: 4) == 2)
    }

    @Test(arguments: 0..<50) func theLimitIsNeverPassed(seed: UInt64) {
        var random = Seeded(state: seed)
        let limit = Int.random(in: 1...30, using: &random)
        var budget = FlightBudget(limit: limit)
        var flying: [Lane: Int] = [:]
        for _ in 0..<200 {
            let lane = Lane.allCases[Int.random(in: Lane.allCases.indices, using: &random)]
            flying[lane, default: 0] -= Int.random(in: 0...flying[lane, default: 0], using: &random)
            flying[lane, default: 0] += budget.take(
                .random(in: 0...20, using: &random), for: lane, inFlight: flying[lane, default: 0])
            #expect(flying.values.reduce(0, +) <= limit, "seed \(seed)")
        }
    }
}

struct SourceBucketsTests {
    private let job = JobID(rawValue: 1)
    private let start = ContinuousClock.now

    @Test func aSourceGivesOneSecondsWorthAtOnceAndThenItsRate() {
        var buckets = SourceBuckets()
        var sent = 0
        for tick in 0...50 {
            let now = start + .milliseconds(100 * tick)
            let next = [Int32](repeating: 7, count: 100)
            let count = buckets.admitted(next, of: job, rate: 10, at: now)
            if tick == 0 { #expect(count == 10) }
            buckets.spend(next[..<count], of: job, rate: 10, at: now)
            sent += count
        }
        #expect((59...60).contains(sent), "\(sent)")
    }

    @Test func aRateBelowOneASecondSendsNowAndThen() {
        var buckets = SourceBuckets()
        #expect(buckets.admitted([1, 1], of: job, rate: 0.5, at: start) == 1)
        buckets.spend([1], of: job, rate: 0.5, at: start)
        #expect(buckets.admitted([1], of: job, rate: 0.5, at: start + .seconds(1)) == 0)
        #expect(buckets.admitted([1], of: job, rate: 0.5, at: start + .milliseconds(2001)) == 1)
    }

    @Test func sourcesInTurnFlowSideBySide() {
        let buckets = SourceBuckets()
        let inTurn = (0..<100).map { Int32($0 % 4) }
        #expect(buckets.admitted(inTurn, of: job, rate: 2, at: start) == 8)
        #expect(buckets.admitted(inTurn.sorted(), of: job, rate: 2, at: start) == 2)
    }

    @Test func fullBucketsAreForgotten() {
        var buckets = SourceBuckets()
        buckets.spend((0..<1000).map { Int32($0) }, of: job, rate: 5, at: start)
        #expect(buckets.count == 1000)
        buckets.spend([3], of: job, rate: 5, at: start + .seconds(2))
        #expect(buckets.count == 1)
    }

    @Test(arguments: 0..<30) func noSecondHoldsMoreThanTheRateAndOneBurst(seed: UInt64) {
        var random = Seeded(state: seed)
        var buckets = SourceBuckets()
        let rate = Double.random(in: 0.5...20, using: &random)
        var now = start
        var times: [Duration] = []
        for _ in 0..<300 {
            now += .milliseconds(Int.random(in: 1...300, using: &random))
            let next = [Int32](repeating: 0, count: Int.random(in: 0...40, using: &random))
            let count = buckets.admitted(next, of: job, rate: rate, at: now)
            buckets.spend(next[..<count], of: job, rate: rate, at: now)
            times += Array(repeating: now - start, count: count)
        }
        for (index, time) in times.enumerated() {
            let within = times[index...].prefix { $0 < time + .seconds(1) }.count
            #expect(Double(within) <= rate + max(1, rate) + 1, "seed \(seed)")
        }
    }
}
