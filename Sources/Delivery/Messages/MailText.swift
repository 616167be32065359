internal import Anomalies
internal import Domain
internal import Foundation

/// A message as a mail: RFC 5322, headers encoded by RFC 2047, the body in base64.
struct MailText {
    private let message: AlertMessage
    private let mailbox: Channel.Mailbox
    private let key: String

    init(_ message: AlertMessage, key: String, to mailbox: Channel.Mailbox) {
        self.message = message
        self.key = key
        self.mailbox = mailbox
    }

    /// - Parameter now: for the date.
    func bytes(now: Timestamp) -> [UInt8] {
        let words = AlertWords(message) { HostileText.line($0, most: $1) }
        let domain = mailbox.from.domain
        // The first mail of an anomaly need not exist for the others to stand below each other.
        let thread = "<anomaly-\(message.anomaly)-\(message.foundAt.milliseconds)@\(domain)>"
        let headers = [
            "Date: \(Self.date(now))",
            "From: \(Self.field(mailbox.from))",
            "To: \(mailbox.to.map(Self.field).joined(separator: ",\r\n "))",
            "Subject: \(Self.encoded("[groundswell] \(words.title)"))",
            "Message-ID: <\(key)@\(domain)>",
            "In-Reply-To: \(thread)",
            "References: \(thread)",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: base64",
        ]
        var lines = [words.title, ""] + words.facts
        if !words.drivers.isEmpty { lines += ["", "What drove it:"] + words.drivers.map { "- \($0)" } }
        if !words.examples.isEmpty { lines += ["", "Posts of it:"] + words.examples.map { "- \($0)" } }
        lines += ["", "More: groundswell explain anomaly \(message.anomaly)", ""]
        let body = Data(lines.joined(separator: "\r\n").utf8)
            .base64EncodedString(options: [.lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed])
        return Array((headers.joined(separator: "\r\n") + "\r\n\r\n" + body + "\r\n").utf8)
    }

    private static func field(_ address: MailAddress) -> String {
        guard let name = address.name else { return address.address }
        return "\(encoded(name))\r\n <\(address.address)>"
    }

    /// Text as encoded words, each of whole characters and at most 75 bytes; plain where it is short and harmless.
    static func encoded(_ text: String) -> String {
        let isPlain =
            text.utf8.count <= 60
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x20 || byte == 0x2D
            }
        if isPlain { return text }
        // 39 bytes are 52 in base64 and 64 with the frame: with the name of the header a line of less than 76.
        var pieces: [[UInt8]] = [[]]
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if pieces[pieces.count - 1].count + bytes.count > 39 { pieces.append([]) }
            pieces[pieces.count - 1] += bytes
        }
        return pieces.map { "=?utf-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    /// As RFC 5322 writes it: `Mon, 23 Nov 2026 08:30:07 +0000`.
    static func date(_ moment: Timestamp) -> String {
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let time = CivilTime(moment)
        let clock = moment.description.dropFirst(11).prefix(8)
        return "\(days[time.weekday]), \(time.day) \(months[time.month - 1]) \(time.year) \(clock) +0000"
    }
}
