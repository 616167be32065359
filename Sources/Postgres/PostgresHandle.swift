internal import CLibPQ

/// The one owner of a libpq connection: raw pointers of the connection stay in this file.
///
/// Not `Sendable`: calls block, and `PostgresConnection` makes them one at a time on its own thread.
final class PostgresHandle {
    let target: String
    private let connection: OpaquePointer
    private let notices: NoticeSink

    /// Connects, blocking for at most the connect timeout for each address.
    init(_ settings: PostgresSettings) throws(PostgresError) {
        target = try PostgresURL.target(of: settings.url)
        notices = NoticeSink(settings.onNotice)
        let keywords = settings.keywords
        let made = withCStrings(keywords.map(\.0)) { names in
            withCStrings(keywords.map(\.1)) { values in PQconnectdbParams(names, values, 1) }
        }
        guard let made else { throw .unreachable(target: target, reason: "out of memory") }
        connection = made
        guard PQstatus(made) == CONNECTION_OK else {
            // `deinit` frees the connection: all properties are set.
            throw .unreachable(target: target, reason: PostgresURL.redact(Self.message(made), url: settings.url))
        }
        PQsetNoticeReceiver(made, NoticeSink.receive, Unmanaged.passUnretained(notices).toOpaque())
    }

    deinit { PQfinish(connection) }

    /// The server's version, like 150020.
    var serverVersion: Int { Int(PQserverVersion(connection)) }

    /// What another thread needs to interrupt a statement.
    func makeCanceller() -> CancelHandle? { PQgetCancel(connection).map(CancelHandle.init) }

    /// Whether the peer is still there, without a round trip: reads what has arrived and looks for the end.
    func looksAlive() -> Bool {
        // Twice: the first read may only bring the server's farewell, the second then finds the end of the stream.
        for _ in 0..<2 {
            guard PQconsumeInput(connection) == 1, PQstatus(connection) == CONNECTION_OK else { return false }
            _ = PQisBusy(connection)
        }
        return PQtransactionStatus(connection) != PQTRANS_UNKNOWN
    }

    var isBroken: Bool { PQstatus(connection) != CONNECTION_OK }

    /// Runs statements without parameters; the results are dropped.
    func run(script: String) throws(PostgresError) {
        _ = try checked(PQexec(connection, script))
    }

    func prepare(name: String, _ sql: String, types: [UInt32]) throws(PostgresError) {
        _ = try checked(PQprepare(connection, name, sql, Int32(types.count), types))
    }

    func execute(name: String, _ parameters: [PostgresParameter]) throws(PostgresError) -> PostgresRows {
        try checked(
            withBinary(parameters) { values, lengths, formats in
                PQexecPrepared(connection, name, Int32(parameters.count), values, lengths, formats, 1)
            })
    }

    /// Sends a prepared statement and hands on its rows one at a time, so that no result is held whole.
    func stream(
        name: String, _ parameters: [PostgresParameter], cancel: CancelHandle?, each: (PostgresRow) throws -> Void
    ) throws {
        let sent = withBinary(parameters) { values, lengths, formats in
            PQsendQueryPrepared(connection, name, Int32(parameters.count), values, lengths, formats, 1)
        }
        guard sent == 1, PQsetSingleRowMode(connection) == 1 else { throw failure(nil) }
        defer { drain() }
        while let pointer = PQgetResult(connection) {
            let rows = try checked(pointer)
            do {
                for row in rows { try each(row) }
            } catch {
                cancel?.cancel()
                throw error
            }
        }
    }

    func startCopy(_ sql: String) throws(PostgresError) { _ = try checked(PQexec(connection, sql)) }

    func sendCopy(_ bytes: [UInt8]) throws(PostgresError) {
        let sent = bytes.withUnsafeBytes { raw in
            PQputCopyData(connection, raw.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(raw.count))
        }
        guard sent == 1 else { throw failure(nil) }
    }

    /// Ends a copy, well or (with a reason) badly.
    func endCopy(failure reason: String? = nil) throws(PostgresError) {
        guard PQputCopyEnd(connection, reason) == 1 else { throw failure(nil) }
        defer { drain() }
        if let pointer = PQgetResult(connection) { _ = try checked(pointer) }
    }

    /// Reads the rest of a statement's results, so that the next statement can start.
    private func drain() {
        while let rest = PQgetResult(connection) {
            let stuck = PQresultStatus(rest) == PGRES_COPY_IN || PQresultStatus(rest) == PGRES_COPY_OUT
            PQclear(rest)
            if stuck { return }
        }
    }

