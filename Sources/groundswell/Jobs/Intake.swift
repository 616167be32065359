import Domain
import Feeds
import Monitors
import Store

/// What a submission reads: sources found, and cut into shards.
struct Intake {
    /// Standard input is kept compressed in PostgreSQL; larger streams belong into a file.
    private static let standardInputLimit = 512 << 20
    /// A compressed file of more posts than this is worth unpacking: one worker reads it alone, and holds its result.
    private static let largeCompressedPosts: Int64 = 1_000_000

    private(set) var sources: [SourceDescription] = []
    private(set) var slices: [ShardSlice] = []
    private(set) var payloads: [String: [UInt8]] = [:]
    private(set) var estimatedPosts: Int64 = 0
    private(set) var bytes: Int64 = 0

    /// Finds and cuts what `arguments` name.
    ///
    /// What cannot be read is told on standard error; the rest goes on.
    ///
    /// - Parameter skipMissing: an argument that gives nothing is told and skipped, instead of being an error.
    init(_ arguments: [String], monitor: Monitor, shardBytes: Int64, shardPosts: Int, skipMissing: Bool) throws {
        let listing = SourceFinder(format: monitor.source?.format).find(arguments)
        for note in listing.skipped { Terminal.say("left out \(note)") }
        for note in listing.problems { Terminal.say("warning: cannot read \(note)") }
        if skipMissing {
            for note in listing.failed { Terminal.say("warning: skipped \(note)") }
        } else if !listing.failed.isEmpty {
            throw CommandError(
                "\(listing.failed.map(\.description).joined(separator: "\n       "))\n"
                    + "nothing was submitted; --skip-missing goes on without what cannot be read")
        }
        for found in listing.sources {
            do {
                try cut(found, shardBytes: shardBytes, shardPosts: shardPosts)
            } catch {
                Terminal.say("warning: cannot read \(error)")
            }
        }
        if listing.usesStandardInput {
            try spool(format: monitor.source?.format, shardBytes: shardBytes, shardPosts: shardPosts)
        }
        guard !slices.isEmpty else {
            throw CommandError("there is nothing to read in \(arguments.joined(separator: ", "))")
        }
    }

    private mutating func cut(_ found: FoundSource, shardBytes: Int64, shardPosts: Int) throws {
        var cutter = try ShardCutter(found, bytes: shardBytes, posts: shardPosts)
        let index = sources.count
        sources.append(cutter.source)
        estimatedPosts += cutter.estimatedPosts
        bytes += found.size
        if found.description.compression != .none && cutter.estimatedPosts > Self.largeCompressedPosts {
            Terminal.say(
                "note: \(found.description.name) is one shard of about \(Figures.grouped(cutter.estimatedPosts)) posts for "
                    + "one worker, since compressed files cannot be cut; unpack or split it to use all workers")
        }
        while let slice = try cutter.next() {
            slices.append(ShardSlice(source: index, offset: slice.offset, length: slice.length))
        }
    }

    private mutating func spool(format: SourceDescription.Format?, shardBytes: Int64, shardPosts: Int) throws {
        let spool = try StandardInputSpool(format: format, bytes: Int(shardBytes), records: shardPosts)
        var kept = 0
        while let chunk = try spool.next() {
            let name = "stdin-\(payloads.count)"
            kept += chunk.payload.count
            guard kept <= Self.standardInputLimit else {
                throw CommandError(
                    "standard input is longer than \(Figures.bytes(Int64(Self.standardInputLimit))) compressed: "
                        + "write it to a file that every worker can open, and submit the file")
            }
            slices.append(ShardSlice(source: sources.count, offset: chunk.offset, length: chunk.length))
            sources.append(chunk.source(named: name))
            payloads[name] = chunk.payload
            estimatedPosts += Int64(chunk.records)
            bytes += chunk.length
        }
        if let damage = spool.damage { Terminal.say("warning: standard input: \(damage)") }
    }
}
