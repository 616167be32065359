import Glibc

/// A process that stays the same one: its number, and when it began, since numbers are used again.
struct ProcessIdentity: Equatable, Sendable {
    let pid: pid_t
    /// Clock ticks from boot to the start of the process.
    let started: UInt64

    init(pid: pid_t, started: UInt64) {
        self.pid = pid
        self.started = started
    }

    /// The process that has this number now, unless it has ended.
    init?(running pid: pid_t) {
        guard let facts = ProcessFacts(pid: pid), !facts.hasEnded else { return nil }
        self.init(pid: pid, started: facts.started)
    }

    /// Whether this process, and no later one of the same number, is running.
    var isRunning: Bool { Self(running: pid) == self }
}

/// What `/proc` says about a process.
struct ProcessFacts {
    let state: Character
    let started: UInt64

    /// A zombie: ended, and not yet waited for by its parent.
    var hasEnded: Bool { state == "Z" || state == "X" }

    init?(pid: pid_t) {
        guard pid > 0, let text = try? TextFile.read("/proc/\(pid)/stat") else { return nil }
        // The second field is the program's name in brackets, which may itself hold spaces and brackets.
        guard let bracket = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: bracket)...].split(separator: " ")
        guard fields.count > 19, let state = fields[0].first, let started = UInt64(fields[19]) else { return nil }
        self.state = state
        self.started = started
    }
}
