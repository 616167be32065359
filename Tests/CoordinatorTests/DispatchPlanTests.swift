import Coordinator
import Domain
import Harness
import Testing

struct DispatchPlanTests {
    private func job(_ number: Int32) -> JobID { JobID(rawValue: number) }

    @Test func weightsDecideTheSharesOfALongRun() {
        var plan = DispatchPlan()
        let jobs = [3, 2, 1].enumerated().map { index, weight in
            DispatchPlan.Claimant(job: job(Int32(index + 1)), weight: weight, waiting: 1_000_000)
        }
        var sent: [JobID: Int] = [:]
        for _ in 0..<3000 { sent.merge(plan.share(1, among: jobs), uniquingKeysWith: +) }
        #expect(abs(sent[job(1), default: 0] - 1500) <= 75)
        #expect(abs(sent[job(2), default: 0] - 1000) <= 50)
        #expect(abs(sent[job(3), default: 0] - 500) <= 25)
    }

    @Test func aSmallJobLeavesItsPlacesToTheOthers() {
        var plan = DispatchPlan()
        let shares = plan.share(
            100,
            among: [
                .init(job: job(1), weight: 1, waiting: 3), .init(job: job(2), weight: 1, waiting: 1000),
            ])
        #expect(shares == [job(1): 3, job(2): 97])
    }

    @Test(arguments: 0..<50) func everyPlaceIsUsedWhileAnyJobWaits(seed: UInt64) {
        var random = Seeded(state: seed)
        var plan = DispatchPlan()
        for _ in 0..<20 {
            let jobs = (0..<Int.random(in: 0...6, using: &random)).map { index in
                DispatchPlan.Claimant(
                    job: job(Int32(index)), weight: .random(in: 1...9, using: &random),
                    waiting: .random(in: 0...50, using: &random))
            }
            let places = Int.random(in: 0...120, using: &random)
            let shares = plan.share(places, among: jobs)
            let waiting = jobs.reduce(0) { $0 + $1.waiting }
            #expect(shares.values.reduce(0, +) == min(places, waiting), "seed \(seed)")
            #expect(jobs.allSatisfy { shares[$0.job, default: 0] <= $0.waiting }, "seed \(seed)")
        }
    }
}
