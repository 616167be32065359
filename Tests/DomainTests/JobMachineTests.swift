import Domain
import Testing

struct JobMachineTests {
    /// Every event in every state: where it leads, or nil where it is refused.
    private static let table: [(state: JobState?, events: [JobEvent: JobState])] = [
        (nil, [.submit: .running]),
        (
            .running,
            [
                .pause: .paused, .resume: .running, .cancel: .cancelled, .finish: .completed,
                .finishWithErrors: .completedWithErrors, .retry: .running,
            ]
        ),
        (.paused, [.pause: .paused, .resume: .running, .cancel: .cancelled, .retry: .paused]),
        (.cancelled, [.cancel: .cancelled]),
        (.completed, [.finish: .completed]),
        (.completedWithErrors, [.finishWithErrors: .completedWithErrors, .retry: .running]),
    ]

    @Test func everyEventInEveryStateLeadsWhereTheTableSays() {
        #expect(Self.table.count == JobState.allCases.count + 1)
        for (state, events) in Self.table {
            for event in JobEvent.allCases {
                var machine = JobMachine(state: state)
                #expect(
                    machine.apply(event) == (events[event] != nil), "\(event) in \(state.map { "\($0)" } ?? "nothing")")
                #expect(machine.state == events[event] ?? state)
            }
        }
    }

    @Test func sayingTheSameTwiceChangesNothing() {
        for state in JobState.allCases {
            for event in JobEvent.allCases {
                var once = JobMachine(state: state)
                guard once.apply(event) else { continue }
                var twice = once
                #expect(twice.apply(event) && twice == once, "\(event) in \(state)")
            }
        }
    }

    @Test func aCancelledOrCompletedJobNeverRunsAgain() {
        for state in [JobState.cancelled, .completed] {
            for event in JobEvent.allCases {
                var machine = JobMachine(state: state)
                _ = machine.apply(event)
                #expect(machine.state == state)
            }
        }
    }

    @Test func theOriginsOfAnEventAreTheStatesThatTakeIt() {
        #expect(JobMachine.origins(of: .submit).isEmpty)
        #expect(Set(JobMachine.origins(of: .pause)) == [.running, .paused])
        #expect(Set(JobMachine.origins(of: .resume)) == [.running, .paused])
        #expect(Set(JobMachine.origins(of: .cancel)) == [.running, .paused, .cancelled])
        #expect(Set(JobMachine.origins(of: .retry)) == [.running, .paused, .completedWithErrors])
    }
}
