import Domain
import Testing

struct ShardMachineTests {
    private static let all: [ShardMachine.Event] = [
        .claimed, .handedBack, .leaseEnded, .failed(.transient), .failed(.permanent), .failed(.poison), .due, .merged,
        .retried,
    ]

    private static func machine(after events: [ShardMachine.Event]) -> ShardMachine {
        var machine = ShardMachine()
        for event in events { machine.apply(event) }
        return machine
    }

    @Test func everyHistoryOfFiveEventsKeepsTheRules() {
        var histories: [[ShardMachine.Event]] = [[]]
        for _ in 0..<5 {
            histories = histories.flatMap { history in Self.all.map { history + [$0] } }
        }
        for history in histories {
            let machine = Self.machine(after: history)
            #expect((machine.state == .merged) == history.contains(.merged), "\(history)")
            if history.contains(.failed(.permanent)), !history.contains(.retried), !history.contains(.merged) {
                #expect(machine.state == .dead, "\(history)")
            }
            #expect(machine.errors < ShardMachine.errorLimit || machine.state == .dead || machine.state == .merged)
        }
    }

    @Test func aMergedShardIsNeverTouchedAgain() {
        let merged = Self.machine(after: [.claimed, .leaseEnded, .merged])
        for event in Self.all {
            var machine = merged
            machine.apply(event)
            #expect(machine == merged, "\(event)")
        }
    }

    @Test func tenLeasesWithoutAWordMakeItDeadAndAPersonWakesIt() {
        var machine = Self.machine(after: Array(repeating: [.claimed, .leaseEnded], count: 9).flatMap { $0 })
        #expect(machine.state == .waiting && machine.isSuspect)
        machine.apply(.leaseEnded)
        #expect(machine.state == .dead)
        machine.apply(.retried)
        #expect(machine.state == .delayed(atMost: .zero) && !machine.isSuspect)
    }

    @Test func pausesDoubleAndTheFifthErrorEndsThem() {
        var machine = ShardMachine()
        for seconds in [1, 2, 4, 8] {
            machine.apply(.failed(.transient))
            #expect(machine.state == .delayed(atMost: .seconds(seconds)))
            machine.apply(.due)
        }
        machine.apply(.failed(.transient))
        #expect(machine.state == .dead && machine.errors == 5)
    }

    @Test func aPoisonousRecordAndAHandBackCostTheShardNothing() {
        let machine = Self.machine(after: [.claimed, .failed(.poison), .handedBack])
        #expect(machine == ShardMachine())
    }
}
