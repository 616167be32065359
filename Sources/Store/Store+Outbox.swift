internal import Postgres

/// Messages about anomalies on their way to receivers.
extension TrendStore {
    /// Takes messages of a channel in hand: of each anomaly the first that waits.
    ///
    /// - Parameter lease: for so long no other deliverer gets them; one that dies has them no longer after it.
    package func claimMessages(of channel: String, most: Int, lease: Duration) async throws -> [OutboxMessage] {
        try await connection.use { session in
            try session.query(
                """
                SELECT id, attempt, message_key, message_event, message, age FROM gw.claim_messages($1, $2, $3)
                ORDER BY id
                """, .text(channel), .int4(Int32(clamping: most)), .double(lease / .seconds(1))
            ).map { row in
                OutboxMessage(
                    id: row.int(0), attempt: Int(row.int(1)), key: row.text(2), event: row.text(3), json: row.text(4),
                    age: .seconds(row.double(5)))
            }
        }
    }

    /// Notes that the receiver took it; safe to repeat.
    package func noteDelivered(_ message: OutboxMessage) async throws {
        try await connection.use { session in
            _ = try session.query("SELECT gw.message_delivered($1)", .int8(message.id))
        }
    }

    /// Puts a message off, or sets it aside.
    ///
    /// - Parameter pause: until the next try; `nil` for none.
    package func noteFailure(of message: OutboxMessage, reason: String, pause: Duration?) async throws {
        try await connection.use { session in
            _ = try session.query(
                "SELECT gw.message_failed($1, $2, $3, $4)", .int8(message.id), .int4(Int32(clamping: message.attempt)),
                .text(reason), .double(pause.map { $0 / .seconds(1) }))
        }
    }

    /// Channels that have messages which may be sent now.
    package func waitingMessages() async throws -> [WaitingMessages] {
        try await connection.use { session in
            try session.query("SELECT channel, messages, oldest FROM gw.waiting_messages()").map { row in
                WaitingMessages(channel: row.text(0), count: Int(row.int(1)), oldest: .seconds(row.double(2)))
            }
        }
    }

    /// Deletes what was delivered or set aside more than so many days ago.
    @discardableResult
    package func forgetMessages(olderThanDays days: Int) async throws -> Int {
        try await connection.use { session in
            Int(try session.query("SELECT gw.forget_messages($1)", .int4(Int32(clamping: days))).first?.int(0) ?? 0)
        }
    }

    // MARK: For users

    /// The latest messages, newest first.
    package func deliveries(
        state: DeliveryStatus.State? = nil, channel: String? = nil, limit: Int = 1000
    ) async throws -> [DeliveryStatus] {
        try await connection.use { session in
            try session.query(
                """
                SELECT delivery, channel, monitor, brand, anomaly, revision, event, state, created_at, attempts, next_try,
                    last_error
                FROM trends.deliveries WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR channel = $2)
                ORDER BY delivery DESC LIMIT $3
                """, .text(state?.rawValue), .text(channel), .int8(Int64(limit))
            ).map(DeliveryStatus.init(row:))
        }
    }

    /// Gives messages that were set aside a new life.
    ///
    /// - Parameters:
    ///   - ids: only these.
    ///   - channel: only those of this channel.
    /// - Returns: how many.
    package func retryDeliveries(ids: [Int64]? = nil, channel: String? = nil) async throws -> Int {
        try await connection.use { session in
            try session.query(
                """
                UPDATE gw.outbox SET dead_at = NULL, attempts = 0, next_try = '-infinity', retried_at = now()
                WHERE dead_at IS NOT NULL AND delivered_at IS NULL AND ($3 OR outbox_id = ANY ($1))
                    AND ($2::text IS NULL OR channel = $2)
                """,
                .int8s(ids ?? []), .text(channel), .bool(ids == nil)
            ).affected
        }
    }
}
