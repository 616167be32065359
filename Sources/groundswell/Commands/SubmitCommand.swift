import ArgumentParser
import Domain
import Feeds
import Monitors
import Store
import Text
import Worker

/// What a command reads posts from.
struct InputOptions: ParsableArguments {
    @Option(help: "Monitor file (YAML): brands, languages, windows, model.") var monitor: String

    @Option(help: ArgumentHelp("Bytes of a shard of a plain file.", valueName: "bytes"))
    var shardBytes = FeedBounds.shardBytes

    @Option(help: ArgumentHelp("Posts of a shard of a plain file, about.", valueName: "posts"))
    var shardPosts = FeedBounds.shardPosts

    @Flag(help: "Go on without arguments that cannot be read.") var skipMissing = false

    @Argument(help: "Files, folders, globs, or - for standard input.", completion: .file()) var sources: [String]

    func validate() throws {
        guard (1...Int64(1 << 30)).contains(shardBytes) else {
            throw ValidationError("--shard-bytes must be 1…1073741824, not \(shardBytes).")
        }
        guard (1...10_000_000).contains(shardPosts) else {
            throw ValidationError("--shard-posts must be 1…10000000, not \(shardPosts).")
        }
    }

    func intake(for monitor: Monitor) throws -> Intake {
        try Intake(
            sources, monitor: monitor, shardBytes: shardBytes, shardPosts: shardPosts, skipMissing: skipMissing)
    }
}

struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Submit a job: archives to be counted for the brands of a monitor.",
        discussion: """
            Example: groundswell submit --monitor brands.yaml posts/ 'more/*.jsonl.zst' --wait
            Example: zcat posts.gz | groundswell submit --monitor brands.yaml -
            """)

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var input: InputOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "Submitting again with the same key returns the first job.") var key: String?
    @Option(help: "Shares of the cluster next to other jobs.") var weight = 1
    @Option(help: "live (served first) or bulk.") var lane = Lane.bulk
    @Flag(help: "Show progress and return when the job has ended; exit code 1 unless it is complete.") var wait = false

    func validate() throws {
        guard (1...1000).contains(weight) else { throw ValidationError("--weight must be 1…1000, not \(weight).") }
    }

    func run() async throws {
        let monitor = try MonitorFile.read(input.monitor)
        let settings = try await Settings(connection)
        let model = try ModelShelf(folder: settings.modelsFolder()).model(for: monitor.model)
        let store = try await Store.open(settings.postgresURL(), application: "groundswell submit")
        let intake = try input.intake(for: monitor)
        let submission = JobSubmission(
            key: key, monitor: monitor.name, monitorYAML: monitor.yaml, monitorVersion: monitor.version,
            modelVersion: model?.version ?? "", brands: monitor.brands.map { ($0.name, $0.query.description) },
            lane: lane, weight: weight, sources: intake.sources, payloads: intake.payloads)
        let outcome = try await store.submit(submission, shards: intake.slices)
        if outcome.isNew {
            Terminal.say(
                "job \(outcome.job): \(outcome.shards) shards, \(Figures.bytes(intake.bytes)), "
                    + "about \(Figures.grouped(intake.estimatedPosts)) posts")
        } else {
            Terminal.say("job \(outcome.job) was submitted before with the key '\(key ?? "")'; nothing was added")
        }
        var status = try await store.job(outcome.job)
        if wait { status = try await JobWatch(store: store).follow([outcome.job])[0] }
        output.show(Table(JobReport.columns, rows: [JobReport(status: status).row]))
        if wait && status.state != .completed { throw ExitCode(1) }
    }
}

extension Lane: ExpressibleByArgument {}
