package import Domain
internal import Postgres

/// A message to a channel, as users see it.
package struct DeliveryStatus: Equatable, Sendable {
    package enum State: String, CaseIterable, Sendable {
        case waiting, delivered, dead
    }

    package var id: Int64
    package var channel: String
    package var monitor: String
    package var brand: String
    package var anomaly: Int64
    package var revision: Int
    package var event: String
    package var state: State
    package var createdAt: Timestamp
    package var attempts: Int
    package var nextTry: Timestamp?
    package var lastError: String?

    init(row: PostgresRow) {
        id = row.int(0)
        channel = row.text(1)
        monitor = row.optionalText(2) ?? ""
        brand = row.optionalText(3) ?? ""
        anomaly = row.int(4)
        revision = Int(row.int(5))
        event = row.text(6)
        state = State(rawValue: row.text(7)) ?? .waiting
        createdAt = Timestamp(microseconds: row.microseconds(8))
        attempts = Int(row.int(9))
        nextTry = row.optionalMicroseconds(10).map { Timestamp(microseconds: $0) }
        lastError = row.optionalText(11)
    }
}
