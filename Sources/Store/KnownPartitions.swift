internal import Postgres
internal import Synchronization

/// The partitions known to exist, so that a merge asks the server only about new months.
final class KnownPartitions: Sendable {
    private let known = Mutex<Set<Partition>>([])

    /// Makes those that are missing.
    ///
    /// A moment within each partition names it to the server.
    func ensure(_ wanted: [Partition: Int64], _ session: PostgresSession) throws {
        let missing = known.withLock { known in wanted.filter { !known.contains($0.key) } }
        for (partition, start) in missing.sorted(by: { $0.key < $1.key }) where partition.family != .days {
            let name = try session.query(
                "SELECT gw.ensure_partition($1, $2)", .text(partition.family.table),
                .timestamp(microseconds: start * 1_000_000)
            ).first?.text(0)
            precondition(name == partition.table, "the server calls \(partition.table) \(name ?? "nothing")")
        }
        known.withLock { $0.formUnion(missing.keys) }
    }

    /// Forgets all: somebody dropped a partition or restored an older database.
    func removeAll() { known.withLock { $0.removeAll() } }
}
