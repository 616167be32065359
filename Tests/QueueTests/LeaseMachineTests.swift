import Testing

@testable import Queue

/// Every sequence of six events in small steps of time, against the laws of a lease.
@Suite struct LeaseMachineTests {
    private enum Event: CaseIterable {
        case pause, beat, renewed, refused, ended
    }

    private static let profile = LeaseProfile(term: .seconds(9), beat: .seconds(3), sweep: .seconds(1))
    private static let start = ContinuousClock.now

    @Test func everyHistoryKeepsTheLaws() {
        var histories = 0
        explore(LeaseMachine(claimedAt: Self.start, profile: Self.profile), now: Self.start, sent: Self.start, depth: 6)
        {
            histories += 1
        }
        #expect(histories == 15_625)
    }

    private func explore(
        _ machine: LeaseMachine, now: LeaseMachine.Instant, sent: LeaseMachine.Instant, depth: Int, _ leaf: () -> Void
    ) {
        guard depth > 0 else { return leaf() }
        for event in Event.allCases {
            var next = machine
            var (now, sent) = (now, sent)
            switch event {
            case .pause: now += .seconds(2)
            case .beat:
                next.beatSent(at: now)
                sent = now
            case .renewed: next.renewed(sentAt: sent)
            case .refused: next.refused()
            case .ended: next.end()
            }
            check(machine, next, event, now: now, sent: sent)
            explore(next, now: now, sent: sent, depth: depth - 1, leaf)
        }
    }

    private func check(
        _ before: LeaseMachine, _ after: LeaseMachine, _ event: Event, now: LeaseMachine.Instant,
        sent: LeaseMachine.Instant
    ) {
        guard case .held(let deadline) = before.state else {
            require(after == before || event == .beat, "what is over stays over")
            require(after.state == before.state && after.action(at: now) == .rest, "what is over rests")
            return
        }
        switch after.state {
        case .lost: require(event == .refused, "only the server's word loses a lease")
        case .ended: require(event == .ended, "only its worker ends a lease")
        case .held(let later):
            require(later >= deadline, "a deadline never moves back")
            require(later == deadline || later == sent + Self.profile.term, "a term counts from the sending")
            require(after.isDoubtful(at: now) == (now >= later), "in doubt is what passed its term")
            switch after.action(at: now) {
            case .wait(let moment):
                require(moment > now, "a wait ends in the future")
                require(moment <= later || event == .beat || after == before, "a beat comes before the term ends")
            case .beat: require(event != .beat, "two beats never follow each other at once")
            case .rest: require(false, "what is held never rests")
            }
        }
    }

    /// One `#expect` for each of 20,000 steps would take seconds: only a broken law is recorded.
    private func require(_ condition: Bool, _ law: Comment) {
        if !condition { Issue.record(law) }
    }

    @Test func threeBeatsFitIntoTheStandardTerm() {
        var machine = LeaseMachine(claimedAt: Self.start, profile: .standard)
        #expect(machine.action(at: Self.start) == .wait(until: Self.start + .seconds(5)))
        #expect(machine.action(at: Self.start + .seconds(5)) == .beat)
        machine.beatSent(at: Self.start + .seconds(5))
        // No answer: the next chance comes after a second, long before the term ends.
        #expect(machine.action(at: Self.start + .seconds(5)) == .wait(until: Self.start + .seconds(6)))
        machine.renewed(sentAt: Self.start + .seconds(6))
        #expect(machine.state == .held(until: Self.start + .seconds(21)))
        #expect(machine.action(at: Self.start + .seconds(7)) == .wait(until: Self.start + .seconds(11)))
    }
}
