internal import Foundation
internal import Monitors
internal import Web
internal import Yams

/// Walks a channels file and notes everything that is wrong with it, without telling any value of it.
struct ChannelReader {
    private(set) var problems: [ChannelsError.Problem] = []
    private(set) var holdsSecrets = false
    private let document: YAMLDocument
    private let environment: [String: String]

    /// Each channel has a task and asks PostgreSQL once a second.
    private static let mostChannels = 32
    private static let mostRecipients = 50
    /// Longer values are no URL, password or token.
    private static let longest = 4096
    private static let kinds = ["webhook", "slack", "mail"]
    /// Headers that are ours to say.
    private static let ownHeaders: Set = [
        "content-type", "content-length", "host", "idempotency-key", "groundswell-signature", "groundswell-event",
        "transfer-encoding", "connection", "expect",
    ]

    init(_ document: YAMLDocument, environment: [String: String]) {
        self.document = document
        self.environment = environment
    }

    mutating func read() -> [Channel] {
        guard let root = document.root else {
            problems.append(.init(line: 1, column: 1, message: "the file is empty"))
            return []
        }
        guard let entries = entries(of: root, "the file", keys: ["channels"], required: ["channels"]),
            let node = entries["channels"]
        else { return [] }
        guard let items = node.sequence, !items.isEmpty else {
            note("channels must be a list with at least one channel", at: node)
            return []
        }
        guard items.count <= Self.mostChannels else {
            note("\(items.count) channels, at most \(Self.mostChannels) are allowed", at: node)
            return []
        }
        var channels: [Channel] = []
        for item in items {
            guard let channel = channel(item) else { continue }
            if channels.contains(where: { $0.name == channel.name }) {
                note("there is a channel '\(channel.name)' already", at: item)
            }
            channels.append(channel)
        }
        return channels
    }

    private mutating func channel(_ node: Node) -> Channel? {
        guard let kindNode = node.mapping?.first(where: { $0.key.scalar?.string == "kind" })?.value else {
            note("a channel must be a mapping with 'name' and 'kind': \(Self.kinds.joined(separator: ", "))", at: node)
            return nil
        }
        switch kindNode.scalar?.string {
        case "webhook":
            let known = ["name", "kind", "url", "secret", "headers"]
            guard let entries = entries(of: node, "a webhook", keys: known, required: ["name", "url", "secret"]) else {
                return nil
            }
            let headers = entries["headers"].map { self.headers($0) } ?? [:]
            guard let name = name(entries["name"]), let url = url(entries["url"], "url", ["https", "http"]),
                let secret = secret(entries["secret"], "secret")
            else { return nil }
            guard secret.utf8.count >= 16 else {
                note("the secret is too short to sign with: 16 bytes at least", at: entries["secret"] ?? node)
                return nil
            }
            return Channel(name: name, kind: .webhook(.init(url: url, secret: secret, headers: headers)))
        case "slack":
            let known = ["name", "kind", "url"]
            guard let entries = entries(of: node, "a slack channel", keys: known, required: ["name", "url"]),
                let name = name(entries["name"]),
                // The path is the password.
                let url = url(entries["url"], "url", ["https", "http"], isSecret: true)
            else { return nil }
            return Channel(name: name, kind: .slack(url: url))
        case "mail": return mail(node)
        default:
            let hint = Spelling.hint(for: kindNode.scalar?.string ?? "", among: Self.kinds)
            note("this is no kind of channel: \(hint)", at: kindNode)
            return nil
        }
    }

    private mutating func mail(_ node: Node) -> Channel? {
        let known = ["name", "kind", "server", "user", "password", "from", "to", "ca", "starttls"]
        guard
            let entries = entries(of: node, "a mail channel", keys: known, required: ["name", "server", "from", "to"])
        else { return nil }
        var server = url(entries["server"], "server", ["smtps", "smtp"]).map { SMTPClient.Server(url: $0) }
        server?.user = entries["user"].flatMap { value($0, "user") }
        server?.password = entries["password"].flatMap { secret($0, "password") }
        server?.authority = entries["ca"].flatMap { value($0, "ca") }
        if let node = entries["starttls"], let text = value(node, "starttls") {
            if !["required", "none"].contains(text) { note("starttls must be 'required' or 'none'", at: node) }
            server?.needsTLS = text != "none"
            if text == "none", entries["password"] != nil {
                note("without TLS the password would go in the clear: leave 'starttls' or 'password' out", at: node)
            }
        }
        if (entries["user"] == nil) != (entries["password"] == nil) {
            note("'user' and 'password' go together", at: node)
        }
        let from = entries["from"].flatMap { address($0, "from") }
        var to: [MailAddress] = []
        if let node = entries["to"] {
            let items = node.sequence.map(Array.init) ?? [node]
            if items.isEmpty || items.count > Self.mostRecipients {
                note("'to' must have 1 to \(Self.mostRecipients) addresses", at: node)
            }
            to = items.prefix(Self.mostRecipients).compactMap { address($0, "to") }
        }
        guard let name = name(entries["name"]), let server, let from, !to.isEmpty else { return nil }
        return Channel(name: name, kind: .mail(.init(server: server, from: from, to: to)))
    }

