import Domain
import Redis

/// One entry of a stream: its id, how often it was delivered, and its fields.
struct StreamEntry: Equatable, Sendable {
    let id: EntryID
    let attempt: Int
    let fields: [RedisValue]

    /// Reads `[id, fields]`, or `[id, delivery count, fields]` as the reclaim script gives it.
    init(_ value: RedisValue) throws(QueueError) {
        guard let parts = value.array, parts.count == 2 || parts.count == 3,
            let id = parts[0].bytes.flatMap({ EntryID($0) }), let fields = parts[parts.count - 1].array
        else { throw .unexpectedReply("a stream entry") }
        self.id = id
        self.fields = fields
        attempt = parts.count == 3 ? Int(parts[1].integer ?? 1) : 1
    }

    init(id: EntryID, attempt: Int, fields: [RedisValue]) {
        self.id = id
        self.attempt = attempt
        self.fields = fields
    }

    /// The lease that this entry of the ready stream is; `nil` for an entry that is none of ours.
    var lease: Lease? {
        guard fields.count == 2, let shard = fields[1].bytes.flatMap({ ShardID(bytes: $0) }) else { return nil }
        return Lease(entry: id, shard: shard, attempt: attempt)
    }

    /// The result that this entry of the done stream is; `nil` for an entry that is none of ours.
    ///
    /// Unknown fields are passed over: a newer worker may send more.
    var result: ShardResult? {
        var shard: ShardID?
        var attempt: Int?
        var worker = ""
        var parts: [[UInt8]] = []
        for index in stride(from: 0, to: fields.count - 1, by: 2) {
            switch fields[index].text {
            case "s": shard = fields[index + 1].bytes.flatMap { ShardID(bytes: $0) }
            case "a": attempt = fields[index + 1].integer.map { Int($0) }
            case "w": worker = fields[index + 1].text ?? ""
            case "p": parts.append(fields[index + 1].bytes ?? [])
            default: break
            }
        }
        guard let shard, let attempt else { return nil }
        return ShardResult(entry: id, shard: shard, attempt: attempt, worker: worker, parts: parts)
    }
}

extension ShardID {
    /// The id as Redis carries it: big-endian without leading zeros, 1 to 8 bytes.
    ///
    /// A job's number is small, so this saves three bytes of an entry: with eight it costs 21 bytes, with five 18.
    var bytes: [UInt8] {
        let number = UInt64(bitPattern: rawValue)
        let count = max(1, 8 - number.leadingZeroBitCount / 8)
        return (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * (count - 1 - $0))) }
    }

    init?(bytes: [UInt8]) {
        guard (1...8).contains(bytes.count) else { return nil }
        self.init(rawValue: Int64(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) }))
    }
}
