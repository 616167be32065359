package import Domain

/// Shares the free places of a lane's window among its jobs: deficit round robin, each job by its weight.
///
/// A job that needs fewer places than its share leaves the rest to the others, so no place stays empty while any job
/// has work. A value: no clock, no server.
///
/// Source: M. Shreedhar, G. Varghese, "Efficient Fair Queueing Using Deficit Round Robin", SIGCOMM 1995.
package struct DispatchPlan: Sendable {
    /// A job that has shards to send.
    package struct Claimant: Equatable, Sendable {
        package let job: JobID
        /// Shares of the lane, at least 1.
        package let weight: Int
        /// Shards not yet sent.
        package let waiting: Int

        package init(job: JobID, weight: Int, waiting: Int) {
            self.job = job
            self.weight = max(1, weight)
            self.waiting = waiting
        }
    }

    /// What a job may send beyond whole shards, carried to the next round; only jobs that still wait are remembered.
    private var deficits: [JobID: Double] = [:]

    package init() {}

    /// How many shards each job sends now; the sum is `places`, or less when the jobs have less.
    package mutating func share(_ places: Int, among claimants: [Claimant]) -> [JobID: Int] {
        var left = places
        var granted: [JobID: Int] = [:]
        var waiting = claimants.filter { $0.waiting > 0 }.sorted { $0.job < $1.job }
        deficits = deficits.filter { deficit in waiting.contains { $0.job == deficit.key } }
        while left > 0 && !waiting.isEmpty {
            let weights = waiting.reduce(0) { $0 + $1.weight }
            let quantum = Double(left) / Double(weights)
            var spent = 0
            for claimant in waiting {
                let credit = deficits[claimant.job, default: 0] + quantum * Double(claimant.weight)
                let wanted = claimant.waiting - granted[claimant.job, default: 0]
                let given = min(Int(credit), wanted, left - spent)
                granted[claimant.job, default: 0] += given
                deficits[claimant.job] = given == wanted ? 0 : credit - Double(given)
                spent += given
            }
            left -= spent
            waiting.removeAll { granted[$0.job, default: 0] == $0.waiting }
            // Shares below one shard: the largest credit takes the next place, so that the round always ends.
            if spent == 0, let first = waiting.max(by: { deficits[$0.job, default: 0] < deficits[$1.job, default: 0] })
            {
                granted[first.job, default: 0] += 1
                deficits[first.job, default: 0] -= 1
                left -= 1
                waiting.removeAll { granted[$0.job, default: 0] == $0.waiting }
            }
        }
        return granted.filter { $0.value > 0 }
    }
}
