import Chaos
import Foundation
import Testing

extension RealProcesses {
    /// The whole cluster under a seeded fire, for half a minute; `loadtest chaos` does it for as long as one likes.
    @Suite(.timeLimit(.minutes(10)))
    struct ChaosTests {
        @Test func jobsStayExactWhileRolesAndServersDieAndLinesBreak() async throws {
            let seed =
                ProcessInfo.processInfo.environment["GROUNDSWELL_SEED"].flatMap { UInt64($0) }
                ?? .random(in: 0..<1_000_000)
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("chaos-\(UUID().uuidString)")
                .path
            var settings = ChaosSettings(
                seed: seed, lasting: .seconds(35), leastKills: 12, folder: folder, executable: Command.executable,
                models: Command.models)
            settings.archives = [.init(posts: 6000, shardPosts: 30), .init(posts: 9000, shardPosts: 60)]
            settings.patience = .seconds(240)
            let report = try await ChaosRun(settings).run()
            #expect(report.problems.isEmpty, "seed \(seed), see \(folder)")
            #expect(report.kills >= 12, "seed \(seed)")
            #expect(report.jobs > 0 && report.lostPosts == 0 && report.doublePosts == 0, "seed \(seed)")
            print("chaos with seed \(seed): \(report.lines.map { "\($0.name) \($0.value)" }.joined(separator: "; "))")
            if report.problems.isEmpty { try? FileManager.default.removeItem(atPath: folder) }
        }
    }
}
