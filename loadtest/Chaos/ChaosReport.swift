internal import Foundation

/// What a run did and proved.
package struct ChaosReport: Sendable {
    package let seed: UInt64
    package let minutes: Double
    /// SIGKILLs of processes and servers.
    package let kills: Int
    package let jobs: Int
    package let shards: Int
    package let posts: Int
    package let lostPosts: Int
    package let doublePosts: Int
    /// Empty when every job is exact and nothing ended that nobody struck.
    package let problems: [String]
    /// Name and value of each figure, to be printed.
    package let lines: [(name: String, value: String)]

    init(settings: ChaosSettings, facts: ChaosRecord.Facts, settling: Duration) {
        seed = settings.seed
        minutes = settings.lasting / .seconds(60)
        kills = facts.killed
        jobs = facts.jobs.count
        shards = facts.jobs.reduce(0) { $0 + $1.shards }
        posts = facts.jobs.reduce(0) { $0 + $1.countedPosts }
        lostPosts = facts.jobs.reduce(0) { $0 + $1.lostPosts }
        doublePosts = facts.jobs.reduce(0) { $0 + $1.doublePosts }
        var problems = facts.problems
        if kills < settings.leastKills { problems.append("\(kills) kills, fewer than \(settings.leastKills)") }
        if jobs == 0 { problems.append("no job ended") }
        self.problems = problems

        func list(_ counts: [String: Int]) -> String {
            counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
                .joined(separator: ", ")
        }
        let others = facts.faults.filter { !$0.key.hasPrefix("SIGKILL of a role") }
        let exact = facts.jobs.count { $0.differences.isEmpty }
        let again = facts.jobs.reduce(0) { $0 + $1.shardsAgain }
        let slowest = facts.jobs.map(\.seconds).max() ?? 0
        lines = [
            ("seed", "\(seed)"),
            ("time under fire", String(format: "%.1f min", minutes)),
            ("kills by SIGKILL", "\(kills): \(list(facts.kills))"),
            ("other faults", "\(others.values.reduce(0, +)): \(list(others))"),
            (
                "jobs",
                "\(jobs), \(exact) of them bit for bit as counted by one process; the slowest took "
                    + String(format: "%.0f s", slowest)
            ),
            (
                "shards",
                "\(shards), \(again) of them merged at a later attempt than their first; the highest was "
                    + "\(facts.jobs.map(\.highestAttempt).max() ?? 0)"
            ),
            ("posts", "\(posts), \(lostPosts) lost, \(doublePosts) counted twice"),
            ("submissions repeated", "\(facts.repeatedSubmissions) with the same key"),
            ("starts that failed", "\(facts.failedStarts), a server being away"),
            ("slowest end after SIGTERM", facts.slowestStop.inSeconds),
            ("settled after the fire", settling.inSeconds),
            ("problems", problems.isEmpty ? "none" : "\(problems.count)"),
        ]
    }
}
