import Anomalies
import ArgumentParser
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Logging

/// A receiver of webhooks, to see what arrives.
struct ReceiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receive",
        abstract: "Receive webhooks and print them, each with whether its signature holds.",
        discussion: "Example: RECEIVER_SECRET=… loadtest receive --port 8099")

    @Option(help: "Port on this machine; 0 for a free one, which is printed.") var port = 0
    @Option(help: "Variable of the environment that holds the channel's secret.") var secretVariable = "RECEIVER_SECRET"

    private static let field = HTTPField.Name("Groundswell-Signature")

    func run() async throws {
        guard let secret = ProcessInfo.processInfo.environment[secretVariable], !secret.isEmpty else {
            throw LoadtestError("\(secretVariable) is not set: it holds the secret of the channel")
        }
        let key = SymmetricKey(data: Data(secret.utf8))
        let router = Router()
        router.post("**") { request, _ in
            let body = Data(try await request.body.collect(upTo: 1 << 20).readableBytesView)
            let signature = Self.field.flatMap { request.headers[$0] } ?? ""
            print(Self.line(body, isSigned: Self.isSigned(body, signature, key)))
            fflush(nil)
            return HTTPResponse.Status.noContent
        }
        var logger = Logger(label: "receive")
        logger.logLevel = .error
        try await Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in
                print("listening on port \(channel.localAddress?.port ?? 0)")
                fflush(nil)
            }, logger: logger
        ).run()
    }

    /// As docs/alerts.md says it: HMAC-SHA-256 over the time, a point and the body.
    static func isSigned(_ body: Data, _ header: String, _ key: SymmetricKey) -> Bool {
        var parts: [Substring: Substring] = [:]
        for part in header.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { parts[pair[0]] = pair[1] }
        }
        guard let time = parts["t"], let shown = parts["v1"] else { return false }
        let signature = HMAC<SHA256>.authenticationCode(for: Data(time.utf8) + Data(".".utf8) + body, using: key)
        return signature.map { String(format: "%02x", $0) }.joined() == shown
    }

    private static func line(_ body: Data, isSigned: Bool) -> String {
        let signature = isSigned ? "signature holds" : "SIGNATURE DOES NOT HOLD"
        guard let message = try? AlertMessage(json: Array(body)) else { return "no message (\(signature))" }
        let driver = message.drivers.first.map { "\($0.kind) \($0.key)" } ?? "nothing in particular"
        return "\(message.event.rawValue) \(message.kind.rawValue) of \(message.brand), \(message.metric), "
            + "driven by \(driver) (\(signature))"
    }
}
