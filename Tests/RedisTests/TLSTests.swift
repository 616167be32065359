import Harness
import LocalServers
import Testing

@testable import Redis

extension ClientOnRedis {
    /// Skipped where the `openssl` program is missing: the certificates are made for each run.
    @Suite(.enabled(if: TestCertificates.canBeMade))
    struct TLSTests {
        @Test func aCertificateOfOurAuthorityLetsUsIn() async throws {
            try await Self.withTLS { host, files in
                let redis = try Self.client(host, "?ca=\(files.authority)&cert=\(files.certificate)&key=\(files.key)")
                #expect(try await redis.send("ECHO", "hidden").text == "hidden")
                let reader = redis.sibling()
                let waiting = Task {
                    try await reader.block(RedisCommand("BLPOP", "q", "30"), for: .seconds(30), unblockedBy: redis)
                }
                try await Task.sleep(for: .milliseconds(50))
                waiting.cancel()
                _ = await waiting.result
                let large = String(repeating: "0123456789", count: 200_000)
                #expect(try await redis.send("ECHO", large).text == large)
            }
        }

        @Test func aServerOfAnUnknownAuthorityIsRefused() async throws {
            try await Self.withTLS { host, files in
                try await Self.expectNoConnection(host, "?cert=\(files.certificate)&key=\(files.key)")
            }
        }

        @Test func aClientWithoutCertificateIsRefused() async throws {
            try await Self.withTLS { host, files in
                try await Self.expectNoConnection(host, "?ca=\(files.authority)")
            }
        }

        @Test func missingFilesAreNamed() async throws {
            let redis = try Self.client("localhost:1", "?ca=/nowhere/ca.pem&cert=/nowhere/c.pem&key=/nowhere/k.pem")
            await #expect {
                try await redis.send("PING")
            } throws: { error in
                "\(error)".contains("check ca, cert and key")
            }
        }

        private static func client(_ host: String, _ query: String) throws -> RedisClient {
            RedisClient(try RedisURL("rediss://\(host)\(query)"), logger: .quiet)
        }

        private static func expectNoConnection(_ host: String, _ query: String) async throws {
            let redis = try client(host, query)
            let start = ContinuousClock.now
            await #expect {
                try await redis.send("PING")
            } throws: { error in
                guard case .connection? = error as? RedisError else { return false }
                return true
            }
            #expect(ContinuousClock.now - start < .seconds(3))
        }

        /// A server that talks TLS and wants client certificates.
        private static func withTLS(_ body: (String, TestCertificates) async throws -> Void) async throws {
            let files = try TestCertificates()
            try await withRedis(.init(tls: files.tls)) { url in
                let host = try #require(
                    url.split(separator: "/").last { $0.hasPrefix("localhost:") }?.prefix { $0 != "?" })
                try await body(String(host), files)
            }
        }
    }
}
