import Chaos
import Testing

struct ChaosPlanTests {
    @Test(arguments: [1, 2, 77] as [UInt64]) func aSeedAlwaysGivesTheSamePlan(seed: UInt64) {
        let plan = ChaosPlan(seed: seed, lasting: .seconds(300), kills: 150)
        #expect(plan == ChaosPlan(seed: seed, lasting: .seconds(300), kills: 150))
        #expect(plan.description == ChaosPlan(seed: seed, lasting: .seconds(300), kills: 150).description)
        #expect(plan != ChaosPlan(seed: seed + 1, lasting: .seconds(300), kills: 150))
    }

    @Test func killsOfRolesAreTheMostFrequentAndNoKindIsMissing() {
        let plan = ChaosPlan(seed: 5, lasting: .seconds(3600), kills: 1000)
        let kinds = plan.steps.reduce(into: [String: Int]()) { $0[$1.fault.kind, default: 0] += 1 }
        let kills = kinds["SIGKILL of a role"] ?? 0
        #expect(kinds.count == 16)
        #expect(kinds.allSatisfy { $0.value <= kills })
        #expect(kills * 2 > plan.steps.count)
    }

    @Test(arguments: [1, 12, 150]) func moreKillsArePlannedThanAskedFor(kills: Int) {
        let plan = ChaosPlan(seed: 9, lasting: .seconds(60), kills: kills)
        #expect(plan.steps.count { if case .kill = $0.fault { true } else { false } } > kills)
    }

    @Test func stepsLieInOrderWithinTheTimeAndEveryOneInALane() {
        let plan = ChaosPlan(seed: 3, lasting: .seconds(120), kills: 60)
        #expect(plan.steps.map(\.at) == plan.steps.map(\.at).sorted())
        #expect(plan.steps.allSatisfy { (.zero..<Duration.seconds(120)).contains($0.at) })
        let lanes = ChaosFault.Lane.all.map { plan.steps(in: $0).count }
        #expect(lanes.reduce(0, +) == plan.steps.count)
        #expect(lanes.allSatisfy { $0 > 0 })
    }

    @Test func stopsAreBothShorterAndLongerThanALease() {
        let plan = ChaosPlan(seed: 11, lasting: .seconds(600), kills: 300)
        let stops = plan.steps.compactMap { step -> Duration? in
            if case .suspend(_, let time) = step.fault { time } else { nil }
        }
        #expect(stops.contains { $0 < .seconds(3) })
        #expect(stops.contains { $0 > .seconds(3) })
    }
}
