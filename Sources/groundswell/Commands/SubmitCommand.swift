import ArgumentParser
import Coordinator
import Domain
import Feeds
import Monitors
import Readings
import Store
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

    /// Finds and samples the sources, and says what a person should know of them.
    func intake(for monitor: Monitor, inTurn: Bool = false) throws -> Intake {
        let intake = try Intake(
            sources, format: monitor.source?.format,
            cutting: .init(bytes: shardBytes, posts: shardPosts, inTurn: inTurn), skipMissing: skipMissing)
        for note in intake.notes { Terminal.say(note) }
        return intake
    }
}

/// How a job is served next to others.
struct ShareOptions: ParsableArguments {
    @Option(help: "live or bulk; live goes first.") var lane = Lane.bulk
    @Option(help: "Shares of the lane next to jobs of the same priority.") var weight = 1
    @Option(help: "Jobs of a higher priority go first, and alone while they have work: -100…100.") var priority = 0
    @Option(help: ArgumentHelp("Shards in flight at most.", valueName: "shards")) var maxInFlight: Int?
    @Option(help: ArgumentHelp("Shards a second of each source at most; may be a fraction.", valueName: "shards"))
    var sourceRate: Double?

    var share: JobShare {
        JobShare(weight: weight, priority: priority, maxInFlight: maxInFlight, sourceRate: sourceRate)
    }

    func validate() throws {
        guard (1...1000).contains(weight) else { throw ValidationError("--weight must be 1…1000, not \(weight).") }
        guard JobShare.priorities.contains(priority) else {
            throw ValidationError("--priority must be -100…100, not \(priority).")
        }
        if let maxInFlight, !(1...10_000_000).contains(maxInFlight) {
            throw ValidationError("--max-in-flight must be 1…10000000, not \(maxInFlight).")
        }
        if let sourceRate, !(0.001...1_000_000).contains(sourceRate) {
            throw ValidationError("--source-rate must be 0.001…1000000, not \(sourceRate).")
        }
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
    @OptionGroup var options: ShareOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "What to give reasons for, unless the monitor says: none, examples or all.")
    var explain: Monitor.Explain?
    @Option(help: "Submitting again with the same key returns the first job.") var key: String?
    @Flag(help: "Show progress and return when the job has ended; exit code 1 unless it is complete.") var wait = false
    @Flag(help: "Print what the job would be and about how long it would take; write nothing.") var dryRun = false

    func validate() throws {
        if dryRun && (wait || key != nil) {
            throw ValidationError("--dry-run makes no job: leave --wait and --key out.")
        }
    }

    func run() async throws {
        let settings = try await Settings(connection)
        let models = ModelShelf(folder: settings.modelsFolder())
        let monitor = try models.carryingHeads(
            MonitorFile.read(input.monitor, explain: explain), fileName: input.monitor)
        let modelVersion = try models.version(for: monitor)
        let store = try await Store.open(settings.postgresURL(), application: "groundswell submit")
        let intake = try input.intake(for: monitor, inTurn: options.sourceRate != nil)
        let slices = intake.slices
        if dryRun {
            let pace = try await store.pace(modelVersion: modelVersion)
            let forecast = Forecast(monitor: monitor, intake: intake, shards: slices.count(), pace: pace)
            for problem in slices.problems { Terminal.say("warning: cannot read \(problem)") }
            output.show(forecast.table)
            forecast.hints.forEach(Terminal.say)
            return
        }
        let submission = JobSubmission(
            key: key, monitor: monitor, modelVersion: modelVersion, lane: options.lane, share: options.share,
            intake: intake)
        let outcome = try await store.submit(submission, shards: slices)
        for problem in slices.problems { Terminal.say("warning: cannot read \(problem)") }
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

extension Monitor.Explain: ExpressibleByArgument {}
