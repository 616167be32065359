import Anomalies
import Crypto
import Domain
import Foundation
import Harness
import Store
import Testing

@testable import Delivery

@Suite(.timeLimit(.minutes(2))) struct WebhookTests {
    @Test func aMessageArrivesSignedAndOnce() async throws {
        try await Receiver.with { _, _ in
            .answer(200)
        } body: { receiver in
            try await Outbox.with { outbox in
                let message = alert()
                try await outbox.write([message, message])
                try await outbox.delivering(to: [try webhook(receiver.url)]) {
                    try await eventually { try await outbox.count(.delivered) == 1 }
                    try await Task.sleep(for: .milliseconds(100))
                }
                let requests = receiver.requests
                try #require(requests.count == 1)
                #expect(try AlertMessage(json: requests[0].body) == message)
                #expect(requests[0].key == message.key && requests[0].headers["groundswell-event"] == "opened")
                #expect(requests[0].headers["content-type"] == "application/json")
                #expect(Self.isGenuine(requests[0]))
                var forged = requests[0]
                forged.body.append(0x20)
                #expect(!Self.isGenuine(forged))
            }
        }
    }

    /// What a receiver does: the signature fits the body, and is of now.
    private static func isGenuine(_ request: Receiver.Request) -> Bool {
        var parts: [Substring: Substring] = [:]
        for part in (request.headers["groundswell-signature"] ?? "").split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { parts[pair[0]] = pair[1] }
        }
        guard let time = parts["t"], let seconds = Double(time), let shown = parts["v1"],
            abs(Date().timeIntervalSince1970 - seconds) < 300
        else { return false }
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("\(time).".utf8) + Data(request.body), using: SymmetricKey(data: Data(secret.utf8)))
        return code.map { String(format: "%02x", $0) }.joined() == shown
    }

    @Test func theSignatureIsThatOfOtherPrograms() {
        // printf '1795422901.{"a":1}' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
        #expect(
            Signature.header(of: Array(#"{"a":1}"#.utf8), secret: secret, seconds: 1_795_422_901)
                == "t=1795422901,v1=4020ad4270db1b2b4f8cadb4680a4904f19ed265ae5d411530113318c6f61c31")
    }

    @Test func aReceiverThatFailsGetsItAgainWithTheSameKey() async throws {
        let replies: [Receiver.Reply] = [
            .answer(500, [:], "down\r\nfor a while"), .breakOff, .answer(429, ["Retry-After": "0"]), .answer(302),
            .answer(404), .answer(204),
        ]
        try await Receiver.with { number, _ in
            replies[min(number, 5)]
        } body: { receiver in
            try await Outbox.with { outbox in
                try await outbox.write([alert()])
                try await outbox.delivering(to: [try webhook(receiver.url)]) {
                    try await eventually { try await outbox.count(.delivered) == 1 }
                }
                #expect(receiver.requests.count == 6)
                #expect(Set(receiver.requests.map(\.key)).count == 1)
                #expect(Set(receiver.requests.map(\.body)).count == 1, "the same bytes each time")
                #expect(try await outbox.sql("SELECT attempts, last_error FROM trends.deliveries") == ["6|~"])
            }
        }
    }

    @Test func aReceiverThatSaysNothingIsTriedAgain() async throws {
        try await Receiver.with { number, _ in
            number == 0 ? .silence : .answer(200)
        } body: { receiver in
            try await Outbox.with { outbox in
                try await outbox.write([alert()])
                var settings = Outbox.settings
                // A slow machine may not answer the second in time either: it is tried again then, as it should be.
                settings.patience = .seconds(1)
                try await outbox.delivering(to: [try webhook(receiver.url)], settings) {
                    try await eventually { try await outbox.count(.delivered) == 1 }
                }
                #expect(receiver.requests.count >= 2)
            }
        }
    }

    @Test func aReceiverGetsThePauseItAsksFor() async throws {
        try await Receiver.with { _, _ in
            .answer(429, ["Retry-After": "600"], "slowly")
        } body: { receiver in
            try await Outbox.with { outbox in
                try await outbox.write([alert()])
                try await outbox.delivering(to: [try webhook(receiver.url)]) {
                    try await eventually { try await outbox.store.deliveries().first?.lastError != nil }
                    // Another anomaly waits too: the receiver asked to be left alone.
                    try await outbox.write([alert(8)])
                    try await Task.sleep(for: .milliseconds(300))
                }
                #expect(receiver.requests.count == 1)
                let pause = try await outbox.sql(
                    "SELECT next_try - now() BETWEEN interval '590 s' AND interval '600 s', last_error FROM gw.outbox WHERE attempts > 0"
                )
                #expect(pause == ["true|HTTP 429: slowly"])
            }
        }
    }

    @Test func alertsOfOneAnomalyComeInOrder() async throws {
        // Each is refused once: the next revision waits for it, other anomalies do not.
        try await Receiver.with { number, _ in
            number % 2 == 0 ? .answer(500) : .answer(200)
        } body: { receiver in
            try await Outbox.with { outbox in
                let events: [AlertMessage.Event] = [.opened, .growing, .peaked, .closed]
                for (revision, event) in events.enumerated() {
                    try await outbox.write((1...5).map { alert($0, revision: revision + 1, event) })
                }
                try await outbox.delivering(to: [try webhook(receiver.url)], deliverers: 3) {
                    try await eventually { try await outbox.count(.delivered) == 20 }
                }
                var last: [Int64: Int] = [:]
                for request in receiver.requests {
                    let message = try AlertMessage(json: request.body)
                    #expect(message.revision >= last[message.anomaly] ?? 1, "\(request.key)")
                    last[message.anomaly] = message.revision
                }
            }
        }
    }

    @Test func whatIsGoneIsSetAsideAndLivesAgainWhenAsked() async throws {
        try await Receiver.with { number, _ in
            number == 0 ? .answer(410) : .answer(200)
        } body: { receiver in
            try await Outbox.with { outbox in
                try await outbox.write([alert()])
                try await outbox.delivering(to: [try webhook(receiver.url)]) {
                    try await eventually { try await outbox.count(.dead) == 1 }
                    let dead = try #require(try await outbox.store.deliveries(state: .dead).first)
                    #expect(dead.lastError == "HTTP 410" && dead.attempts == 1)
                    #expect(try await outbox.store.retryDeliveries(ids: [dead.id + 1]) == 0)
                    #expect(try await outbox.store.retryDeliveries(ids: [dead.id]) == 1)
                    try await eventually { try await outbox.count(.delivered) == 1 }
                }
            }
        }
    }

    @Test func afterItsLastTryAMessageIsSetAsideAndTheNextGoesOn() async throws {
        try await Receiver.with { _, request in
            String(decoding: request.body, as: UTF8.self).contains("opened") ? .answer(500) : .answer(200)
        } body: { receiver in
            try await Outbox.with { outbox in
                try await outbox.write([alert(revision: 1), alert(revision: 2, .closed)])
                var settings = Outbox.settings
                settings.mostTries = 3
                settings.firstPause = .milliseconds(5)
                try await outbox.delivering(to: [try webhook(receiver.url)], settings) {
                    try await eventually { try await outbox.count(.delivered) == 1 }
                }
                let rows = try await outbox.sql("SELECT event, state, attempts FROM trends.deliveries ORDER BY 1")
                #expect(rows == ["closed|delivered|1", "opened|dead|3"])
            }
        }
    }

    @Test func inQuietHoursNothingIsSent() async throws {
        try await Receiver.with { _, _ in
            .answer(200)
        } body: { receiver in
            try await Outbox.with { outbox in
                try await outbox.write([alert(1)], notBefore: "now() + interval '1 hour'")
                try await outbox.write([alert(2)])
                try await outbox.delivering(to: [try webhook(receiver.url)]) {
                    try await eventually { try await outbox.count(.delivered) == 1 }
                    try await Task.sleep(for: .milliseconds(100))
                }
                #expect(receiver.requests.map(\.key) == [alert(2).key])
            }
        }
    }

    @Test func aSampleTellsWhatCameBack() async throws {
        try await Receiver.with { _, _ in
            .answer(403, [:], "<b>no</b>")
        } body: { receiver in
            let outcome = await DeliveryService.test(try webhook(receiver.url))
            #expect(outcome == .failed("HTTP 403: <b>no</b>", retryAfter: nil))
            #expect(receiver.requests.count == 1)
        }
        let nobody = await DeliveryService.test(try webhook("http://127.0.0.1:1/secret-path"))
        #expect(!nobody.words.contains("secret-path"), "\(nobody.words)")
        #expect(nobody != .delivered(nobody.words))
    }
}
