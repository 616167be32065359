internal import Domain

/// How long a receiver asks us to wait: seconds, or a date (RFC 9110).
enum RetryAfter {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `nil` where it says nothing that can be understood.
    static func pause(_ value: String, now: Timestamp) -> Duration? {
        let value = value.trimmed
        if let seconds = Int64(value) { return seconds >= 0 ? .seconds(min(seconds, 1_000_000)) : nil }
        // Sun, 06 Nov 1994 08:49:37 GMT
        let words = value.split(separator: " ")
        guard words.count == 6, let month = months.firstIndex(of: String(words[2])) else { return nil }
        let number = month + 1 < 10 ? "0\(month + 1)" : "\(month + 1)"
        guard let moment = Timestamp("\(words[3])-\(number)-\(words[1])T\(words[4])Z") else { return nil }
        return .milliseconds(max(moment.milliseconds - now.milliseconds, 0))
    }
}
