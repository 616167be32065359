internal import Anomalies
internal import Domain
internal import Foundation
internal import Store
internal import Web

/// Sends a message to a channel, once.
///
/// Nothing that it says holds a URL, since those of many receivers are their passwords.
struct Sender: Sendable {
    let patience: Duration

    /// Answers are not needed, their first words help people.
    private static let longestAnswer = 4096

    func send(_ message: OutboxMessage, to channel: Channel) async -> SendOutcome {
        switch channel.kind {
        case .webhook(let webhook):
            let body = Array(message.json.utf8)
            let now = Timestamp.now
            var headers = webhook.headers.map { "\($0.key): \($0.value)" }.sorted()
            headers += [
                "Content-Type: application/json", "User-Agent: groundswell",
                "Idempotency-Key: \(Self.plain(message.key))", "Groundswell-Event: \(Self.plain(message.event))",
                "Groundswell-Signature: "
                    + Signature.header(of: body, secret: webhook.secret, seconds: now.seconds),
            ]
            return await post(webhook.url, headers, body)
        case .slack(let url):
            guard let alert = try? AlertMessage(json: Array(message.json.utf8)),
                let body = try? SlackPayload(alert).json()
            else { return .refused("the message cannot be read by this version") }
            return await post(url, ["Content-Type: application/json", "User-Agent: groundswell"], body)
        case .mail(let mailbox):
            guard let alert = try? AlertMessage(json: Array(message.json.utf8)) else {
                return .refused("the message cannot be read by this version")
            }
            return await mail(MailText(alert, key: Self.plain(message.key), to: mailbox), mailbox)
        }
    }

    private func post(_ url: String, _ headers: [String], _ body: [UInt8]) async -> SendOutcome {
        let seconds = seconds
        do {
            let answer = try await onOwnThread {
                try HTTPClient.post(
                    url, headers: headers, body: body, timeoutSeconds: seconds, limit: Self.longestAnswer, mayCut: true)
            }
            return Self.outcome(of: answer, now: .now)
        } catch WebError.failed(_, let reason) {
            return .failed(reason, retryAfter: nil)
        } catch {
            return .failed("the request could not be made", retryAfter: nil)
        }
    }

    /// 2xx is success; 410 says that nobody will ever listen there again; all else may pass.
    static func outcome(of answer: HTTPResponse, now: Timestamp) -> SendOutcome {
        let said = HostileText.line(String(decoding: answer.body, as: UTF8.self), most: 120)
        let words = "HTTP \(answer.status)" + (said.isEmpty ? "" : ": \(said)")
        switch answer.status {
        case 200..<300: return .delivered(words)
        case 410: return .refused(words)
        default:
            let asked = answer.headers["retry-after"].flatMap { RetryAfter.pause($0, now: now) }
            return .failed(words, retryAfter: asked)
        }
    }

    private func mail(_ text: MailText, _ mailbox: Channel.Mailbox) async -> SendOutcome {
        let bytes = text.bytes(now: .now)
        let seconds = seconds
        do {
            try await onOwnThread {
                try SMTPClient.send(
                    bytes, from: mailbox.from.address, to: mailbox.to.map(\.address), by: mailbox.server,
                    timeoutSeconds: seconds)
            }
            return .delivered("the mail server took it")
        } catch let failure as SMTPClient.Failure {
            let words = HostileText.line(failure.description, most: 200)
            return .failed(failure.code > 0 ? "\(words) (SMTP \(failure.code))" : words, retryAfter: nil)
        } catch {
            return .failed("the mail could not be sent", retryAfter: nil)
        }
    }

    private var seconds: Int { max(1, Int((patience / .seconds(1)).rounded(.up))) }

    /// Of a key or event, only what can do no harm in a header.
    private static func plain(_ text: String) -> String {
        String(
            decoding: text.utf8.prefix(200).map { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x2D || byte == 0x2E || byte == 0x5F ? byte : 0x2D
            }, as: UTF8.self)
    }
}

/// Runs work that waits away from Swift's few threads.
private func onOwnThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result { try work() }) }.start()
    }
}

extension Timestamp {
    /// This moment by the system's clock.
    static var now: Self { Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down))) }
}
