/// One numbered change of the schema: statements that run in one transaction, once for each database.
struct Migration: Sendable {
    let version: Int
    let name: String
    let sql: String

    /// In order, without gaps.
    ///
    /// A published migration is never changed: a new one is added.
    static let all = [
        tables, partitions, functions, views, scheduling, slots, troubles, labels, readings, reasons, live,
        anomalies,
    ]

    /// The version that this program works with.
    static var latest: Int { all.count }
}