    private func checked(_ pointer: OpaquePointer?) throws(PostgresError) -> PostgresRows {
        guard let pointer else { throw failure(nil) }
        let rows = PostgresRows(pointer)
        switch PQresultStatus(pointer) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE, PGRES_COPY_IN, PGRES_EMPTY_QUERY: return rows
        default: throw failure(pointer)
        }
    }

    private func failure(_ result: OpaquePointer?) -> PostgresError {
        let state = result.flatMap { PQresultErrorField($0, Int32(UInt8(ascii: "C"))) }.map { String(cString: $0) }
        guard !isBroken, let result, let state else {
            return .lost(target: target, reason: Self.message(connection))
        }
        func field(_ letter: Character) -> String? {
            letter.asciiValue.flatMap { PQresultErrorField(result, Int32($0)) }.map { String(cString: $0) }
        }
        let whereabouts = [field("D"), field("W").map { "in \($0)" }].compactMap(\.self)
        return .server(
            sqlState: state, message: field("M") ?? "unknown error",
            detail: whereabouts.isEmpty ? nil : whereabouts.joined(separator: "; "))
    }

    private static func message(_ connection: OpaquePointer) -> String {
        let text = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
        let lines = text.split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " || $0 == "\t" } }
        return lines.isEmpty ? "the connection was closed" : lines.joined(separator: "; ")
    }
}

/// Interrupts the running statement of a connection from any thread.
final class CancelHandle: @unchecked Sendable {
    // libpq documents a `PGcancel` as safe to use from another thread than its connection's; it never changes.
    private let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { PQfreeCancel(pointer) }

    /// Asks the server to stop; blocks for one round trip.
    ///
    /// A statement that has ended is not disturbed.
    func cancel() {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
            _ = PQcancel(pointer, text.baseAddress, 256)
        }
    }
}

/// Where libpq delivers notices; lives as long as its connection.
private final class NoticeSink {
    private let take: (@Sendable (PostgresNotice) -> Void)?

    init(_ take: (@Sendable (PostgresNotice) -> Void)?) { self.take = take }

    static let receive: PQnoticeReceiver = { context, result in
        guard let context, let result else { return }
        func field(_ letter: UInt8) -> String {
            PQresultErrorField(result, Int32(letter)).map { String(cString: $0) } ?? ""
        }
        let sink = Unmanaged<NoticeSink>.fromOpaque(context).takeUnretainedValue()
        sink.take?(PostgresNotice(severity: field(UInt8(ascii: "V")), message: field(UInt8(ascii: "M"))))
    }
}

/// NULL-terminated C strings for the time of a call.
private func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
) -> Result {
    var bytes: [CChar] = []
    var starts: [Int] = []
    for text in texts {
        starts.append(bytes.count)
        bytes.append(contentsOf: text.utf8CString)
    }
    return bytes.withUnsafeBufferPointer { all in
        let pointers: [UnsafePointer<CChar>?] = starts.map { all.baseAddress?.advanced(by: $0) } + [nil]
        return pointers.withUnsafeBufferPointer { list in
            guard let base = list.baseAddress else { preconditionFailure("a list that ends in nil is never empty") }
            return body(base)
        }
    }
}

/// Parameters as libpq takes them.
///
/// One copy into one block, since a pointer into each array would nest a closure for each.
private func withBinary<Result>(
    _ parameters: [PostgresParameter],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Result
) -> Result {
    let total = parameters.reduce(0) { $0 + ($1.bytes?.count ?? 0) }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: total + 1) { block in
        var values: [UnsafePointer<CChar>?] = []
        var offset = 0
        for parameter in parameters {
            guard let bytes = parameter.bytes else {
                values.append(nil)
                continue
            }
            let slot = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(block)[offset...])
            slot.copyBytes(from: bytes)
            values.append(block.baseAddress.map { UnsafePointer($0 + offset) })
            offset += bytes.count
        }
        let lengths = parameters.map { Int32($0.bytes?.count ?? 0) }
        let formats = parameters.map { _ in Int32(1) }
        return values.withUnsafeBufferPointer { values in
            lengths.withUnsafeBufferPointer { lengths in
                formats.withUnsafeBufferPointer { formats in
                    body(values.baseAddress, lengths.baseAddress, formats.baseAddress)
                }
            }
        }
    }
}
