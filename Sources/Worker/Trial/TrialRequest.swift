internal import Domain
internal import Foundation

/// What a trial process is asked: run this shard, leave out these records.
struct TrialRequest: Codable, Equatable, Sendable {
    var job: Int32
    var index: UInt32
    var monitorYAML: String
    /// The folder of model weights.
    var models: String
    var submittedMilliseconds: Int64
    /// A path, or the name of a payload, whose bytes then follow.
    var source: String
    var hasPayload: Bool
    var format: UInt8
    var compression: UInt8
    var columns: [String]
    var offset: Int64
    var length: Int64
    /// Of a live shard.
    var receivedMilliseconds: Int64?
    /// By offset.
    var poison: [Int64: String] = [:]

    init(
        _ shard: ShardDescription, monitorYAML: String, models: String, submitted: Timestamp,
        poison: [Int64: String] = [:]
    ) {
        job = shard.id.job.rawValue
        index = shard.id.index
        self.monitorYAML = monitorYAML
        self.models = models
        submittedMilliseconds = submitted.milliseconds
        source = shard.source.name
        if case .payload = shard.source.place { hasPayload = true } else { hasPayload = false }
        format = shard.source.format.rawValue
        compression = shard.source.compression.rawValue
        columns = shard.source.columns
        offset = shard.offset
        length = shard.length
        receivedMilliseconds = shard.receivedAt?.milliseconds
        self.poison = poison
    }

    var shard: ShardDescription {
        ShardDescription(
            id: ShardID(job: JobID(rawValue: job), index: index),
            source: SourceDescription(
                place: hasPayload ? .payload(name: source) : .file(path: source),
                format: SourceDescription.Format(rawValue: format) ?? .jsonLines,
                compression: SourceDescription.Compression(rawValue: compression) ?? .none, columns: columns),
            offset: offset, length: length, receivedAt: receivedMilliseconds.map { Timestamp(milliseconds: $0) })
    }

    func encoded() throws -> [UInt8] { Array(try JSONEncoder().encode(self)) }

    init(encoded bytes: [UInt8]) throws { self = try JSONDecoder().decode(Self.self, from: Data(bytes)) }
}
