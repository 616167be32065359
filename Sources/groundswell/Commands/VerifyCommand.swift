import ArgumentParser
import Domain
import Monitors
import Readings
import Store
import Trends
import Worker

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove a job's numbers: count its sources again in this process and compare digests of all tables.",
        discussion: """
            Example: groundswell verify 7
            Exit code 0 when every table is the same bit for bit, 1 when not. With --against, compares two jobs instead.
            """)

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "Compare with this job's tables instead of counting again.") var against: JobID?
    @Argument(help: "The job.") var job: JobID

    func run() async throws {
        let settings = try await Settings(connection)
        let store = try await Store.open(settings.postgresURL(), application: "groundswell verify")
        let status = try await store.job(job)
        guard status.state.isFinal else {
            throw CommandError(
                "job \(job) is \(status.state.rawValue): wait for its end with 'groundswell watch \(job)'")
        }
        let merged = try await store.digest(of: job)
        let expected: RollupDigest
        if let against {
            expected = try await store.digest(of: against)
        } else {
            expected = try await recount(store, models: ModelShelf(folder: settings.modelsFolder()))
        }
        var table = Table(["table", "rows", "digest", "rows expected", "digest expected", "same"])
        var isSame = true
        for (found, wanted) in zip(merged.lines, expected.lines) {
            let matches = found.rows == wanted.rows && found.digest == wanted.digest
            isSame = isSame && matches
            table.add([
                .text(found.table), .count(found.rows), .text(found.digest), .count(wanted.rows), .text(wanted.digest),
                .text(matches ? "yes" : "NO"),
            ])
        }
        output.show(table)
        guard isSame else {
            throw CommandError("job \(job) differs; were its sources changed after the submission?")
        }
        Terminal.say("job \(job) is exact: every table is the same bit for bit")
    }

    /// Counts every merged shard of the job again, in order.
    private func recount(_ store: Store, models: ModelShelf) async throws -> RollupDigest {
        let specification = try await store.specification(of: job)
        let context = try JobContext(
            job: job, monitorYAML: specification.monitorYAML, models: models, submitted: specification.submittedAt)
        if context.modelVersion != specification.modelVersion {
            throw CommandError(
                "job \(job) was counted with \(specification.modelVersion), here is \(context.modelVersion): "
                    + "give --models with the folder of the former")
        }
        var count = SequentialCount(context: context)
        let poison = try await store.poison(of: job)
        let total = try await store.job(job).shards
        let started = ContinuousClock.now
        for first in stride(from: 0, to: total, by: 1000) {
            let page = (first..<min(first + 1000, total)).map { ShardID(job: job, index: UInt32($0)) }
            let shards = try await store.mergedShards(page)
            for shard in shards {
                var payload: [UInt8]?
                guard shard.receivedAt == nil else {
                    throw CommandError(
                        "job \(job) is a live one, whose posts are not kept once they are counted: compare it by --against"
                    )
                }
                if case .payload(let name) = shard.source.place {
                    payload = try await store.payload(named: name, of: job)
                }
                try count.add(shard, payload: payload, poison: poison[shard.id] ?? [:])
                let done = Double(shard.id.index + 1)
                let seconds = (ContinuousClock.now - started) / .seconds(1)
                Terminal.update(
                    "counting again: \(shard.id.index + 1)/\(total) shards · ETA "
                        + Figures.duration(seconds / done * (Double(total) - done)))
            }
        }
        Terminal.update("")
        return RollupDigest(of: count.result)
    }
}
