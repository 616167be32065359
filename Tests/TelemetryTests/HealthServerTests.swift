import CoreMetrics
import Foundation
import Logging
import Synchronization
import Telemetry
import Testing
import Web

struct HealthServerTests {
    @Test(.timeLimit(.minutes(3))) func readinessFollowsItsServersAndLivenessDoesNot() async throws {
        let isReady = Mutex(true)
        let (ports, announce) = AsyncStream.makeStream(of: Int.self)
        let metrics = MetricRegistry(help: ["turns_total": "Turns."])
        Counter(label: "turns_total", factory: metrics).increment(by: 2)
        let server = HealthServer(port: 0, metrics: metrics, logger: Logger(label: "test")) {
            isReady.withLock { $0 }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run { announce.yield($0) } }
            let port = try #require(await ports.first { _ in true })
            #expect(try await get("/healthz", port).status == 200)
            #expect(try await get("/readyz", port).status == 200)
            isReady.withLock { $0 = false }
            #expect(try await get("/readyz", port).status == 503)
            #expect(try await get("/healthz", port).status == 200)
            #expect(try await get("/elsewhere", port).status == 404)
            let page = try await get("/metrics", port)
            #expect(page.status == 200)
            let text = String(decoding: page.body, as: UTF8.self)
            #expect(text == "# HELP turns_total Turns.\n# TYPE turns_total counter\nturns_total 2\n")
            group.cancelAll()
        }
    }

    @Test func anAbsentServerGivesAnErrorWithItsAddress() {
        #expect(throws: WebError.self) { try HTTPClient.get("http://127.0.0.1:1/healthz", timeoutSeconds: 2) }
        #expect(throws: WebError.self) { try HTTPClient.get("file:///etc/passwd") }
    }

    /// libcurl blocks, so it gets a thread that is not Swift's.
    ///
    /// The server shares its threads with all other tests, which keep them busy for seconds on a small machine, so
    /// the wait is long.
    private func get(_ path: String, _ port: Int) async throws -> HTTPResponse {
        try await withCheckedThrowingContinuation { done in
            Thread {
                done.resume(with: Result { try HTTPClient.get("http://127.0.0.1:\(port)\(path)", timeoutSeconds: 60) })
            }.start()
        }
    }
}
