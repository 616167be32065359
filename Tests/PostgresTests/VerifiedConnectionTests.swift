import Harness
import LocalServers
import Postgres
import Testing

/// `sslmode=verify-full`: the server has to prove that it is the one that the URL names.
@Suite(.serialized, .enabled(if: TestCertificates.canBeMade), .timeLimit(.minutes(2)))
struct VerifiedConnectionTests {
    @Test func theNamedServerOfOurAuthorityLetsUsIn() async throws {
        try await Self.withServer { url, _ in
            for url in [url, url.replacing("@localhost:", with: "@127.0.0.1:")] {
                let isEncrypted = try await Self.isEncrypted(url)
                #expect(isEncrypted)
            }
        }
    }

    @Test func aServerOfAnotherAuthorityIsRefused() async throws {
        try await Self.withServer { url, files in
            let other = try TestCertificates()
            await Self.expectRefusal(
                url.replacing(files.authority, with: other.authority), for: "certificate verify failed")
        }
    }

    @Test func aServerOfAnotherNameIsRefused() async throws {
        try await Self.withServer(names: "DNS:db.example.com") { url, _ in
            await Self.expectRefusal(url, for: "does not match host name \"localhost\"")
        }
    }

    @Test func aClientWithoutCertificateOrWithAStrangersIsRefused() async throws {
        try await Self.withServer { url, files in
            let stranger = try TestCertificates()
            await Self.expectRefusal(
                url.replacing(files.certificate, with: "/nowhere/me.pem").replacing(files.key, with: "/nowhere/me.key"),
                for: "certificate")
            await Self.expectRefusal(
                url.replacing(files.certificate, with: stranger.certificate).replacing(files.key, with: stranger.key),
                for: "unknown ca")
        }
    }

    @Test func anUnencryptedConnectionIsRefused() async throws {
        try await Self.withServer { url, _ in
            await Self.expectRefusal(url.replacing("verify-full", with: "disable"), for: "no pg_hba.conf entry")
        }
    }

    private static func isEncrypted(_ url: String) async throws -> Bool {
        try await PostgresConnection(PostgresSettings(url: url)).use { session in
            try session.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").first?.bool(0) ?? false
        }
    }

    /// A refusal that says why, and that waiting does not mend.
    private static func expectRefusal(_ url: String, for reason: String) async {
        await #expect {
            _ = try await isEncrypted(url)
        } throws: { error in
            guard let error = error as? PostgresError, case .unreachable = error else { return false }
            return "\(error)".contains(reason) && !error.isTransient && !"\(error)".contains("geheim")
        }
    }

    private static func withServer(
        names: String = "DNS:localhost,IP:127.0.0.1", _ body: (String, TestCertificates) async throws -> Void
    ) async throws {
        let files = try TestCertificates(names: names)
        let settings = PrivatePostgres.Settings(durability: .none, loopbackPassword: "geheim", tls: files.tls)
        try await withPostgresServer(settings) { server in try await body(server.url, files) }
    }
}
