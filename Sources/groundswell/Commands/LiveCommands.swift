import ArgumentParser
import Domain
import Foundation
import Live
import Logging
import Monitors
import Store
import Trends
import Worker

/// What every way in for live posts is told.
struct LiveOptions: ParsableArguments {
    @Option(help: "Monitor file (YAML): brands, languages, windows, model.") var monitor: String

    @Option(help: ArgumentHelp("Posts of a batch at most; a full one waits no longer.", valueName: "posts"))
    var batchPosts = LiveSettings().batchPosts

    @Option(help: ArgumentHelp("How long a batch waits for more posts.", valueName: "milliseconds"))
    var linger = 1000

    @Option(
        help: ArgumentHelp("Batches kept and not yet counted, beyond which senders must wait.", valueName: "batches"))
    var backlog = LiveSettings().backlog

    func validate() throws {
        guard (1...100_000).contains(batchPosts) else {
            throw ValidationError("--batch-posts must be 1…100000, not \(batchPosts).")
        }
        guard (0...60_000).contains(linger) else {
            throw ValidationError("--linger must be 0…60000, not \(linger).")
        }
        guard (1...1_000_000).contains(backlog) else {
            throw ValidationError("--backlog must be 1…1000000, not \(backlog).")
        }
    }

    func input(_ settings: Settings, store: Store, logger: Logger) throws -> LiveInput {
        let models = ModelShelf(folder: settings.modelsFolder())
        let monitor = try models.carryingHeads(MonitorFile.read(monitor, explain: nil), fileName: monitor)
        var live = LiveSettings()
        live.batchPosts = batchPosts
        live.linger = .milliseconds(linger)
        live.backlog = backlog
        return LiveInput(
            monitor: monitor, modelVersion: try models.version(for: monitor), settings: live, store: store,
            logger: logger)
    }
}

struct GatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gateway",
        abstract: "Run a gateway: take posts over HTTP (POST /v1/posts, JSON Lines) into a monitor's live job.",
        discussion: """
            Example: groundswell gateway --monitor brands.yaml --host 0.0.0.0
            Example: curl -H "Authorization: Bearer $TOKEN" --data-binary @posts.jsonl http://127.0.0.1:8080/v1/posts
            Senders show the bearer token of GROUNDSWELL_GATEWAY_TOKEN; without one only this machine may send.
            """)

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: LiveOptions
    @Option(help: "Address to listen on.") var host = "127.0.0.1"
    @Option(help: "TCP port; 0 takes a free one.") var port = 8080

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port must be 0…65535, not \(port).") }
    }

    func run() async throws {
        let settings = try await Settings(connection)
        let token = settings.gatewayToken().map(BearerToken.init)
        guard token != nil || ["127.0.0.1", "::1", "localhost"].contains(host) else {
            throw CommandError(
                "without a token nobody else may send: set GROUNDSWELL_GATEWAY_TOKEN, or listen on 127.0.0.1")
        }
        let runner = try RoleRunner("gateway", settings: settings)
        let store = try await Store.open(
            settings.postgresURL(), application: "groundswell gateway", logger: runner.logger)
        let logger = runner.logger
        let service = GatewayService(
            input: try options.input(settings, store: store, logger: logger),
            address: .init(host: host, port: port), token: token,
            listening: { logger.info("gateway listens", metadata: ["host": "\(host)", "port": "\($0)"]) })
        try await runner.run(service) { (try? await store.ping()) != nil }
    }
}

struct IngestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Read posts into a monitor's live job: standard input, files, or files that grow.",
        discussion: """
            Example: groundswell ingest --monitor brands.yaml --follow /var/log/posts.jsonl
            Example: some-stream | groundswell ingest --monitor brands.yaml -
            Files are JSON Lines, read from where they were last left; standard input may be CSV too.
            """)

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var options: LiveOptions
    @OptionGroup var output: OutputOptions
    @Flag(help: "Go on with what is appended to the files, and with files that take their names.") var follow = false
    @Flag(help: "Return when all that was read is counted.") var wait = false
    @Argument(help: "Files of JSON Lines, or - for standard input.", completion: .file()) var sources: [String]

    /// Each is read by a task of its own with a connection of its own.
    private static let sourcesAtOnce = 32

    func validate() throws {
        guard sources.count <= Self.sourcesAtOnce else {
            throw ValidationError("at most \(Self.sourcesAtOnce) sources at once; submit takes archives.")
        }
        guard Set(sources).count == sources.count else { throw ValidationError("name each source once.") }
        if follow && (sources.contains("-") || wait) {
            throw ValidationError("--follow has no end: leave --wait and - out.")
        }
    }

    func run() async throws {
        let settings = try await Settings(connection)
        let logger = Logger(label: "groundswell.ingest")
        let store = try await Store.open(settings.postgresURL(), application: "groundswell ingest", logger: logger)
        let input = try options.input(settings, store: store, logger: logger)
        let origins = sources.map { source in
            source == "-"
                ? LiveReader.Origin.descriptor(0, name: "stdin", run: UUID().uuidString)
                : .file(path: URL(fileURLWithPath: source).standardizedFileURL.path, grows: follow)
        }
        var table = Table(["source", "job", "posts", "batches", "bytes"])
        let tallies = try await withThrowingTaskGroup { group in
            for (index, origin) in origins.enumerated() {
                group.addTask { (index, try await LiveReader(input: input, origin: origin).run()) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for (index, source) in sources.enumerated() {
            guard let tally = tallies[index] else { continue }
            table.add([
                .text(source), .integer(Int64(tally.job.rawValue)), .count(tally.posts), .count(tally.batches),
                .integer(tally.bytes),
            ])
        }
        if wait, let job = tallies.values.first?.job {
            while try await store.backlog(of: job) > 0 { try await Task.sleep(for: .milliseconds(100)) }
        }
        output.show(table)
    }
}

struct LiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live",
        abstract: "Show live jobs: what is on its way, and up to which time their windows are closed.",
        discussion: "Example: groundswell live --output json")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let store = try await Store.open(Settings(connection).postgresURL(), application: "groundswell live")
        var table = Table(["job", "monitor", "state", "batches", "backlog", "posts", "closed until"])
        for live in try await store.liveJobs() {
            table.add([
                .integer(Int64(live.job.rawValue)), .text(live.monitor), .text(live.state.rawValue),
                .count(live.batches), .count(live.backlog), .integer(live.records),
                live.watermark.time.map { .text(CivilTime($0).text) } ?? .missing,
            ])
        }
        output.show(table)
    }
}
