package import Domain

/// Decides whose shard goes next: strictly by priority, and by weight among jobs of one priority.
///
/// Stride scheduling: each job has a clock that a sent shard moves on by one over the weight, and the job whose clock is
/// behind goes next. So any stretch of the order holds each job's share to within one shard, and a job that needs less
/// leaves the rest to the others. A job that comes (back) starts at the present time: it neither owes nor is owed
/// anything. A value: no server.
///
/// Source: C. Waldspurger, W. Weihl, "Stride Scheduling: Deterministic Proportional-Share Resource Management", 1995.
package struct DispatchPlan: Sendable {
    /// A job that may have shards to send.
    package struct Claimant: Equatable, Sendable {
        package let job: JobID
        /// Shares next to jobs of the same priority, at least 1.
        package let weight: Int
        package let priority: Int
        /// Shards that may be sent now.
        package var waiting: Int

        package init(job: JobID, weight: Int, priority: Int = 0, waiting: Int) {
            self.job = job
            self.weight = max(1, weight)
            self.priority = priority
            self.waiting = waiting
        }
    }

    /// Each job's clock; only those of jobs that were named last are remembered.
    private var clocks: [JobID: Double] = [:]
    /// The present time of each priority: the clock of the job that went last.
    private var times: [Int: Double] = [:]

    package init() {}

    /// The jobs of the next shards in the order of their sending: `places` of them, or as many as wait.
    package mutating func order(_ places: Int, among claimants: [Claimant]) -> [JobID] {
        let named = Set(claimants.map(\.job))
        clocks = clocks.filter { named.contains($0.key) }
        var order: [JobID] = []
        for (priority, group) in Dictionary(grouping: claimants, by: \.priority).sorted(by: { $0.key > $1.key }) {
            guard order.count < places else { break }
            serve(group.filter { $0.waiting > 0 }.sorted { $0.job < $1.job }, priority, until: places, &order)
        }
        return order
    }

    private mutating func serve(_ group: [Claimant], _ priority: Int, until places: Int, _ order: inout [JobID]) {
        var group = group
        var time = times[priority, default: 0]
        var clocks = group.map { max(self.clocks[$0.job, default: time], time) }
        while order.count < places, let next = clocks.indices.min(by: { clocks[$0] < clocks[$1] }) {
            time = clocks[next]
            clocks[next] += 1 / Double(group[next].weight)
            self.clocks[group[next].job] = clocks[next]
            order.append(group[next].job)
            group[next].waiting -= 1
            if group[next].waiting == 0 {
                group.remove(at: next)
                clocks.remove(at: next)
            }
        }
        times[priority] = time
    }
}
