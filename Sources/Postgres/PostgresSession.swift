/// Blocking calls on one connection, made from the connection's own thread: what a `PostgresConnection` lends.
package final class PostgresSession {
    private let settings: PostgresSettings
    private let canceller: Canceller
    private var handle: PostgresHandle?
    private var prepared: [Statement: String] = [:]
    private var inTransaction = false
    private var transactionIsOpen = false

    /// How often this session has connected.
    ///
    /// Session-level things, like advisory locks, end when it changes.
    package private(set) var epoch = 0

    /// Far above what the program has; a bound in case somebody composes statements.
    private static let preparedLimit = 512

    private struct Statement: Hashable {
        var sql: String
        var types: [UInt32]
    }

    init(_ settings: PostgresSettings, canceller: Canceller) {
        self.settings = settings
        self.canceller = canceller
    }

    /// The server's version, like 150020.
    package func serverVersion() throws(PostgresError) -> Int { try connected().serverVersion }

    /// Runs one statement, prepared once for each connection, and returns its rows.
    @discardableResult
    package func query(_ sql: String, _ parameters: PostgresParameter...) throws(PostgresError) -> PostgresRows {
        try query(sql, parameters)
    }

    @discardableResult
    package func query(_ sql: String, _ parameters: [PostgresParameter]) throws(PostgresError) -> PostgresRows {
        let handle = try connected()
        do {
            return try handle.execute(name: try name(of: sql, parameters, handle), parameters)
        } catch {
            forgetStatements(after: error)
            throw error
        }
    }

    /// Runs one statement and hands on its rows one at a time.
    ///
    /// A throw of `each` stops the statement.
    package func stream(
        _ sql: String, _ parameters: PostgresParameter..., each: (PostgresRow) throws -> Void
    ) throws {
        let handle = try connected()
        let name = try name(of: sql, parameters, handle)
        try handle.stream(name: name, parameters, cancel: canceller.handle, each: each)
    }

    /// Runs several statements without parameters.
    package func run(script: String) throws(PostgresError) { try connected().run(script: script) }

    /// Writes rows by COPY in binary format: the fastest way into a table.
    package func copy(into table: String, columns: [String], _ body: (inout CopyWriter) throws -> Void) throws {
        let handle = try connected()
        try handle.startCopy("COPY \(table) (\(columns.joined(separator: ", "))) FROM STDIN (FORMAT binary)")
        var writer = CopyWriter(columns: columns.count) { bytes throws(PostgresError) in try handle.sendCopy(bytes) }
        do {
            try body(&writer)
            try writer.finish()
        } catch {
            try? handle.endCopy(failure: "given up by the client")
            throw error
        }
        try handle.endCopy()
    }

    /// Runs `body` in a transaction, again when it lost a conflict with another one.
    ///
    /// `body` may run several times, so it must not keep what it learned from a failed run.
    package func transaction<Value>(
        isolation: Isolation = .readCommitted, attempts: Int = 8, _ body: () throws -> Value
    ) throws -> Value {
        guard !inTransaction else { throw PostgresError.misuse("a transaction inside a transaction") }
        inTransaction = true
        defer { inTransaction = false }
        for attempt in 1... {
            do {
                return try once(isolation, body)
            } catch let error as PostgresError where error.isConflict && attempt < attempts {
                pause(after: attempt)
            }
        }
        preconditionFailure("unreachable: the loop ends by return or throw")
    }

    package enum Isolation: String, Sendable {
        case readCommitted = "READ COMMITTED"
        /// One snapshot for all statements, nothing written: for reading several tables that must agree.
        case snapshot = "REPEATABLE READ READ ONLY"
    }

    private func once<Value>(_ isolation: Isolation, _ body: () throws -> Value) throws -> Value {
        try begin("BEGIN ISOLATION LEVEL \(isolation.rawValue)")
        transactionIsOpen = true
        defer { transactionIsOpen = false }
        do {
            let value = try body()
            try run(script: "COMMIT")
            return value
        } catch {
            if handle?.isBroken == false { try? run(script: "ROLLBACK") }
            throw error
        }
    }

    /// The first statement of a transaction may find the connection dead since the last one; nothing is lost by
    /// starting over on a new one.
    private func begin(_ sql: String) throws(PostgresError) {
        do {
            try run(script: sql)
        } catch .lost {
            disconnect()
            try run(script: sql)
        }
    }

    /// Two transactions that met once should not meet again: a random pause, longer each time.
    private func pause(after attempt: Int) {
        ThreadPause.sleep(milliseconds: Int.random(in: 0...(5 << min(attempt, 6))))
    }

    private func name(
        of sql: String, _ parameters: [PostgresParameter], _ handle: PostgresHandle
    ) throws(PostgresError) -> String {
        let statement = Statement(sql: sql, types: parameters.map(\.type))
        if let name = prepared[statement] { return name }
        if prepared.count >= Self.preparedLimit {
            try handle.run(script: "DEALLOCATE ALL")
            prepared.removeAll()
        }
        let name = "s\(prepared.count)"
        try handle.prepare(name: name, sql, types: statement.types)
        prepared[statement] = name
        return name
    }

    /// A migration elsewhere may have made prepared statements useless; the next call prepares them anew.
    private func forgetStatements(after error: PostgresError) {
        guard error.sqlState == "0A000" || error.sqlState == "26000", let handle else { return }
        try? handle.run(script: "DEALLOCATE ALL")
        prepared.removeAll()
    }

    /// Drops a connection that died while nobody used it.
    func refresh() {
        if let handle, handle.isBroken || !handle.looksAlive() { disconnect() }
    }

    func disconnect() {
        handle = nil
        prepared.removeAll()
        canceller.handle = nil
    }

    private func connected() throws(PostgresError) -> PostgresHandle {
        if let handle, !handle.isBroken { return handle }
        // What has run of the transaction is gone with the connection: the rest must not run alone on a new one.
        if let handle, transactionIsOpen { throw .lost(target: handle.target, reason: "within a transaction") }
        disconnect()
        let fresh = try PostgresHandle(settings)
        try fresh.run(script: settings.startupStatements)
        canceller.handle = fresh.makeCanceller()
        handle = fresh
        epoch += 1
        return fresh
    }
}
