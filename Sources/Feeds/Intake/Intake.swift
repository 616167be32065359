package import Domain

/// What a submission reads: sources found and sampled, to be cut into shards while they are stored.
///
/// Memory grows with the number of sources and not with the number of shards.
package struct Intake: Sendable {
    /// How sources are cut.
    package struct Cutting: Equatable, Sendable {
        package var bytes: Int64
        package var posts: Int
        /// Takes shards from several sources in turn, so that a rate limit on each lets all of them flow at once.
        package var inTurn: Bool

        package init(bytes: Int64 = FeedBounds.shardBytes, posts: Int = FeedBounds.shardPosts, inTurn: Bool = false) {
            self.bytes = bytes
            self.posts = posts
            self.inTurn = inTurn
        }
    }

    /// Standard input is kept compressed in PostgreSQL; larger streams belong into a file.
    private static let standardInputLimit = 512 << 20
    /// A compressed file of more posts than this is worth unpacking: one worker reads it alone, and holds its result.
    private static let largeCompressedPosts: Int64 = 1_000_000

    package private(set) var sources: [SourceDescription] = []
    package private(set) var payloads: [String: [UInt8]] = [:]
    package private(set) var estimatedPosts: Int64 = 0
    package private(set) var bytes: Int64 = 0
    /// What a person should know of sources that were left out or are unwise.
    package private(set) var notes: [String] = []
    private var pieces: [ShardSlices.Piece] = []
    private let cutting: Cutting

    /// Finds and samples what `arguments` name.
    ///
    /// What cannot be read is noted; the rest goes on.
    ///
    /// - Parameter skipMissing: an argument that gives nothing is noted and skipped, instead of being an error.
    package init(
        _ arguments: [String], format: SourceDescription.Format?, cutting: Cutting, skipMissing: Bool
    ) throws {
        self.cutting = cutting
        let listing = SourceFinder(format: format).find(arguments)
        notes += listing.skipped.map { "left out \($0)" }
        notes += listing.problems.map { "warning: cannot read \($0)" }
        if skipMissing {
            notes += listing.failed.map { "warning: skipped \($0)" }
        } else if !listing.failed.isEmpty {
            throw IntakeError.unreadable(listing.failed)
        }
        for found in listing.sources {
            do throws(FeedError) {
                try add(found)
            } catch {
                notes.append("warning: cannot read \(error)")
            }
        }
        if listing.usesStandardInput { try spool(format: format) }
        var iterator = slices.makeIterator()
        guard iterator.next() != nil else { throw IntakeError.nothing(arguments) }
    }

    /// The shards, cut as they are asked for.
    package var slices: ShardSlices { ShardSlices(pieces: pieces, cutting: cutting) }

    private mutating func add(_ found: FoundSource) throws(FeedError) {
        let cutter = try ShardCutter(found, bytes: cutting.bytes, posts: cutting.posts)
        sources.append(cutter.source)
        pieces.append(.file(found))
        estimatedPosts += cutter.estimatedPosts
        bytes += found.size
        if found.description.compression != .none && cutter.estimatedPosts > Self.largeCompressedPosts {
            notes.append(
                "note: \(found.description.name) is one shard of about \(cutter.estimatedPosts) posts for one worker, "
                    + "since compressed files cannot be cut; unpack or split it to use all workers")
        }
    }

    private mutating func spool(format: SourceDescription.Format?) throws {
        let spool = try StandardInputSpool(format: format, bytes: Int(cutting.bytes), records: cutting.posts)
        var kept = 0
        while let chunk = try spool.next() {
            let name = "stdin-\(payloads.count)"
            kept += chunk.payload.count
            guard kept <= Self.standardInputLimit else { throw IntakeError.longStream(limit: Self.standardInputLimit) }
            pieces.append(.payload(offset: chunk.offset, length: chunk.length))
            sources.append(chunk.source(named: name))
            payloads[name] = chunk.payload
            estimatedPosts += Int64(chunk.records)
            bytes += chunk.length
        }
        if let damage = spool.damage { notes.append("warning: standard input: \(damage)") }
    }
}
