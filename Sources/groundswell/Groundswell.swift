import ArgumentParser
import Foundation

/// The one executable: every role and tool is a subcommand.
@main
struct Groundswell: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "groundswell",
        abstract: "Social media monitoring on a cluster: posts in, trends in SQL out.",
        discussion: """
            Try it: 'groundswell local up' starts a private cluster in this folder, then
              groundswell submit --monitor brands.yaml archive.jsonl --wait
              groundswell trends --by day
            Shell completion: groundswell --generate-completion-script bash
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Jobs",
                subcommands: [
                    SubmitCommand.self, StatusCommand.self, WatchCommand.self, PauseCommand.self, ResumeCommand.self,
                    CancelCommand.self, ForgetCommand.self, DeadCommand.self, VerifyCommand.self,
                    ScheduleCommand.self,
                ]),
            CommandGroup(
                name: "Live posts", subcommands: [IngestCommand.self, LiveCommand.self, CloseCommand.self]),
            CommandGroup(name: "Alerts", subcommands: [DeliveriesCommand.self]),
            CommandGroup(
                name: "Trends", subcommands: [TrendsCommand.self, CountCommand.self, QueryCommand.self]),
            CommandGroup(name: "Anomalies", subcommands: [AnomaliesCommand.self, PlotCommand.self]),
            CommandGroup(
                name: "Models",
                subcommands: [
                    LabelCommand.self, TrainCommand.self, EvaluateCommand.self, ExplainCommand.self, ModelsCommand.self,
                ]),
            CommandGroup(
                name: "Cluster",
                subcommands: [
                    LocalCommand.self, LanesCommand.self, MigrateCommand.self, CoordinatorCommand.self,
                    WorkerCommand.self, ReduceCommand.self, GatewayCommand.self, DeliverCommand.self, ProbeCommand.self,
                    TrialCommand.self,
                ]),
        ])

    /// Exit codes: 0 done, 1 failed, 2 wrong usage.
    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            Foundation.exit(code(of: error))
        }
    }

    /// Tells the user what went wrong, on standard error, and returns the exit code.
    private static func code(of error: any Error) -> Int32 {
        switch exitCode(for: error) {
        case .success:
            Terminal.write(fullMessage(for: error) + "\n")
            return 0
        case .validationFailure:
            Terminal.say(fullMessage(for: error))
            return 2
        default:
            if let code = error as? ExitCode { return code.rawValue }
            Terminal.say("error: \(error)")
            return 1
        }
    }
}
