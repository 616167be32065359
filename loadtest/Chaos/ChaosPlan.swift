internal import Generator

/// What goes wrong when: a value that follows from its seed alone.
///
/// The times are those at which faults begin. One that finds a role still under an earlier fault waits for its end; one
/// that finds a server so is left out.
package struct ChaosPlan: Equatable, Sendable {
    package struct Step: Equatable, Sendable {
        package let at: Duration
        package let fault: ChaosFault
    }

    package let seed: UInt64
    /// In the order of time.
    package let steps: [Step]

    /// - Parameters:
    ///   - kills: SIGKILLs of role processes wanted; a quarter more are planned, for those that come too late.
    ///     Those of servers come on top.
    package init(seed: UInt64, lasting: Duration, kills: Int) {
        self.seed = seed
        var dice = FaultDice(seed: seed)
        var steps: [Step] = []
        let planned = kills + kills / 4 + 2
        // One in each of as many equal stretches: as random as it should look, and never too few.
        for index in 0..<planned {
            steps.append(Step(at: dice.moment(in: index, of: planned, lasting), fault: dice.kill()))
        }
        let others = planned * 3 / 4
        for index in 0..<others {
            steps.append(Step(at: dice.moment(in: index, of: others, lasting), fault: dice.otherFault()))
        }
        self.steps = steps.sorted { $0.at < $1.at }
    }

    package func steps(in lane: ChaosFault.Lane) -> [Step] { steps.filter { $0.fault.lane == lane } }
}

extension ChaosPlan: CustomStringConvertible {
    package var description: String {
        steps.map { "\($0.at.inSeconds)\t\($0.fault)\n" }.joined()
    }
}

/// Draws faults.
private struct FaultDice {
    private var random: Seeded

    init(seed: UInt64) { random = Seeded(seed) }

    mutating func moment(in stretch: Int, of stretches: Int, _ whole: Duration) -> Duration {
        (whole * stretch + part(of: whole)) / stretches
    }

    private mutating func part(of whole: Duration) -> Duration { whole * random.below(1000) / 1000 }

    private mutating func between(_ least: Int, _ most: Int) -> Duration {
        .milliseconds(least + random.below(most - least + 1))
    }

    /// As a supervisor would: at once, or after a moment.
    private mutating func restart() -> Duration { between(0, 2000) }

    /// Mostly a moment, now and then longer than leases and time-outs.
    private mutating func outage() -> Duration { random.percent(80) ? between(50, 2000) : between(4000, 8000) }

    private mutating func member() -> ChaosMember {
        switch random.below(20) {
        case 0..<10: .worker(1 + random.below(3))
        case 10..<16: .reducer(1 + random.below(2))
        default: .coordinator(1 + random.below(2))
        }
    }

    mutating func kill() -> ChaosFault { .kill(member(), restartAfter: restart()) }

    mutating func otherFault() -> ChaosFault {
        switch random.below(100) {
        // A lease of the fast profile lasts 3 s: half of the stops are shorter.
        case 0..<18: .suspend(member(), random.percent(50) ? between(200, 2000) : between(3500, 7000))
        case 18..<30: .terminate(member(), restartAfter: restart())
        case 30..<37: .flushRedis
        case 37..<42: .killRedis(away: outage(), file: .kept)
        case 42..<47: .killRedis(away: outage(), file: .lost)
        case 47..<52: .killRedis(away: outage(), file: .older)
        case 52..<56: .suspendRedis(outage())
        case 56..<61: .restartPostgres(away: outage())
        case 61..<66: .killPostgres(away: outage())
        default: disturbance()
        }
    }

    private mutating func disturbance() -> ChaosFault {
        let server = random.percent(60) ? ChaosFault.Server.redis : .postgres
        let target = random.percent(70) ? member() : nil
        return switch random.below(36) {
        case 0..<8: .disturb(.delay(between(5, 200)), server, of: target, between(1000, 4000))
        case 8..<17: .disturb(.cut, server, of: target, .zero)
        case 17..<22: .disturb(.halfClose, server, of: target, .zero)
        case 22..<26: .disturb(.loseServers, server, of: target, between(500, 5000))
        case 26..<30: .disturb(.loseClients, server, of: target, between(1000, 12_000))
        default: .disturb(.freeze, server, of: target, between(500, 6000))
        }
    }
}
