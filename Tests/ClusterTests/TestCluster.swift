import Foundation
import Generator
import Harness
import LocalServers
import Testing

/// The tests that start whole clusters, one after another: side by side they would starve each other of the machine.
@Suite(.serialized) enum RealProcesses {}

/// Private servers, a migrated database and role processes of the built `groundswell`.
final class TestCluster {
    let folder: String
    let command: Command
    let redis: String
    let postgres: String
    private let environment: [String: String]
    private var roles: [String: PrivateProgram] = [:]

    init(folder: String, redis: String, postgres: String) {
        self.folder = folder
        self.redis = redis
        self.postgres = postgres
        environment = [
            "GROUNDSWELL_REDIS": redis, "GROUNDSWELL_POSTGRES": postgres, "GROUNDSWELL_MODELS": Command.models,
        ]
        command = Command(environment: environment)
    }

    /// Runs `body` on a migrated cluster without roles; every process has ended when it returns.
    static func with<Result>(_ body: (TestCluster) async throws -> Result) async throws -> Result {
        try await withFolder { folder in
            try await withPostgres { postgres in
                try await withRedis { redis in
                    let cluster = TestCluster(folder: folder, redis: redis, postgres: postgres)
                    let migration = try await cluster.command.run("migrate")
                    try #require(migration.status == 0, "\(migration.messages)")
                    defer { cluster.killAll() }
                    return try await body(cluster)
                }
            }
        }
    }

    /// Starts a role process under a name of its own.
    ///
    /// - Parameter leases: whether it is one that is told how long leases last.
    func start(
        _ role: String, _ arguments: [String] = [], name: String? = nil, leases: Bool = true,
        environment extra: [String: String] = [:]
    ) throws {
        var environment = ProcessInfo.processInfo.environment
        environment.merge(self.environment) { _, new in new }
        environment.merge(extra) { _, new in new }
        let name = name ?? role
        roles[name] = try PrivateProgram.start(
            Command.executable, [role] + (leases ? ["--lease", "fast"] : []) + arguments, environment: environment,
            in: "\(folder)/\(name)")
    }

    func startRoles(workers: Int) throws {
        try start("coordinator")
        try start("reduce")
        for number in 1...workers { try start("worker", ["--threads", "1"], name: "worker-\(number)") }
    }

    func isRunning(_ name: String) -> Bool { roles[name]?.isRunning ?? false }

    /// The rows of a query, columns joined by `|`.
    func sql(_ query: String) async throws -> String {
        let printed = try await onOwnThread { [postgres] in
            try Run.program("/usr/bin/psql", [postgres, "-XAtc", query])
        }
        return printed.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func kill(_ name: String) { roles.removeValue(forKey: name)?.kill() }

    func stop(_ name: String) { roles.removeValue(forKey: name)?.stop() }

    func pause(_ name: String) { roles[name]?.pause() }

    func resume(_ name: String) { roles[name]?.resume() }

    func pid(of name: String) -> Int32? { roles[name]?.pid }

    /// The roles that were started and neither killed nor stopped here, and run no more.
    var ended: [String] { roles.filter { !$0.value.isRunning }.keys.sorted() }

    func killAll() { for name in roles.keys.sorted() { kill(name) } }

    func log(of name: String) -> String {
        (try? String(contentsOfFile: "\(folder)/\(name)/program.log", encoding: .utf8)) ?? ""
    }

    /// Checks every brand's posts of every day.
    func expectCounts(_ scenario: Scenario, _ expected: ExpectedCounts) async throws {
        let trends = try rows(try await command.run("trends", "--by", "day", "--output", "json"))
        for (index, brand) in scenario.brands.enumerated() {
            for day in 0..<scenario.days {
                let found = trends.first {
                    $0["brand"] as? String == brand.name && $0["day"] as? String == scenario.date(ofDay: day)
                }
                #expect(
                    found?["posts"] as? Int ?? 0 == expected.perBrandAndDay[index][day], "\(brand.name), day \(day)")
            }
        }
    }

    /// Writes a generated archive and its monitor.
    func archive(
        _ scenario: Scenario, model: String = "fast"
    ) throws -> (posts: String, monitor: String, expected: ExpectedCounts) {
        let posts = "\(folder)/posts.jsonl"
        let monitor = "\(folder)/monitor.yaml"
        #expect(FileManager.default.createFile(atPath: posts, contents: nil))
        let file = try #require(FileHandle(forWritingAtPath: posts))
        var generator = PostGenerator(scenario)
        while try generator.nextBlock({ try file.write(contentsOf: Data($0)) }) {}
        try file.close()
        try MonitorText.yaml(for: scenario, model: model).write(toFile: monitor, atomically: true, encoding: .utf8)
        return (posts, monitor, generator.expected)
    }
}

/// A row of JSON output.
func rows(_ result: Command.Result) throws -> [[String: Any]] {
    let value = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    return try #require(value as? [[String: Any]], "not a list of objects: \(result.output)")
}
