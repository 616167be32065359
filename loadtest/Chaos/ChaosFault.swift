/// One thing that goes wrong.
package enum ChaosFault: Hashable, Sendable {
    /// What Redis finds of its append-only file when it starts again.
    package enum RedisFile: String, CaseIterable, Sendable {
        case kept
        case lost
        /// A copy taken at an earlier restart: the queue believes in a past that is over.
        case older
    }

    package enum Server: String, CaseIterable, Sendable {
        case redis
        case postgres
    }

    /// What happens to connections on their way.
    package enum Line: Hashable, Sendable {
        /// Every piece of data waits this long.
        case delay(Duration)
        /// All connections end by a reset.
        case cut
        /// The clients see the end of the answers, while what they send still arrives.
        case halfClose
        /// The server's ends are gone, and the clients are not told.
        case loseServers
        /// The clients' ends are gone, and the server is not told: it may hold locks for them.
        case loseClients
        /// Connections stay, new ones are accepted, and nothing passes.
        case freeze
    }

    /// SIGKILL; a supervisor starts the process again after a while.
    case kill(ChaosMember, restartAfter: Duration)
    /// SIGTERM, and a start as after a kill.
    case terminate(ChaosMember, restartAfter: Duration)
    /// SIGSTOP, then SIGCONT: a hung machine that does not know it was away.
    case suspend(ChaosMember, Duration)
    case flushRedis
    case killRedis(away: Duration, file: RedisFile)
    case suspendRedis(Duration)
    /// A fast shutdown and a start.
    case restartPostgres(away: Duration)
    /// SIGKILL and a start, which replays the log.
    case killPostgres(away: Duration)
    /// Between a server and one member, or all of them.
    case disturb(Line, Server, of: ChaosMember?, Duration)
}

extension ChaosFault {
    /// What the fault strikes; faults of one lane follow each other, those of different lanes overlap.
    package enum Lane: Hashable, Sendable {
        case member(ChaosMember)
        case redis
        case postgres
        case network

        package static let all: [Self] = ChaosMember.all.map { .member($0) } + [.redis, .postgres, .network]
    }

    package var lane: Lane {
        switch self {
        case .kill(let member, _), .terminate(let member, _), .suspend(let member, _): .member(member)
        case .flushRedis, .killRedis, .suspendRedis: .redis
        case .restartPostgres, .killPostgres: .postgres
        case .disturb: .network
        }
    }

    /// Whom a SIGKILL ends; `nil` for every other fault.
    package var killed: String? {
        switch self {
        case .kill(.coordinator, _): "coordinators"
        case .kill(.worker, _): "workers"
        case .kill(.reducer, _): "reducers"
        case .killRedis: "Redis"
        case .killPostgres: "PostgreSQL"
        default: nil
        }
    }

    /// The name under which the report counts it.
    package var kind: String {
        switch self {
        case .kill: "SIGKILL of a role"
        case .terminate: "SIGTERM of a role"
        case .suspend: "SIGSTOP of a role"
        case .flushRedis: "FLUSHALL"
        case .killRedis(_, .kept): "SIGKILL of Redis"
        case .killRedis(_, .lost): "SIGKILL of Redis, its file lost"
        case .killRedis(_, .older): "SIGKILL of Redis, an older file restored"
        case .suspendRedis: "SIGSTOP of Redis"
        case .restartPostgres: "restart of PostgreSQL"
        case .killPostgres: "SIGKILL of PostgreSQL"
        case .disturb(.delay, _, _, _): "delayed lines"
        case .disturb(.cut, _, _, _): "cut lines"
        case .disturb(.halfClose, _, _, _): "half-closed lines"
        case .disturb(.loseServers, _, _, _): "half-open lines, the server's end gone"
        case .disturb(.loseClients, _, _, _): "half-open lines, the client's end gone"
        case .disturb(.freeze, _, _, _): "frozen lines"
        }
    }
}

extension ChaosFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .kill(let member, let pause): "SIGKILL \(member.name), start after \(pause.inSeconds)"
        case .terminate(let member, let pause): "SIGTERM \(member.name), start after \(pause.inSeconds)"
        case .suspend(let member, let time): "SIGSTOP \(member.name) for \(time.inSeconds)"
        case .flushRedis: kind
        case .killRedis(let away, _): "\(kind), away for \(away.inSeconds)"
        case .suspendRedis(let time): "\(kind) for \(time.inSeconds)"
        case .restartPostgres(let away), .killPostgres(let away): "\(kind), away for \(away.inSeconds)"
        case .disturb(let line, let server, let member, let time):
            "\(line.words) between \(member?.name ?? "all") and \(server.rawValue) for \(time.inSeconds)"
        }
    }
}

extension ChaosFault.Line {
    fileprivate var words: String {
        switch self {
        case .delay(let time): "lines delayed by \(time.inSeconds)"
        case .cut: "lines cut"
        case .halfClose: "lines half-closed"
        case .loseServers: "lines half-open, the server's end gone,"
        case .loseClients: "lines half-open, the client's end gone,"
        case .freeze: "lines frozen"
        }
    }
}

extension Duration {
    /// `1.25 s`.
    var inSeconds: String {
        let hundredths = Int((self / .milliseconds(10)).rounded())
        let digits = hundredths % 100
        return "\(hundredths / 100).\(digits < 10 ? "0" : "")\(digits) s"
    }
}
