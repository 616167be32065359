/// An address of a mail, with a name or without: `Groundswell <alerts@example.com>`.
package struct MailAddress: Equatable, Sendable {
    package let name: String?
    package let address: String

    /// What may stand in an address without quotes (RFC 5321, dot-string), besides letters and digits.
    private static let marks = Set("!#$%&'*+-/=?^_`{|}~.".utf8)

    /// `nil` when it is none, or one that needs quotes: nobody's does, and they are a way in for other headers.
    package init?(_ text: some StringProtocol) {
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return nil }
        var address = text.trimmed
        var name: String?
        if address.last == ">", let start = address.lastIndex(of: "<") {
            name = address[..<start].trimmed.trimmingQuotes
            address = String(address[address.index(after: start)...].dropLast())
        }
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, address.utf8.count <= 254, !parts[0].isEmpty,
            parts[0].utf8.allSatisfy({ Self.isAlphanumeric($0) || Self.marks.contains($0) }),
            parts[1].utf8.allSatisfy({ Self.isAlphanumeric($0) || $0 == 0x2D || $0 == 0x2E }),
            !parts[1].isEmpty, parts[1].first != ".", parts[1].last != ".", parts[0].first != "-"
        else { return nil }
        self.name = name.flatMap { $0.isEmpty ? nil : $0 }
        self.address = address
    }

    package var domain: Substring { address.drop { $0 != "@" }.dropFirst() }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}

extension StringProtocol {
    var trimmed: String {
        let start = firstIndex { !$0.isWhitespace } ?? endIndex
        let end = lastIndex { !$0.isWhitespace } ?? startIndex
        return start < endIndex ? String(self[start...end]) : ""
    }

    fileprivate var trimmingQuotes: String {
        count >= 2 && first == "\"" && last == "\"" ? String(dropFirst().dropLast()) : String(self)
    }
}
