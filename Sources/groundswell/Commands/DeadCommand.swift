import ArgumentParser
import Domain
import Foundation
import Store

struct DeadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead",
        abstract: "Show and retry shards that were set aside after repeated failures.",
        discussion: """
            Example: groundswell dead list; groundswell dead show 7 12; groundswell dead retry 7
            A shard is set aside after an error that stays, five errors that may pass, or ten leases that ended without
            a result. The rest of its job counts.
            """,
        subcommands: [DeadList.self, DeadShow.self, DeadRetry.self], defaultSubcommand: DeadList.self)
}

struct DeadList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List shards that were set aside.",
        discussion: "Example: groundswell dead list; groundswell dead list 7 --output json")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The job; all when none is given.") var job: JobID?

    func run() async throws {
        let store = try await Store.open(Settings(connection).postgresURL(), application: "groundswell dead")
        let jobs = if let job { [try await store.job(job)] } else { try await store.jobs() }
        var table = Table(DeadReport.columns)
        for status in jobs where status.dead > 0 {
            for dead in try await store.deadShards(of: status.job) { table.add(DeadReport(dead: dead).row) }
        }
        output.show(table)
        let poison = try await store.poisonCounts(of: job)
        for (job, count) in poison.sorted(by: { $0.key < $1.key }) {
            Terminal.say(
                "job \(job): \(count) \(count == 1 ? "record" : "records") left out as poison; see them with SQL: "
                    + "SELECT source, byte_offset, reason, excerpt FROM trends.quarantine "
                    + "WHERE job = \(job) AND reason LIKE '\(QuarantinedRecord.poisonMark)%'")
        }
        if jobs.allSatisfy({ $0.dead == 0 }), poison.isEmpty { Terminal.say("nothing was set aside") }
    }
}

struct DeadShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one shard that was set aside, with its first bytes.",
        discussion: "Example: groundswell dead show 7 12")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The job.") var job: JobID
    @Argument(help: "The shard's number within the job.") var shard: UInt32

    func run() async throws {
        let store = try await Store.open(Settings(connection).postgresURL(), application: "groundswell dead")
        _ = try await store.job(job)
        let id = ShardID(job: job, index: shard)
        guard let dead = try await store.deadShards(of: job, limit: Int(Int32.max)).first(where: { $0.shard == id })
        else {
            throw CommandError("shard \(id) was not set aside; 'groundswell dead list \(job)' shows those that were")
        }
        var table = Table(DeadReport.columns + ["first bytes"])
        table.add(DeadReport(dead: dead).row + [DeadReport(dead: dead).firstBytes.map { .text($0) } ?? .missing])
        output.show(table)
        Terminal.say(
            "mend the cause, then try again with 'groundswell dead retry \(job) \(shard)'; its numbers count once however "
                + "often it is tried")
    }
}

struct DeadRetry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Give shards that were set aside a new life; their job runs again.",
        discussion: "Example: groundswell dead retry 7; groundswell dead retry 7 12 13")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The job.") var job: JobID
    @Argument(help: "Shard numbers within the job; all when none is given.") var shards: [UInt32] = []

    func run() async throws {
        let store = try await Store.open(Settings(connection).postgresURL(), application: "groundswell dead")
        let status = try await store.job(job)
        guard status.state != .cancelled else {
            throw CommandError("job \(job) is cancelled: submit it anew to count its sources")
        }
        let count = try await store.retryDeadShards(of: job, only: shards.isEmpty ? nil : shards)
        guard count > 0 else {
            throw CommandError(
                "no such shard of job \(job) was set aside; 'groundswell dead list \(job)' shows those that were")
        }
        Terminal.say(
            "\(count) \(count == 1 ? "shard" : "shards") of job \(job) run again; follow them with 'groundswell watch \(job)'"
        )
        if !shards.isEmpty, count < Set(shards).count {
            Terminal.say("the others were not set aside; 'groundswell dead list \(job)' shows those that were")
        }
    }
}

/// A shard that was set aside, as a person reads it.
struct DeadReport {
    let dead: DeadShard

    static let columns = ["job", "shard", "source", "offset", "length", "deaths", "errors", "reason"]

    var row: [Table.Cell] {
        [
            .integer(Int64(dead.shard.job.rawValue)), .integer(Int64(dead.shard.index)), .text(dead.source),
            .integer(dead.offset), .integer(dead.length), .count(dead.deaths), .count(dead.errors), .text(dead.reason),
        ]
    }

    /// The beginning of the shard in its source; `nil` where this machine cannot read it, or nobody could.
    var firstBytes: String? {
        guard let file = FileHandle(forReadingAtPath: dead.source) else { return nil }
        defer { try? file.close() }
        guard (try? file.seek(toOffset: UInt64(max(dead.offset, 0)))) != nil,
            let bytes = try? file.read(upToCount: QuarantinedRecord.excerptLimit)
        else { return nil }
        let isCompressed = [[0x1F, 0x8B], [0x28, 0xB5, 0x2F, 0xFD]].contains { bytes.starts(with: $0) }
        guard !isCompressed else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return String(
            String.UnicodeScalarView(text.unicodeScalars.filter { $0.properties.generalCategory != .control }))
    }
}
