import Domain
import Foundation
import Harness
import Testing
import Web

@testable import Delivery

@Suite struct ChannelsFileTests {
    private static let good = """
        channels:
          - name: ops
            kind: webhook
            url: https://example.com/hook
            secret: ${HOOK_SECRET}
            headers: {Authorization: "Bearer ${TOKEN}"}
          - {name: team, kind: slack, url: "${SLACK}"}
          - name: desk
            kind: mail
            server: smtp://mail.example.com:587
            user: alerts
            password: ${PASSWORD}
            from: Groundswell <alerts@example.com>
            to: desk@example.com
        """
    private static let environment = [
        "HOOK_SECRET": secret, "TOKEN": "t0ken", "SLACK": "https://hooks.example.com/T/B/x", "PASSWORD": "p: #{} ö",
    ]

    @Test func allKindsAreRead() throws {
        let file = try ChannelsFile(yaml: Self.good, fileName: "c.yaml", environment: Self.environment)
        #expect(file.channels.map(\.name) == ["ops", "team", "desk"] && !file.holdsSecrets)
        guard case .webhook(let hook) = file.channels[0].kind, case .mail(let mail) = file.channels[2].kind else {
            Issue.record("\(file.channels)")
            return
        }
        #expect(hook.secret == secret && hook.headers == ["Authorization": "Bearer t0ken"])
        #expect(file.channels[1].kind == .slack(url: "https://hooks.example.com/T/B/x"))
        #expect(mail.server.password == "p: #{} ö" && mail.server.needsTLS && mail.to.count == 1)
    }

    @Test func noDumpTellsASecret() throws {
        let file = try ChannelsFile(yaml: Self.good, fileName: "c.yaml", environment: Self.environment)
        var text = "\(file.channels) \(String(reflecting: file.channels[0]))"
        for channel in file.channels { dump(channel, to: &text) }
        for value in Self.environment.values { #expect(!text.contains(value)) }
    }

    @Test(arguments: [
        ("", "empty"), ("channels: []", "at least one"), ("chanels: []", "did you mean 'channels'"),
        ("channels: [{name: a, kind: carrier}]", "no kind of channel"),
        ("channels: [{name: a, kind: slack}]", "needs the key 'url'"),
        ("channels: [{name: a b, kind: slack, url: 'https://x.example/${SLACK}'}]", "letters, digits"),
        ("channels: [{name: a, kind: slack, url: 'ftp://hidden.example'}]", "https://"),
        ("channels: [{name: a, kind: slack, url: 'https://me:hidden@x.example'}]", "user or password"),
        ("channels: [{name: a, kind: slack, url: '${NONE}'}]", "NONE, which is not set"),
        ("channels: [{name: a, kind: webhook, url: 'https://x.example', secret: hidden}]", "too short"),
        (
            "channels: [{name: a, kind: webhook, url: 'https://x.example', secret: \"hidden\\r\\nhidden-hidden\"}]",
            "control"
        ),
        (
            "channels: [{name: a, kind: webhook, url: 'https://x.example', secret: hidden-hidden-hidden, headers: {Host: x}}]",
            "header"
        ),
        ("channels: [{name: a, kind: mail, server: 'smtp://x.example', from: hidden, to: [a@b.c]}]", "mail address"),
        (
            "channels: [{name: a, kind: mail, server: 'smtp://x.example', from: a@b.c, to: [a@b.c], user: u, password: hidden, starttls: none}]",
            "in the clear"
        ),
        ("channels: [{name: a, kind: mail, server: 'smtp://x.example', from: a@b.c, to: []}]", "1 to 50"),
        ("channels: [{name: a, name: b, kind: slack, url: 'https://x.example'}]", "more than once"),
        (
            "channels: [\n  {name: a, kind: slack, url: 'https://x.example'},\n  {name: a, kind: slack, url: 'https://x.example'}]",
            "c.yaml:3:3: there is a channel"
        ),
        ("channels: [", "not YAML"),
    ])
    func whatIsWrongIsToldWithItsPlaceAndWithoutItsValue(yaml: String, words: String) {
        let error = #expect(throws: ChannelsError.self) {
            try ChannelsFile(yaml: yaml, fileName: "c.yaml", environment: Self.environment)
        }
        let text = "\(error, default: "nothing")"
        #expect(text.contains(words) && text.hasPrefix("c.yaml:") && !text.contains("hidden"), "\(text)")
    }

    @Test func aFileOfSecretsIsNotForEverybody() throws {
        let path = "\(try TestFolder.make("channels"))/channels.yaml"
        func refuses(_ yaml: String, _ mode: Int) throws -> Bool {
            try yaml.write(toFile: path, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            do {
                _ = try ChannelsFile.read(path, environment: Self.environment)
                return false
            } catch {
                #expect("\(error)".contains("chmod 600"), "\(error)")
                return true
            }
        }
        let secrets = Self.good.replacing("${PASSWORD}", with: "hunter22")
        #expect(try refuses(secrets, 0o644) && !refuses(secrets, 0o600) && !refuses(secrets, 0o440))
        #expect(try !refuses(Self.good, 0o644), "all secrets are in the environment")
        #expect(try refuses(Self.good, 0o666))
    }

    @Test(arguments: 0..<30) func whateverAFileHoldsItIsReadOrRefused(seed: UInt64) {
        var random = Seeded(state: seed)
        var bytes = Array(Self.good.utf8)
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            let at = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: at)
            case 2: bytes.insert(Array("{}[]:-&*!|>'\"$\n\t #%@`,".utf8).randomElement(using: &random) ?? 0, at: at)
            default:
                let end = Int.random(in: at..<bytes.count, using: &random)
                bytes.insert(contentsOf: bytes[at...min(end, at + 60)], at: at)
            }
        }
        let yaml = String(decoding: bytes, as: UTF8.self)
        do {
            let file = try ChannelsFile(yaml: yaml, fileName: "c.yaml", environment: Self.environment)
            #expect(!file.channels.isEmpty, "seed \(seed)")
            for channel in file.channels {
                guard case .mail(let mailbox) = channel.kind else { continue }
                let text = MailText(alert(), key: "k", to: mailbox).bytes(now: .init(seconds: 0))
                #expect(text.allSatisfy { $0 < 0x80 }, "seed \(seed)")
            }
        } catch {
            #expect(!error.problems.isEmpty && !"\(error)".contains(secret), "seed \(seed)")
        }
    }
}
