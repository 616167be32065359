import ArgumentParser
import Domain
import Foundation
import Monitors
import Readings
import Store
import Worker

/// `groundswell schedule`: jobs that are submitted again and again.
struct ScheduleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "Submit a job at times given as in crontab(5), in UTC.",
        discussion: """
            Example: groundswell schedule add hourly --cron '5 * * * *' --monitor brands.yaml '/posts/%Y-%m-%d/*.jsonl'
            The leading coordinator looks for the sources when a schedule fires and submits the job at most once, \
            however many coordinators run. Of times that passed while none ran, only the latest fires.
            """,
        subcommands: [Add.self, List.self, Remove.self, Next.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a schedule; the monitor is kept as it is now.",
            discussion: """
                Example: groundswell schedule add nightly --cron '30 2 * * *' --monitor brands.yaml '/posts/%Y/%m/%d'
                In sources, %Y %m %d %H %M stand for the firing time and %% for a percent sign. The coordinators' \
                machines must see the sources.
                """)

        @OptionGroup var connection: ConnectionOptions
        @Argument(help: "Its name.") var name: String
        @Option(
            help: "Minute, hour, day of the month, month, day of the week; or @hourly, @daily, ….",
            transform: CronExpression.argument)
        var cron: CronExpression
        @OptionGroup var input: InputOptions
        @OptionGroup var options: ShareOptions

        func validate() throws {
            guard !name.isEmpty, name.count <= 100 else {
                throw ValidationError("the name must have 1…100 characters, not \(name.count).")
            }
            guard !input.sources.contains("-") else {
                throw ValidationError("standard input cannot be read again: name files, folders or patterns.")
            }
        }

        func run() async throws {
            let monitor = try MonitorFile.read(input.monitor)
            let settings = try await Settings(connection)
            let reader = try ModelShelf(folder: settings.modelsFolder()).reader(for: monitor.model)
            let store = try await Store.open(settings.postgresURL(), application: "groundswell schedule")
            let folder = FileManager.default.currentDirectoryPath
            try await store.add(
                JobSchedule(
                    name: name, cron: cron.description, monitor: monitor.name, monitorYAML: monitor.yaml,
                    modelVersion: reader?.version ?? "",
                    sources: input.sources.map { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" },
                    shardBytes: input.shardBytes, shardPosts: input.shardPosts, skipMissing: input.skipMissing,
                    lane: options.lane, share: options.share))
            let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
            Terminal.say("schedule '\(name)' fires next at \(CivilTime(cron.next(after: now)).text)")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show schedules, when they fire next, and what became of the last firing.",
            discussion: "Example: groundswell schedule list --output json")

        @OptionGroup var connection: ConnectionOptions
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let store = try await Store.open(
                Settings(connection).postgresURL(), application: "groundswell schedule")
            let (schedules, now) = try await store.schedules()
            output.show(
                Table(
                    ["schedule", "cron", "monitor", "next", "last job", "last error"],
                    rows: schedules.map { schedule in
                        let next = (try? CronExpression(schedule.cron)).map { CivilTime($0.next(after: now)).text }
                        return [
                            .text(schedule.name), .text(schedule.cron), .text(schedule.monitor),
                            next.map { .text($0) } ?? .missing,
                            schedule.job.map { .integer(Int64($0.rawValue)) } ?? .missing,
                            schedule.lastError.map { .text($0) } ?? .missing,
                        ]
                    }))
            if schedules.isEmpty {
                Terminal.say("no schedule yet: 'groundswell schedule add --help' shows how to begin")
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a schedule; its jobs stay.", discussion: "Example: groundswell schedule remove nightly")

        @OptionGroup var connection: ConnectionOptions
        @Argument(help: "The schedule.") var name: String

        func run() async throws {
            let store = try await Store.open(
                Settings(connection).postgresURL(), application: "groundswell schedule")
            try await store.removeSchedule(named: name)
            Terminal.say("schedule '\(name)' is removed")
        }
    }

    struct Next: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the next five times of a cron expression, in UTC.",
            discussion: "Example: groundswell schedule next '0 9 * * mon-fri'")

        @Argument(
            help: "Minute, hour, day of the month, month, day of the week; or @hourly, @daily, ….",
            transform: CronExpression.argument)
        var cron: CronExpression

        func run() {
            var time = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
            for _ in 0..<5 {
                time = cron.next(after: time)
                Terminal.write(CivilTime(time).text + "\n")
            }
        }
    }
}

extension CronExpression {
    /// Reads the argument of a command.
    static func argument(_ text: String) throws -> Self {
        do {
            return try CronExpression(text)
        } catch {
            throw ValidationError("\(error)")
        }
    }
}
