import Domain
import Harness
import Testing

@testable import Delivery

@Suite struct RetryPlanTests {
    private let plan = RetryPlan(settings: DeliverySettings())

    @Test(arguments: 0..<20) func pausesDoubleUpToAnHourAndAreDrawn(seed: UInt64) {
        var random = Seeded(state: seed)
        for attempt in 1...40 {
            let limit = min(Duration.seconds(5) * (1 << min(attempt - 1, 20)), .seconds(3600))
            let pause = plan.pause(after: attempt, age: .zero, asked: nil, using: &random)
            #expect(pause.map { (limit / 2...limit).contains($0) } == true, "seed \(seed), attempt \(attempt)")
        }
    }

    @Test func aReceiverIsGivenTheTimeItAsksFor() {
        var random = Seeded(state: 1)
        #expect(plan.pause(after: 1, age: .zero, asked: .seconds(600), using: &random) == .seconds(600))
        // Not beyond the message's life: it has one more try.
        #expect(plan.pause(after: 1, age: .seconds(86_000), asked: .seconds(9999), using: &random) == .seconds(400))
    }

    @Test func aMessageIsSetAsideAfterADayOrManyTries() {
        var random = Seeded(state: 1)
        #expect(plan.pause(after: 3, age: .seconds(86_400), asked: nil, using: &random) == nil)
        #expect(plan.pause(after: 60, age: .zero, asked: nil, using: &random) == nil)
    }

    @Test func retryAfterIsSecondsOrADate() {
        let now = Timestamp(milliseconds: 784_111_777_000)
        #expect(RetryAfter.pause("120", now: now) == .seconds(120))
        #expect(RetryAfter.pause("Sun, 06 Nov 1994 08:50:37 GMT", now: now) == .seconds(60))
        #expect(RetryAfter.pause("Sun, 06 Nov 1994 08:00:00 GMT", now: now) == .zero)
        for text in ["", "soon", "-5", "Sun, 06 Nie 1994 08:50:37 GMT", "99999999999999999999"] {
            #expect(RetryAfter.pause(text, now: now) == nil, "\(text)")
        }
    }

    @Test func anOutageIsToldOnce() {
        var health = ChannelHealth()
        let start = ContinuousClock.now
        #expect(health.note(works: true, at: start) == nil)
        #expect(health.note(works: false, at: start) == .lost)
        #expect(health.note(works: false, at: start + .seconds(5)) == nil)
        #expect(health.note(works: true, at: start + .seconds(9)) == .regained(after: .seconds(9)))
        #expect(health.note(works: true, at: start + .seconds(10)) == nil)
    }
}
