import Foundation
import LocalServers

/// Faults of workers.
extension FaultRig {
    /// SIGKILL of all workers but two, at moments spread over two beats; until another has each shard that they held.
    func killWorkers(rounds: Int, _ report: inout Report) async throws {
        let mark = profile == "fast" ? 5.0 : 17.0
        let victims = Array(workers.dropFirst(2))
        var times = Times()
        for _ in 0..<rounds {
            var open: [(pid: Int32, leases: Set<String>, death: ContinuousClock.Instant)] = []
            for victim in victims {
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...(profile == "fast" ? 500 : 2500))))
                let pid = try program(victim).pid
                let held = try await leasesOfPaused(victim)
                try signal(SIGKILL, victim)
                bury(victim)
                open.append((pid, held, .now))
                times.addTaken(from: &open, stillHeld: try await leases(of: open.map(\.pid)))
            }
            while open.contains(where: { !$0.leases.isEmpty }) {
                times.addTaken(from: &open, stillHeld: try await leases(of: open.map(\.pid)))
                try await Task.sleep(for: .milliseconds(10))
            }
            for victim in victims { try start("worker", name: victim) }
            try await untilMore("groundswell_shards_finished_total", of: victims)
        }
        report.add("kill, \(profile): shard leased again after SIGKILL", times.text(mark: mark))
        let lost = try await total("groundswell_leases_lost_total", of: workers)
        report.add("kill, \(profile): leases lost by living workers, cores busy", "\(lost)")
    }

    private func leases(of pids: [Int32]) async throws -> [Int32: Set<String>] {
        var leases: [Int32: Set<String>] = [:]
        for pid in pids { leases[pid] = try await self.leases(of: pid) }
        return leases
    }

    /// Stops a worker at a moment when it holds shards.
    private func leasesOfPaused(_ worker: String) async throws -> Set<String> {
        let pid = try program(worker).pid
        var held: Set<String> = []
        try await until("\(worker) holds shards") {
            try signal(SIGSTOP, worker)
            held = try await leases(of: pid)
            if held.isEmpty { try signal(SIGCONT, worker) }
            return !held.isEmpty
        }
        return held
    }

    /// SIGTERM of a busy worker, until nothing is leased to it any more.
    func terminateWorkers(times count: Int, _ report: inout Report) async throws {
        var handedBack = Times()
        var exits = Times()
        var held = 0
        for turn in 0..<count {
            let worker = workers[turn % workers.count]
            let pid = try program(worker).pid
            try await until("\(worker) holds shards") { try await !leases(of: pid).isEmpty }
            held += try await leases(of: pid).count
            let asked = ContinuousClock.now
            try signal(SIGTERM, worker)
            while try await !leases(of: pid).isEmpty { try await Task.sleep(for: .milliseconds(2)) }
            handedBack.add(ContinuousClock.now - asked)
            while try program(worker).isRunning { try await Task.sleep(for: .milliseconds(2)) }
            exits.add(ContinuousClock.now - asked)
            bury(worker)
            try start("worker", name: worker)
        }
        try await drain()
        let burnt = try postgres.psql("SELECT count(*) FROM gw.trouble", database: "groundswell")
        report.add("term, \(profile): nothing held after SIGTERM", handedBack.text(mark: 2))
        report.add("term, \(profile): process gone after SIGTERM", exits.text(mark: 2))
        report.add(
            "term, \(profile): attempts burnt",
            "\(burnt.trimmingCharacters(in: .whitespacesAndNewlines)) of \(held) shards held")
    }

    /// SIGSTOP past the lease, then SIGCONT: the late results must be refused.
    func sleepThroughLeases(times count: Int, _ report: inout Report) async throws {
        let sleeper = workers[0]
        let pid = try program(sleeper).pid
        for _ in 0..<count {
            _ = try await leasesOfPaused(sleeper)
            try await until("the shards are taken over") { try await leases(of: pid).isEmpty }
            try signal(SIGCONT, sleeper)
            try await untilMore("groundswell_shards_finished_total", of: [sleeper])
        }
        let refused = try await metric("groundswell_results_refused_total", of: sleeper)
        let lost = try await metric("groundswell_leases_lost_total", of: sleeper)
        report.add(
            "fence, \(profile): \(count) sleeps past the lease",
            "\(refused) late results refused, \(lost) leases found lost by the heartbeat first")
    }
}

extension Times {
    /// Notes the leases that somebody else has by now, and forgets them.
    fileprivate mutating func addTaken(
        from open: inout [(pid: Int32, leases: Set<String>, death: ContinuousClock.Instant)],
        stillHeld: [Int32: Set<String>]
    ) {
        let now = ContinuousClock.now
        for index in open.indices {
            let still = open[index].leases.intersection(stillHeld[open[index].pid] ?? [])
            for _ in 0..<open[index].leases.count - still.count { add(now - open[index].death) }
            open[index].leases = still
        }
    }
}
