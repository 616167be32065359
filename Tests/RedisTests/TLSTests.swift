import Foundation
import Harness
import LocalServers
import Testing

@testable import Redis

extension ClientOnRedis {
    /// Skipped where the `openssl` program is missing: the certificates are made for each run.
    @Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: Certificates.openssl)))
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

        /// A server that talks TLS on a second port and wants client certificates.
        private static func withTLS(_ body: (String, Certificates) async throws -> Void) async throws {
            try await withRedis { url in
                let files = try Certificates(in: try TestFolder.make("tls"))
                let admin = RedisClient(try RedisURL(url), logger: .quiet)
                let port = Int.random(in: 20_000..<32_000)
                _ = try await admin.send(
                    "CONFIG", "SET", "tls-cert-file", files.certificate, "tls-key-file", files.key, "tls-ca-cert-file",
                    files.authority, "tls-auth-clients", "yes", "tls-port", String(port))
                try await body("localhost:\(port)", files)
            }
        }
    }
}

/// An authority and one certificate for `localhost`, good for server and client.
struct Certificates {
    static let openssl = "/usr/bin/openssl"

    let authority: String
    let certificate: String
    let key: String

    init(in folder: String) throws {
        authority = "\(folder)/ca.pem"
        certificate = "\(folder)/me.pem"
        key = "\(folder)/me.key"
        let names = "\(folder)/names"
        try "subjectAltName=DNS:localhost,IP:127.0.0.1".write(toFile: names, atomically: true, encoding: .utf8)
        let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        try Self.run(
            ["req", "-x509"] + newKey + [
                "-keyout", "\(folder)/ca.key", "-out", authority, "-days", "2", "-subj", "/CN=test",
            ])
        try Self.run(["req"] + newKey + ["-keyout", key, "-out", "\(folder)/me.csr", "-subj", "/CN=localhost"])
        try Self.run([
            "x509", "-req", "-in", "\(folder)/me.csr", "-CA", authority, "-CAkey", "\(folder)/ca.key",
            "-CAcreateserial",
            "-out", certificate, "-days", "2", "-extfile", names,
        ])
    }

    private static func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: openssl)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CertificateError(arguments: arguments) }
    }
}

struct CertificateError: Error { let arguments: [String] }
