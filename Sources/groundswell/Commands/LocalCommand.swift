import ArgumentParser
import Delivery
import Foundation
import LocalServers
import Store

/// `groundswell local`: a private cluster in this folder.
struct LocalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "local",
        abstract: "A private cluster in a folder: Redis, PostgreSQL and all roles.",
        discussion: "Example: groundswell local up --workers 2; groundswell local status; groundswell local down",
        subcommands: [Up.self, Down.self, Status.self])

    struct Place: ParsableArguments {
        @Option(help: "Folder of the cluster.")
        var folder = LocalCluster.defaultFolder

        var cluster: LocalCluster { LocalCluster(folder: folder) }
    }

    struct Up: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Start what does not run yet, migrate, and return.",
            discussion: "Example: groundswell local up --workers 2 --threads 1")

        @OptionGroup var place: Place
        @Option(help: "Worker processes.") var workers = 1
        @Option(help: "Inference threads of each worker; the machine's cores when not given.") var threads: Int?
        @Option(help: "Folder of model weights.") var models: String?
        @Option(help: "Channels file: also start a deliverer, which tells of anomalies.", completion: .file())
        var channels: String?
        @Flag(help: "Start the servers only, no role.") var serversOnly = false

        func validate() throws {
            guard (1...256).contains(workers) else { throw ValidationError("--workers must be 1…256, not \(workers).") }
        }

        func run() async throws {
            // What is wrong with the file is told before anything is started.
            if let channels { _ = try ChannelsFile.read(channels) }
            let cluster = place.cluster
            try cluster.startServers(say: Terminal.say)
            let options = try ConnectionOptions.parse(
                ["--config", cluster.configFile] + (models.map { ["--models", $0] } ?? []))
            let settings = try await Settings(options)
            try await Migration.run(on: settings)
            guard !serversOnly else { return }
            let cores = ProcessInfo.processInfo.activeProcessorCount
            let roles = LocalCluster.roles(
                workers: workers, threads: threads ?? max(1, cores / workers), channels: channels)
            let models = URL(fileURLWithPath: settings.modelsFolder()).standardizedFileURL.path
            for role in roles { try cluster.start(role, models: models, say: Terminal.say) }
            try await Task.sleep(for: .milliseconds(300))
            let dead = roles.filter { cluster.role($0.name) == nil }
            guard dead.isEmpty else {
                throw CommandError(
                    "\(dead.map(\.name).joined(separator: ", ")) ended at once; see "
                        + dead.map { "\(cluster.roleFolder($0.name))/program.log" }.joined(separator: ", "))
            }
            Terminal.say("the cluster is up; stop it with 'groundswell local down'")
        }
    }

    struct Down: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stop the roles and the servers; data stay.",
            discussion: "Example: groundswell local down")

        @OptionGroup var place: Place
        @Flag(help: "Also delete the folder with all data.") var delete = false

        func run() throws {
            let cluster = place.cluster
            cluster.stop(say: Terminal.say)
            guard delete else { return }
            Terminal.say("deleting \(cluster.folder)")
            // The data folder may be a link to where the server's account can reach it.
            let postgres = URL(fileURLWithPath: cluster.postgresFolder).resolvingSymlinksInPath()
            try? FileManager.default.removeItem(at: postgres)
            if FileManager.default.fileExists(atPath: cluster.folder) {
                try FileManager.default.removeItem(atPath: cluster.folder)
            }
        }
    }

    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what runs; exit code 1 when something does not.",
            discussion: "Example: groundswell local status --output json")

        @OptionGroup var place: Place
        @OptionGroup var output: OutputOptions

        func run() throws {
            let cluster = place.cluster
            var table = Table(["process", "state", "pid", "log"])
            var allRun = true
            func add(_ name: String, pid: Int32?, log: String) {
                allRun = allRun && pid != nil
                table.add([
                    .text(name), .text(pid == nil ? "stopped" : "running"), pid.map { .integer(Int64($0)) } ?? .missing,
                    .text(log),
                ])
            }
            add("redis", pid: cluster.redis?.pid, log: "\(cluster.redisFolder)/redis.log")
            add("postgres", pid: cluster.postgres?.pid, log: "\(cluster.postgresFolder)/postgres.log")
            for name in cluster.knownRoles {
                add(name, pid: cluster.role(name)?.pid, log: "\(cluster.roleFolder(name))/program.log")
            }
            output.show(table)
            if !allRun { throw ExitCode(1) }
        }
    }
}
