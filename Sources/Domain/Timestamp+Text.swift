/// As text a moment is RFC 3339 in UTC: `2026-11-23T08:30:00Z`, with milliseconds where it has some.
extension Timestamp: LosslessStringConvertible, Codable {
    /// `nil` when the text is no RFC 3339; digits behind milliseconds are dropped.
    package init?(_ text: String) {
        var text = text
        let read = text.withUTF8 { bytes in
            var reader = MomentReader(bytes)
            return reader.moment(isLenient: false)
        }
        guard let read else { return nil }
        self = read
    }

    package var description: String {
        let rest = seconds - Self.floor(seconds, 60) * 60
        let fraction = milliseconds - seconds * 1000
        var text = CivilTime(self).text.dropLast(3) + Self.padded(rest, 2)
        if fraction > 0 { text += "." + Self.padded(fraction, 3) }
        return text + "Z"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let moment = Self(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text.prefix(40))' is no RFC 3339")
        }
        self = moment
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    private static func floor(_ number: Int64, _ divisor: Int64) -> Int64 {
        number >= 0 ? number / divisor : -((divisor - 1 - number) / divisor)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
