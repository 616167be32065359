import Anomalies
import Domain
import Foundation
import Harness
import Store
import Testing
import Web

@testable import Delivery

@Suite(.timeLimit(.minutes(2)), .enabled(if: TestCertificates.canBeMade)) struct MailTests {
    private func channel(_ sink: MailSink, _ certificates: TestCertificates, _ more: String = "") throws -> Channel {
        let yaml = """
            channels:
              - name: desk
                kind: mail
                server: smtp://localhost:\(sink.port)
                ca: \(certificates.authority)
                from: Groundswell <alerts@example.com>
                to: [Jörg Müller <desk@example.com>, two@example.com]
            \(more)
            """
        return try ChannelsFile(yaml: yaml, fileName: "test", environment: [:]).channels[0]
    }

    @Test func aMailGoesEncryptedToEveryRecipient() async throws {
        let certificates = try TestCertificates()
        var manners = MailSink.Manners()
        manners.wantsLogin = "alerts s3cret word"
        try await MailSink.with(certificates, manners) { sink in
            try await Outbox.with { outbox in
                try await outbox.write([alert(text: "Grüße aus Köln 🔥\n.\nQUIT")], to: "desk")
                let login = "    user: alerts\n    password: s3cret word"
                try await outbox.delivering(to: [try channel(sink, certificates, login)]) {
                    try await eventually { try await outbox.count(.delivered) == 1 }
                }
                let mails = sink.mails
                try #require(mails.count == 1)
                #expect(mails[0].wasEncrypted && mails[0].login == manners.wantsLogin)
                #expect(mails[0].sender.hasPrefix("MAIL FROM:<alerts@example.com>"))
                #expect(mails[0].recipients == ["RCPT TO:<desk@example.com>", "RCPT TO:<two@example.com>"])
                let (headers, body) = Self.read(mails[0].lines)
                #expect(headers["Message-ID"] == "<\(alert().key)@example.com>")
                #expect(headers["From"] == "Groundswell <alerts@example.com>")
                #expect(headers["To"]?.hasSuffix("<desk@example.com>, two@example.com") == true)
                #expect(body.contains("Grüße aus Köln 🔥 . QUIT") && body.contains("hashtag recall: 80 posts by 70"))
            }
        }
    }

    /// Headers, unfolded, and the body, decoded.
    private static func read(_ lines: [String]) -> (headers: [String: String], body: String) {
        var headers: [String: String] = [:]
        var last = ""
        for line in lines.prefix(while: { !$0.isEmpty }) {
            if line.hasPrefix(" ") {
                headers[last]? += line
            } else if let colon = line.firstIndex(of: ":") {
                last = String(line[..<colon])
                headers[last] = String(line[line.index(after: colon)...].drop { $0 == " " })
            }
        }
        let body = Data(base64Encoded: lines.drop { !$0.isEmpty }.joined()) ?? Data()
        return (headers, String(decoding: body, as: UTF8.self))
    }

    @Test func aServerWithoutTLSGetsNothing() async throws {
        let certificates = try TestCertificates()
        try await MailSink.with(certificates, .init(offersTLS: false)) { sink in
            let refused = await DeliveryService.test(try channel(sink, certificates))
            guard case .failed = refused else {
                Issue.record("it was sent: \(refused)")
                return
            }
            #expect(sink.mails.isEmpty)
            let open = try channel(sink, certificates, "    starttls: none")
            #expect(await DeliveryService.test(open) == .delivered("the mail server took it"))
            #expect(sink.mails.first?.wasEncrypted == false)
        }
    }

    @Test func aServerThatNobodyVouchesForGetsNothing() async throws {
        let (certificates, others) = (try TestCertificates(), try TestCertificates())
        try await MailSink.with(certificates) { sink in
            let outcome = await DeliveryService.test(try channel(sink, others))
            guard case .failed = outcome else {
                Issue.record("it was sent: \(outcome)")
                return
            }
            #expect(sink.mails.isEmpty)
        }
    }

    @Test func whatTheServerSaysIsTold() async throws {
        let certificates = try TestCertificates()
        for manners in [
            MailSink.Manners(recipientReply: "550 no such user"), .init(dataReply: "451 come back later"),
            .init(wantsLogin: "alerts other word"),
        ] {
            try await MailSink.with(certificates, manners) { sink in
                let login = "    user: alerts\n    password: s3cret word"
                let outcome = await DeliveryService.test(try channel(sink, certificates, login))
                guard case .failed(let words, _) = outcome else {
                    Issue.record("\(outcome)")
                    return
                }
                #expect(!words.contains("s3cret") && sink.mails.isEmpty, "\(words)")
                if manners.wantsLogin == nil {
                    #expect(words.contains(manners.recipientReply.hasPrefix("5") ? "550" : "451"), "\(words)")
                }
            }
        }
    }
}
