import Domain
import Foundation
import Harness
import Store
import Testing

@testable import Coordinator

@Suite(.serialized, .timeLimit(.minutes(5)))
struct ScheduleTests {
    private static let monitor = """
        name: cities
        brands:
          - name: Aurora
            query: aurora
        model: none
        """

    private func schedule(_ name: String, sources: [String], cron: String = "* * * * *") -> JobSchedule {
        JobSchedule(
            name: name, cron: cron, monitor: "cities", monitorYAML: Self.monitor, modelVersion: "", sources: sources,
            shardBytes: 1000, shardPosts: 10, skipMissing: false, lane: .bulk,
            share: JobShare(weight: 2, priority: 3, maxInFlight: 4, sourceRate: 1.5))
    }

    /// Lets a schedule be due, as if it had been made some minutes ago.
    private func makeDue(_ fixture: CoordinatorFixture) async throws {
        try await fixture.execute("UPDATE gw.schedule SET fired_at = now() - interval '3 hours'")
    }

    private func withPosts(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("schedule-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let post = #"{"id":"1","platform":"x","created_at":"2026-11-23T08:00:00Z","author":{"id":"a"},"text":"aurora"}"#
        try Data((post + "\n").utf8).write(to: URL(fileURLWithPath: "\(folder)/posts.jsonl"))
        try await body(folder)
    }

    @Test func missedFiringsMakeOneJobAndItHasTheSchedulesOptions() async throws {
        try await withPosts { folder in
            try await CoordinatorFixture.with { fixture in
                try await fixture.store.add(schedule("hourly", sources: ["\(folder)/*.jsonl"]))
                let keeper = ScheduleKeeper(store: fixture.store, logger: CoordinatorFixture.logger)
                try await keeper.round()
                #expect(try await fixture.store.jobs().isEmpty, "it fired for times before it was made")
                try await makeDue(fixture)
                try await keeper.round()
                try await keeper.round()
                let job = try #require(try await fixture.store.jobs().first)
                // A minute may have begun between the two rounds.
                #expect((1...2).contains(try await fixture.store.jobs().count))
                #expect(job.key?.hasPrefix("schedule:hourly@20") == true && job.shards == 1)
                let runnable = try #require(try await fixture.store.runnableJobs(in: .bulk).first)
                #expect(
                    runnable.weight == 2 && runnable.priority == 3 && runnable.room == 4 && runnable.sourceRate == 1.5)
                let status = try #require(try await fixture.store.schedules().schedules.first)
                #expect(status.job == job.job && status.lastError == nil)
            }
        }
    }

    @Test func aFiringWithoutSourcesIsNotedAndNotTriedAgain() async throws {
        try await CoordinatorFixture.with { fixture in
            try await fixture.store.add(schedule("yearly", sources: ["/nowhere/%Y-%m-%d/*.jsonl"], cron: "@yearly"))
            try await fixture.execute("UPDATE gw.schedule SET fired_at = now() - interval '400 days'")
            let keeper = ScheduleKeeper(store: fixture.store, logger: CoordinatorFixture.logger)
            try await keeper.round()
            let first = try #require(try await fixture.store.schedules().schedules.first)
            let year = CivilTime(try await fixture.store.schedules().now).year
            #expect(first.lastError?.contains("/nowhere/\(year)-01-01/*.jsonl") == true, "\(first.lastError ?? "none")")
            #expect(first.job == nil && CivilTime(first.firedAt).text == "\(year)-01-01T00:00:00Z")
            try await keeper.round()
            #expect(try await fixture.store.schedules().schedules.first == first)
        }
    }

    @Test func schedulesFireOnceHoweverManyCoordinatorsFireThem() async throws {
        try await withPosts { folder in
            try await CoordinatorFixture.with { fixture in
                for index in 0..<8 {
                    try await fixture.store.add(
                        schedule("s\(index)", sources: ["\(folder)/posts.jsonl"], cron: "0 \(index) * * *"))
                }
                try await fixture.execute("UPDATE gw.schedule SET fired_at = now() - interval '25 hours'")
                // Coordinators that all believe they lead: what a stopped leader that wakes may do.
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 {
                        group.addTask {
                            let store = Store(url: fixture.postgres, logger: CoordinatorFixture.logger)
                            try await ScheduleKeeper(store: store, logger: CoordinatorFixture.logger).round()
                        }
                    }
                    try await group.waitForAll()
                }
                // A schedule may have become due in the meantime, once.
                let keys = try await fixture.store.jobs().compactMap(\.key)
                #expect(Set(keys).count == keys.count && (8...9).contains(keys.count))
            }
        }
    }

    @Test func oneOfTwoCoordinatorsFiresAndTheOtherTakesOver() async throws {
        try await withPosts { folder in
            try await CoordinatorFixture.with { fixture in
                try await fixture.store.add(schedule("often", sources: ["\(folder)/posts.jsonl"], cron: "@hourly"))
                let services = [fixture.coordinator(), fixture.coordinator()]
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for service in services { group.addTask { try await service.run() } }
                    for expected in 1...2 {
                        try await makeDue(fixture)
                        // The key of the hour is taken: the second time only the note changes.
                        #expect(
                            try await eventually {
                                try await fixture.number(
                                    "SELECT count(*) FROM gw.schedule WHERE fired_at > now() - interval '2 hours'") == 1
                            })
                        #expect(try await fixture.number("SELECT count(*) FROM gw.job") <= expected)
                        try await fixture.execute(
                            """
                            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                            WHERE application_name LIKE '%-leader' AND datname = current_database()
                            """)
                    }
                    group.cancelAll()
                }
            }
        }
    }

    @Test func aNameIsTakenOnceAndCanBeRemoved() async throws {
        try await CoordinatorFixture.with { fixture in
            let daily = schedule("daily", sources: ["/a", "/b c"], cron: "@daily")
            try await fixture.store.add(daily)
            #expect(try await fixture.store.schedule(named: "daily") == daily)
            await #expect(throws: StoreError.scheduleExists(name: "daily")) { try await fixture.store.add(daily) }
            try await fixture.store.removeSchedule(named: "daily")
            await #expect(throws: StoreError.unknownSchedule(name: "daily")) {
                try await fixture.store.removeSchedule(named: "daily")
            }
        }
    }
}
