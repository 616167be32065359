import Compression
import Domain
import Foundation
import Harness
import Logging
import Monitors
import ServiceLifecycle
import Store
import Testing
import Trends
import Web

@testable import Live

/// A gateway on a port of its own, with a real database behind it.
struct TestGateway {
    let store: Store
    let port: Int
    let job: JobID

    static let monitor = """
        name: cities
        windows: [minute, day]
        brands:
          - name: Aurora
            query: aurora
        """

    static func with(
        token: String? = nil, _ settings: LiveSettings = quick, _ body: (TestGateway) async throws -> Void
    ) async throws {
        try await withPostgres { url in
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let store = Store(url: url, logger: logger)
            _ = try await store.migrate()
            let input = LiveInput(
                monitor: try Monitor(yaml: monitor, fileName: "test"), modelVersion: "", settings: settings,
                store: store, logger: logger)
            let job = try await input.job()
            let (ports, port) = AsyncStream.makeStream(of: Int.self)
            let service = GatewayService(
                input: input, address: .init(host: "127.0.0.1", port: 0), token: token.map(BearerToken.init),
                listening: { port.yield($0) })
            let group = ServiceGroup(configuration: .init(services: [service], logger: logger))
            try await withThrowingTaskGroup { tasks in
                tasks.addTask { try await group.run() }
                var iterator = ports.makeAsyncIterator()
                let port = try #require(await iterator.next())
                do {
                    try await body(TestGateway(store: store, port: port, job: job))
                } catch {
                    await group.triggerGracefulShutdown()
                    throw error
                }
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
            await store.close()
        }
    }

    /// Batches that wait for nobody: a sender's next request comes after the answer.
    static var quick: LiveSettings {
        var settings = LiveSettings()
        settings.linger = .milliseconds(20)
        return settings
    }

    func post(_ body: [UInt8], _ headers: [String] = []) async throws -> HTTPResponse {
        let url = "http://127.0.0.1:\(port)/v1/posts"
        return try await onOwnThread { try HTTPClient.post(url, headers: headers, body: body) }
    }

    func post(_ body: String, _ headers: [String] = []) async throws -> HTTPResponse {
        try await post(Array(body.utf8), headers)
    }

    /// Lines of posts with these ids.
    static func lines(_ ids: ClosedRange<Int>) -> String {
        ids.map {
            #"{"v":1,"platform":"x","id":"\#($0)","op":"upsert","kind":"post","created_at":"2026-05-01T00:00:00Z","author":{"id":"a"},"text":"aurora"}"#
                + "\n"
        }.joined()
    }

    /// What the kept payloads hold, in order.
    func kept() async throws -> String {
        let shards = try await store.job(job).shards
        var text = ""
        for index in 0..<shards {
            let payload = try await store.payload(named: "batch-\(index)", of: job)
            text += String(decoding: try ZstdFrame.decompressed(payload, limit: 1 << 24), as: UTF8.self)
        }
        return text
    }
}

extension HTTPResponse {
    var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]) ?? [:]
    }
}

