import Coordinator
import Domain
import Harness
import Testing

struct DispatchPlanTests {
    private func job(_ number: Int32) -> JobID { JobID(rawValue: number) }

    @Test(arguments: [1, 7, 64, 3000]) func weightsHoldInEveryStretchOfTheOrder(page: Int) {
        var plan = DispatchPlan()
        let jobs = [3, 2, 1].enumerated().map { index, weight in
            DispatchPlan.Claimant(job: job(Int32(index + 1)), weight: weight, waiting: 1_000_000)
        }
        var order: [JobID] = []
        while order.count < 3000 { order += plan.order(page, among: jobs) }
        for start in stride(from: 0, to: 2940, by: 60) {
            let stretch = order[start..<start + 60]
            for (number, share) in [(1, 30), (2, 20), (3, 10)] {
                let count = stretch.count { $0 == job(Int32(number)) }
                #expect(abs(count - share) <= 1, "job \(number) has \(count) of 60 from \(start)")
            }
        }
    }

    @Test func aJobThatComesLaterHasItsShareFromThenOnAndNoMore() {
        var plan = DispatchPlan()
        let first = DispatchPlan.Claimant(job: job(1), weight: 1, waiting: 1_000_000)
        let second = DispatchPlan.Claimant(job: job(2), weight: 1, waiting: 1_000_000)
        _ = plan.order(5000, among: [first])
        let order = plan.order(100, among: [first, second])
        #expect(order.count { $0 == job(2) } == 50)
        // It goes away and comes back: what it missed is not made up for.
        _ = plan.order(5000, among: [first])
        #expect(plan.order(100, among: [first, second]).count { $0 == job(2) } == 50)
    }

    @Test func aHigherPriorityGoesFirstAndALowerOneGetsTheRest() {
        var plan = DispatchPlan()
        let order = plan.order(
            100,
            among: [
                .init(job: job(1), weight: 1000, priority: -1, waiting: 1000),
                .init(job: job(2), weight: 1, priority: 5, waiting: 30),
                .init(job: job(3), weight: 1, priority: 0, waiting: 20),
            ])
        #expect(
            order == Array(repeating: job(2), count: 30) + Array(repeating: job(3), count: 20)
                + Array(repeating: job(1), count: 50))
    }

    @Test func aSmallJobLeavesItsPlacesToTheOthers() {
        var plan = DispatchPlan()
        let order = plan.order(
            100,
            among: [
                .init(job: job(1), weight: 1, waiting: 3), .init(job: job(2), weight: 1, waiting: 1000),
            ])
        #expect(order.count { $0 == job(1) } == 3 && order.count { $0 == job(2) } == 97)
    }

    @Test(arguments: 0..<50) func everyPlaceIsUsedWhileAnyJobWaits(seed: UInt64) {
        var random = Seeded(state: seed)
        var plan = DispatchPlan()
        for _ in 0..<20 {
            let jobs = (0..<Int.random(in: 0...6, using: &random)).map { index in
                DispatchPlan.Claimant(
                    job: job(Int32(index)), weight: .random(in: 1...9, using: &random),
                    priority: .random(in: -1...1, using: &random), waiting: .random(in: 0...50, using: &random))
            }
            let places = Int.random(in: 0...120, using: &random)
            let order = plan.order(places, among: jobs)
            let waiting = jobs.reduce(0) { $0 + $1.waiting }
            #expect(order.count == min(places, waiting), "seed \(seed)")
            #expect(jobs.allSatisfy { job in order.count { $0 == job.job } <= job.waiting }, "seed \(seed)")
            // Strict priority: whoever is left waiting has nobody of a lower priority served.
            for job in jobs where order.count(where: { $0 == job.job }) < job.waiting {
                let lower = Set(jobs.filter { $0.priority < job.priority }.map(\.job))
                #expect(!order.contains(where: lower.contains), "seed \(seed)")
            }
        }
    }
}