    // MARK: Values

    /// Short and of plain characters: it stands in logs, metrics and monitor files.
    private mutating func name(_ node: Node?) -> String? {
        guard let node, let text = value(node, "name") else { return nil }
        let isPlain = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
                || $0 == 0x5F || $0 == 0x2E
        }
        guard isPlain, text.utf8.count <= 60 else {
            note("a name has at most 60 letters, digits, '-', '_' and '.'", at: node)
            return nil
        }
        return text
    }

    private mutating func address(_ node: Node, _ what: String) -> MailAddress? {
        guard let text = value(node, what) else { return nil }
        guard let address = MailAddress(text) else {
            note("'\(what)' is no mail address, such as desk@example.com or Desk <desk@example.com>", at: node)
            return nil
        }
        return address
    }

    private mutating func url(
        _ node: Node?, _ what: String, _ schemes: [String], isSecret: Bool = false
    ) -> String? {
        guard let node, let text = isSecret ? secret(node, what) : value(node, what) else { return nil }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let parts = URLComponents(string: text),
            let scheme = parts.scheme?.lowercased(), schemes.contains(scheme), parts.host?.isEmpty == false
        else {
            note(
                "'\(what)' must be a URL that begins with \(schemes.map { $0 + "://" }.joined(separator: " or "))",
                at: node)
            return nil
        }
        guard parts.user == nil, parts.password == nil else {
            note("'\(what)' holds a user or password: give them apart", at: node)
            return nil
        }
        return text
    }

    private mutating func headers(_ node: Node) -> [String: String] {
        var headers: [String: String] = [:]
        for (name, value) in entries(of: node, "headers") ?? [:] {
            let isToken =
                !name.isEmpty
                && name.utf8.allSatisfy {
                    (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D
                }
            guard isToken, !Self.ownHeaders.contains(name.lowercased()) else {
                note("a header has this name already, or it is none", at: value)
                continue
            }
            headers[name] = secret(value, "header \(name.prefix(60))")
        }
        return headers
    }

    /// A value that nobody else should know.
    private mutating func secret(_ node: Node?, _ what: String) -> String? {
        guard let node, let text = value(node, what) else { return nil }
        if node.scalar?.string.contains("${") != true { holdsSecrets = true }
        return text
    }

    /// A text without line breaks and other control characters, each `${NAME}` replaced by the environment's value.
    private mutating func value(_ node: Node, _ what: String) -> String? {
        guard let scalar = node.scalar else {
            note("'\(what)' must be a text", at: node)
            return nil
        }
        var text = ""
        var rest = scalar.string[...]
        while let start = rest.range(of: "${") {
            text += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                note("'\(what)' has a ${ without }", at: node)
                return nil
            }
            let name = String(rest[start.upperBound..<end])
            guard let found = environment[name], !found.isEmpty else {
                note("'\(what)' wants the environment variable \(name.prefix(60)), which is not set", at: node)
                return nil
            }
            text += found
            rest = rest[rest.index(after: end)...]
        }
        text = (text + rest).trimmed
        guard !text.isEmpty else {
            note("'\(what)' is empty", at: node)
            return nil
        }
        guard text.utf8.count <= Self.longest,
            !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            note("'\(what)' is too long, or holds a line break or another control character", at: node)
            return nil
        }
        return text
    }

    /// The values of a mapping by key; notes unknown, missing and repeated keys.
    private mutating func entries(
        of node: Node, _ what: String, keys: [String]? = nil, required: [String] = []
    ) -> [String: Node]? {
        guard let mapping = node.mapping else {
            note("\(what) must be a mapping (key: value)", at: node)
            return nil
        }
        var entries: [String: Node] = [:]
        for (key, value) in mapping {
            guard let scalar = key.scalar else {
                note("a key of \(what) must be a text", at: key)
                continue
            }
            let (name, isRepeated) = document.key(scalar)
            if isRepeated { note("'\(name.prefix(60))' is given more than once", at: key) }
            if let keys, !keys.contains(name) {
                note("unknown key '\(name.prefix(60))' in \(what): \(Spelling.hint(for: name, among: keys))", at: key)
            }
            entries[name] = value
        }
        for name in required where entries[name] == nil { note("\(what) needs the key '\(name)'", at: node) }
        return entries
    }

    private mutating func note(_ message: String, at node: Node) {
        let mark = node.mark
        problems.append(.init(line: mark?.line ?? 1, column: mark?.column ?? 1, message: message))
    }
}