@Suite(.timeLimit(.minutes(2))) struct GatewayTests {
    @Test func postsAreKeptBeforeTheAnswer() async throws {
        try await TestGateway.with { gateway in
            let answer = try await gateway.post(TestGateway.lines(1...3))
            #expect(answer.status == 202 && answer.json["posts"] as? Int == 3)
            #expect(answer.json["job"] as? Int == Int(gateway.job.rawValue) && answer.json["shard"] as? Int == 0)
            #expect(try await gateway.kept() == TestGateway.lines(1...3))
            let job = try await gateway.store.job(gateway.job)
            #expect(job.lane == .live && job.shards == 1 && job.state == .running)
        }
    }

    @Test func manySendersShareBatchesAndNothingIsLost() async throws {
        var settings = LiveSettings()
        settings.linger = .milliseconds(200)
        try await TestGateway.with(settings) { gateway in
            let shards = try await withThrowingTaskGroup { group in
                for number in 0..<20 {
                    group.addTask {
                        let answer = try await gateway.post(TestGateway.lines(number * 10...number * 10 + 9))
                        #expect(answer.status == 202)
                        return answer.json["shard"] as? Int ?? -1
                    }
                }
                return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
            }
            #expect(shards.count < 20, "each request made a shard of its own")
            let lines = try await gateway.kept().split(separator: "\n").map(String.init)
            let sent = TestGateway.lines(0...199).split(separator: "\n").map(String.init)
            #expect(lines.sorted() == sent.sorted())
        }
    }

    @Test func aBadLineRefusesTheRequestAndIsNamed() async throws {
        try await TestGateway.with { gateway in
            let answer = try await gateway.post(TestGateway.lines(1...2) + "{\"id\": 7,,}\n" + TestGateway.lines(3...3))
            #expect(answer.status == 400 && answer.json["line"] as? Int == 3)
            #expect(try await gateway.post("\n\n").status == 400)
            #expect(try await gateway.store.job(gateway.job).shards == 0)
        }
    }

    @Test func onlyWhoShowsTheTokenMaySend() async throws {
        try await TestGateway.with(token: "open sesame") { gateway in
            let lines = TestGateway.lines(1...1)
            let missing = try await gateway.post(lines)
            #expect(missing.status == 401 && missing.headers["www-authenticate"] == "Bearer")
            #expect(try await gateway.post(lines, ["Authorization: Bearer open"]).status == 401)
            #expect(try await gateway.post(lines, ["Authorization: Basic open sesame"]).status == 401)
            #expect(try await gateway.post(lines, ["Authorization: Bearer open sesame"]).status == 202)
        }
    }

    @Test func whatIsTooLargeIsRefusedPackedOrNot() async throws {
        var settings = TestGateway.quick
        settings.bodyBytes = 2000
        try await TestGateway.with(settings) { gateway in
            #expect(try await gateway.post(TestGateway.lines(1...30)).status == 413)
            let packed = try ZstdFrame.compressed(Array(TestGateway.lines(1...30).utf8))
            #expect(packed.count < 2000)
            #expect(try await gateway.post(packed, ["Content-Encoding: zstd"]).status == 413)
            #expect(try await gateway.post(TestGateway.lines(1...3), ["Transfer-Encoding: chunked"]).status == 202)
            #expect(try await gateway.post(TestGateway.lines(1...30), ["Transfer-Encoding: chunked"]).status == 413)
        }
    }

    @Test func postsMayComeCompressed() async throws {
        try await TestGateway.with { gateway in
            let text = TestGateway.lines(1...50)
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).jsonl")
            try Data(text.utf8).write(to: file)
            let gzip = Process()
            gzip.executableURL = URL(fileURLWithPath: "/bin/gzip")
            gzip.arguments = [file.path]
            try await onOwnThread { [gzip] in
                try gzip.run()
                gzip.waitUntilExit()
            }
            let packed = [UInt8](try Data(contentsOf: file.appendingPathExtension("gz")))
            #expect(try await gateway.post(packed, ["Content-Encoding: gzip"]).json["posts"] as? Int == 50)
            #expect(try await gateway.kept() == text)
            #expect(try await gateway.post(Array(packed.dropLast(9)), ["Content-Encoding: gzip"]).status == 400)
            #expect(try await gateway.post(packed, ["Content-Encoding: br"]).status == 415)
        }
    }

    @Test func aKeyMakesARequestCountOnceHoweverOftenItComes() async throws {
        try await TestGateway.with { gateway in
            let key = ["Idempotency-Key: batch 7"]
            let answers = try await withThrowingTaskGroup { group in
                for _ in 0..<6 { group.addTask { try await gateway.post(TestGateway.lines(1...4), key) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.status == 202 && $0.json["posts"] as? Int == 4 })
            #expect(Set(answers.map { $0.json["shard"] as? Int }).count == 1)
            #expect(answers.count { $0.json["repeated"] as? Bool == true } == 5)
            #expect(try await gateway.kept() == TestGateway.lines(1...4))
            #expect(try await gateway.post(TestGateway.lines(1...5), key).status == 422)
            #expect(try await gateway.post(TestGateway.lines(5...5), ["Idempotency-Key: batch 8"]).status == 202)
        }
    }

    @Test func aClusterThatIsBehindTellsSendersToComeBack() async throws {
        var settings = TestGateway.quick
        settings.backlog = 1
        try await TestGateway.with(settings) { gateway in
            for number in 1...2 { #expect(try await gateway.post(TestGateway.lines(number...number)).status < 500) }
            var answer = try await gateway.post(TestGateway.lines(3...3))
            while answer.status == 202 { answer = try await gateway.post(TestGateway.lines(4...4)) }
            #expect(answer.status == 429)
            #expect(answer.headers["retry-after"].flatMap { Int($0) } ?? 0 > 0)
            let kept = try await gateway.store.job(gateway.job).shards
            let items = (0..<kept).map {
                MergeItem(shard: ShardID(job: gateway.job, index: UInt32($0)), attempt: 1, parts: [])
            }
            _ = try await gateway.store.merge(items)
            for _ in 0..<200 where answer.status != 202 {
                try await Task.sleep(for: .milliseconds(50))
                answer = try await gateway.post(TestGateway.lines(5...5))
            }
            #expect(answer.status == 202)
        }
    }

    @Test func aClosedJobIsFollowedByAnother() async throws {
        try await TestGateway.with { gateway in
            #expect(try await gateway.post(TestGateway.lines(1...1)).status == 202)
            try await gateway.store.closeLive(gateway.job)
            let answer = try await gateway.post(TestGateway.lines(2...2))
            #expect(answer.status == 202 && answer.json["job"] as? Int != Int(gateway.job.rawValue))
        }
    }
}

@Suite struct BearerTokenTests {
    @Test func onlyTheWholeSecretIsTaken() {
        let token = BearerToken("s3cret")
        #expect(token.isShown(in: "Bearer s3cret") && token.isShown(in: "bearer s3cret"))
        for header in [nil, "", "Bearer", "Bearer ", "s3cret", "Bearer s3cre", "Bearer s3crets", "Basic s3cret"] {
            #expect(!token.isShown(in: header), "\(header ?? "nothing")")
        }
    }

    @Test func noDumpTellsTheSecret() {
        var text = ""
        dump(BearerToken("s3cret"), to: &text)
        #expect(!text.contains("s3cret") && !"\(BearerToken("s3cret"))".contains("s3cret"))
    }
}
