import Anomalies
import Domain
import Foundation
import Harness
import Testing
import Web

@testable import Delivery

@Suite struct HostileTextTests {
    /// What strangers may try.
    private static let attacks = [
        "a\r\nBcc: victim@example.com", "a\nX: 1\n\nbody", "a\u{85}b\u{2028}c\u{2029}d", "<!channel> <!here> <@U123>",
        "@channel @all @here", "<http://evil.example|bank>", "[bank](http://evil.example)", "=?utf-8?B?QQ==?=",
        "\u{202E}gnp.exe", "a\0b\u{7}c", "*bold* _x_ ~y~ `z`", String(repeating: "a", count: 100_000),
        "e" + String(repeating: "\u{301}", count: 5000), "\r\n.\r\nQUIT\r\n", "& &amp; &lt;",
    ]

    @Test(arguments: attacks) func noHeaderIsSmuggledIntoAMail(attack: String) throws {
        let mailbox = Channel.Mailbox(
            server: .init(url: "smtp://localhost"), from: try #require(MailAddress("alerts@example.com")),
            to: [try #require(MailAddress("desk@example.com"))])
        for message in [alert(brand: attack), alert(text: attack), alert(driver: attack)] {
            let bytes = MailText(message, key: "k", to: mailbox).bytes(now: Timestamp(seconds: 0))
            #expect(bytes.allSatisfy { $0 < 0x80 && ($0 >= 0x20 || $0 == 0x0D || $0 == 0x0A) })
            let lines = String(decoding: bytes, as: UTF8.self).split(
                separator: "\r\n", omittingEmptySubsequences: false)
            #expect(lines.allSatisfy { !$0.contains("\n") && !$0.contains("\r") && $0.utf8.count <= 78 && $0 != "." })
            let names = lines.prefix { !$0.isEmpty }.filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != ":" } }
            #expect(
                names == [
                    "Date", "From", "To", "Subject", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
                    "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
                ])
        }
    }

    @Test(arguments: attacks) func chatCallsNobodyAndShowsNoFalseLink(attack: String) throws {
        for message in [alert(brand: attack), alert(text: attack), alert(driver: attack)] {
            let json = try SlackPayload(message).json()
            let payload = try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
            let blocks = try #require(payload["blocks"] as? [[String: Any]])
            let texts = blocks.compactMap { $0["text"] as? [String: Any] }
            #expect(texts.count == 4)
            for text in texts.filter({ $0["type"] as? String == "mrkdwn" }).compactMap({ $0["text"] as? String })
                + [payload["text"] as? String ?? "<"]
            {
                #expect(!text.contains("<") && !text.contains("@c") && !text.contains("@a") && !text.contains("]("))
                #expect(text.utf16.count <= 3000)
            }
            let heading = try #require(texts.first { $0["type"] as? String == "plain_text" }?["text"] as? String)
            #expect(heading.utf16.count <= 150 && !heading.contains("\n"))
        }
    }

    @Test func namesAndTextsStayReadable() {
        #expect(HostileText.line("  Grüße,\n\tKöln 👩‍🚀 می‌خواهم ") == "Grüße, Köln 👩‍🚀 می‌خواهم")
        #expect(HostileText.slack("A & B <c>") == "A &amp; B &lt;c&gt;")
        #expect(HostileText.line("12345", most: 4) == "1234…")
    }

    @Test func aSubjectInAnyScriptIsWordsOfAtMost75Bytes() throws {
        let text = String(repeating: "警報 – Störung 🔥 ", count: 20)
        let words = MailText.encoded(text).components(separatedBy: "\r\n ")
        #expect(words.allSatisfy { $0.utf8.count <= 75 })
        let decoded = try words.map { word in
            let base64 = String(word.dropFirst("=?utf-8?B?".count).dropLast(2))
            return String(decoding: try #require(Data(base64Encoded: base64)), as: UTF8.self)
        }
        #expect(decoded.joined() == text)
    }

    @Test func aMailSaysWhen() {
        #expect(MailText.date(Timestamp(seconds: 1_795_422_607)) == "Mon, 23 Nov 2026 08:30:07 +0000")
    }

    @Test(arguments: [
        "", "desk", "@example.com", "a@", "a@b@c", "a b@c.d", "a@b.c\r\nBcc: d@e.f", "<a@b.c>\n", "a@.b", "\"a\"@b.c",
        "x <a@b.c", "a@b.c>", "-oX@b.c", "a@b c",
    ])
    func whatIsNoAddressIsRefused(text: String) { #expect(MailAddress(text) == nil) }

    @Test func anAddressMayHaveAName() {
        #expect(MailAddress("\"Desk, the\" <d+1@b.example>")?.name == "Desk, the")
        #expect(MailAddress("<d@b.example>") == MailAddress("d@b.example"))
        #expect(MailAddress("d@b.example")?.domain == "b.example")
    }
}
