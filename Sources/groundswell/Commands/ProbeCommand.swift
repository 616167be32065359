import ArgumentParser
import Web

/// `groundswell probe`: a health check for containers without curl.
struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Ask a health endpoint; exit code 0 when it answers 2xx.",
        discussion: "Example: groundswell probe http://127.0.0.1:9464/readyz")

    @Argument(help: "http or https URL.") var url: String
    @Option(help: "Seconds to wait.") var timeout = 2

    func validate() throws {
        guard (1...300).contains(timeout) else { throw ValidationError("--timeout must be 1…300, not \(timeout).") }
    }

    func run() throws {
        let response = try HTTPClient.get(url, timeoutSeconds: timeout)
        guard (200..<300).contains(response.status) else {
            throw CommandError("\(url) answered \(response.status): \(String(decoding: response.body, as: UTF8.self))")
        }
    }
}
