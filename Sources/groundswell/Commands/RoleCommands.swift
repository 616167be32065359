import ArgumentParser
import Coordinator
import Domain
import Foundation
import Queue
import Redis
import Reducer
import Store
import Worker

/// The option that says how soon a dead process's work is taken over.
struct LeaseOptions: ParsableArguments {
    enum Profile: String, ExpressibleByArgument, CaseIterable {
        case standard
        case fast

        var profile: LeaseProfile { self == .standard ? .standard : .fast }
    }

    @Option(help: "standard: leases of 15 s; fast: 3 s, for tests and small clusters. All processes must agree.")
    var lease = Profile.standard
}

struct CoordinatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coordinator",
        abstract: "Run a coordinator: fill the queues, heal them, end jobs. One leads, others stand by.",
        discussion: "Example: groundswell coordinator --redis redis://127.0.0.1 --postgres postgres:///groundswell")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var lease: LeaseOptions
    @Option(help: "Shards waiting or in flight in a lane at most; fewer wait when they go slowly.")
    var window = CoordinatorSettings().window
    @Option(
        help: ArgumentHelp("Shards in flight over all lanes at most; no limit when not given.", valueName: "shards"))
    var maxInFlight: Int?

    func validate() throws {
        if let maxInFlight, !(1...10_000_000).contains(maxInFlight) {
            throw ValidationError("--max-in-flight must be 1…10000000, not \(maxInFlight).")
        }
        guard (1...10_000_000).contains(window) else {
            throw ValidationError("--window must be 1…10000000, not \(window).")
        }
    }

    func run() async throws {
        let settings = try await Settings(connection)
        let runner = try RoleRunner("coordinator", settings: settings)
        let servers = try await Servers(
            settings, role: "coordinator", lease: lease.lease.profile, logger: runner.logger)
        var roleSettings = CoordinatorSettings()
        roleSettings.window = window
        roleSettings.maxInFlight = maxInFlight
        let service = CoordinatorService(
            settings: roleSettings, queues: try await servers.queues(roleSettings.lanes), store: servers.store,
            logger: runner.logger)
        try await runner.run(service, isReady: servers.answer)
    }
}

struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Run a worker: lease shards, match brands, infer, publish partials.",
        discussion: "Example: groundswell worker --threads 4 --redis redis://queue --postgres postgres://db/groundswell"
    )

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var lease: LeaseOptions
    @Option(help: "Inference threads; the machine's cores when not given.") var threads: Int?
    @Option(
        help: "Seconds that one record may take when a shard is tried in a process of its own, after its worker died.")
    var trialSeconds = 60

    @Option(
        parsing: .upToNextOption,
        help: "Lanes served: live and bulk posts, and the series in which anomalies are looked for.")
    var lanes: [Lane] = WorkerSettings(threads: 1).lanes

    func validate() throws {
        guard !lanes.isEmpty, Set(lanes).count == lanes.count else {
            throw ValidationError("--lanes must name each lane once.")
        }
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads must be 1…1024, not \(threads).")
        }
        guard (1...86_400).contains(trialSeconds) else {
            throw ValidationError("--trial-seconds must be 1…86400, not \(trialSeconds).")
        }
    }

    func run() async throws {
        let settings = try await Settings(connection)
        let runner = try RoleRunner("worker", settings: settings)
        let servers = try await Servers(settings, role: "worker", lease: lease.lease.profile, logger: runner.logger)
        var roleSettings = WorkerSettings(threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
        roleSettings.trialPatience = .seconds(trialSeconds)
        roleSettings.lanes = lanes
        let service = WorkerService(
            settings: roleSettings, queues: try await servers.queues(roleSettings.queueLanes), store: servers.store,
            models: ModelShelf(folder: settings.modelsFolder()), trial: .own, logger: runner.logger)
        try await runner.run(service, isReady: servers.answer)
    }
}

struct ReduceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reduce",
        abstract: "Run a reducer: merge partials into PostgreSQL, each shard once.",
        discussion: "Example: groundswell reduce --redis redis://queue --postgres postgres://db/groundswell")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var lease: LeaseOptions

    func run() async throws {
        let settings = try await Settings(connection)
        let runner = try RoleRunner("reduce", settings: settings)
        let servers = try await Servers(settings, role: "reducer", lease: lease.lease.profile, logger: runner.logger)
        let service = ReducerService(
            queues: try await servers.queues(Lane.allCases), store: servers.store, logger: runner.logger,
            faultPoint: try FaultPoint(ProcessInfo.processInfo.environment["GROUNDSWELL_DIE_AT"]))
        try await runner.run(service, isReady: servers.answer)
    }
}
