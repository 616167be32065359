/// A PostgreSQL connection that tasks may share: calls wait their turn, on a thread of their own.
///
/// It connects at the first call and again when the connection was lost. libpq's calls block; since they are made on the
/// actor's own thread they hold up no other task.
package actor PostgresConnection {
    private let executor = ThreadExecutor(label: "postgres")
    private let canceller = Canceller()
    private let session: PostgresSession

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    package init(_ settings: PostgresSettings) {
        session = PostgresSession(settings, canceller: canceller)
    }

    /// Lends the session for one series of blocking calls; nothing else runs on the connection meanwhile.
    ///
    /// When the task is cancelled the running statement is interrupted and `CancellationError` is thrown. A statement
    /// that ended before counts.
    package func use<Value: Sendable>(_ body: @Sendable (PostgresSession) throws -> Value) async throws -> Value {
        try Task.checkCancellation()
        session.refresh()
        let call = canceller.begin()
        defer { canceller.end() }
        do {
            return try await withTaskCancellationHandler {
                try body(session)
            } onCancel: {
                canceller.cancel(call: call)
            }
        } catch let error as PostgresError where error.sqlState == "57014" && Task.isCancelled {
            throw CancellationError()
        }
    }

    /// Ends the connection; the next call makes a new one.
    package func close() { session.disconnect() }
}
