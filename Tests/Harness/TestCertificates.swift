import Foundation
package import LocalServers

/// An authority and one certificate of it, made anew for a test with the `openssl` program.
package struct TestCertificates: Sendable {
    private static let openssl = "/usr/bin/openssl"

    /// Tests are skipped where the program is missing.
    package static var canBeMade: Bool { FileManager.default.isExecutableFile(atPath: openssl) }

    package let authority: String
    /// Good for server and client.
    package let certificate: String
    package let key: String

    package var tls: ServerTLS { ServerTLS(authority: authority, certificate: certificate, key: key) }

    /// - Parameters:
    ///   - names: Whom the certificate is for, as the server's alternative names.
    ///   - subject: The common name, which PostgreSQL takes for the user of a client.
    package init(names: String = "DNS:localhost,IP:127.0.0.1", subject: String = "localhost") throws {
        let folder = try TestFolder.make("certificates")
        authority = "\(folder)/ca.pem"
        certificate = "\(folder)/me.pem"
        key = "\(folder)/me.key"
        let extensions = "\(folder)/extensions"
        try "subjectAltName=\(names)".write(toFile: extensions, atomically: true, encoding: .utf8)
        let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        let request = "\(folder)/me.csr"
        try Run.program(
            Self.openssl,
            ["req", "-x509"] + newKey + [
                "-keyout", "\(folder)/ca.key", "-out", authority, "-days", "2", "-subj", "/CN=test",
            ])
        try Run.program(Self.openssl, ["req"] + newKey + ["-keyout", key, "-out", request, "-subj", "/CN=\(subject)"])
        try Run.program(
            Self.openssl,
            [
                "x509", "-req", "-in", request, "-CA", authority, "-CAkey", "\(folder)/ca.key", "-CAcreateserial",
                "-out", certificate, "-days", "2", "-extfile", extensions,
            ])
    }
}
