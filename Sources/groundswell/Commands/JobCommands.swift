import ArgumentParser
import Domain
import Store
import Trends

extension JobID: ExpressibleByArgument {
    package init?(argument: String) {
        guard let number = Int32(argument), number > 0 else { return nil }
        self.init(rawValue: number)
    }
}

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show jobs and how far they are.",
        discussion: "Example: groundswell status; groundswell status 7 --output json")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "Jobs; all when none is given.") var jobs: [JobID] = []

    func run() async throws {
        let store = try await Store.open(Settings(connection).postgresURL(), application: "groundswell status")
        var statuses: [JobStatus] = []
        for job in jobs { statuses.append(try await store.job(job)) }
        if jobs.isEmpty { statuses = try await store.jobs() }
        output.show(Table(JobReport.columns, rows: statuses.map { JobReport(status: $0).row }))
        if statuses.isEmpty { Terminal.say("no job yet: 'groundswell submit --help' shows how to begin") }
        for job in jobs {
            for dead in try await store.deadShards(of: job) {
                Terminal.say("dead: shard \(dead.shard) (\(dead.source) at byte \(dead.offset)): \(dead.reason)")
            }
        }
    }
}

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Show a job's progress until it ends; exit code 1 unless it is complete.",
        discussion: "Example: groundswell watch 7")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "Jobs; all running ones when none is given.") var jobs: [JobID] = []

    func run() async throws {
        let store = try await Store.open(Settings(connection).postgresURL(), application: "groundswell watch")
        let running = jobs.isEmpty ? try await store.jobs().filter { !$0.state.isFinal }.map(\.job).sorted() : jobs
        guard !running.isEmpty else {
            Terminal.say("no job is running")
            return
        }
        let statuses = try await JobWatch(store: store).follow(running)
        output.show(Table(JobReport.columns, rows: statuses.map { JobReport(status: $0).row }))
        if statuses.contains(where: { $0.state != .completed }) { throw ExitCode(1) }
    }
}

/// One word that changes a job's state.
private protocol JobChange: AsyncParsableCommand {
    var connection: ConnectionOptions { get }
    var job: JobID { get }
    static var done: String { get }
    func change(_ store: Store) async throws
}

extension JobChange {
    func run() async throws {
        let store = try await Store.open(Settings(connection).postgresURL(), application: "groundswell")
        try await change(store)
        Terminal.say("job \(job) \(Self.done)")
    }
}

struct PauseCommand: JobChange {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Stop a job: shards that run end, none begins.",
        discussion: "Example: groundswell pause 7")
    fileprivate static let done = "is paused; go on with 'groundswell resume'"

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The job.") var job: JobID

    fileprivate func change(_ store: Store) async throws { try await store.pause(job) }
}

struct ResumeCommand: JobChange {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Go on with a paused job where it stopped.",
        discussion: "Example: groundswell resume 7")
    fileprivate static let done = "runs"

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The job.") var job: JobID

    fileprivate func change(_ store: Store) async throws { try await store.resume(job) }
}

struct CancelCommand: JobChange {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "End a job for good; what was merged stays.",
        discussion: "Example: groundswell cancel 7")
    fileprivate static let done = "is cancelled; 'groundswell forget' also deletes what it counted"

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The job.") var job: JobID

    fileprivate func change(_ store: Store) async throws { try await store.cancel(job) }
}

struct CloseCommand: JobChange {
    static let configuration = CommandConfiguration(
        commandName: "close",
        abstract: "End a live job once all that it accepted is counted; what is sent later begins another.",
        discussion: "Example: groundswell close 7")
    fileprivate static let done = "takes no more posts"

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The job.") var job: JobID

    fileprivate func change(_ store: Store) async throws { try await store.closeLive(job) }
}

struct ForgetCommand: JobChange {
    static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Delete a job with everything it counted.",
        discussion: "Example: groundswell forget 7")
    fileprivate static let done = "is forgotten"

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The job.") var job: JobID

    fileprivate func change(_ store: Store) async throws { try await store.forget(job) }
}
