/// Walks over the characters of one point in time, as RFC 3339 and its relatives write it.
package struct MomentReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0

    package init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private var isAtEnd: Bool { at == bytes.count }

    /// - Parameter isLenient: also takes a space for the `T`, `+0100`, `+01`, no offset (UTC) and no time of day.
    package mutating func moment(isLenient: Bool) -> Timestamp? {
        guard let day = date() else { return nil }
        if isAtEnd { return isLenient ? Timestamp(seconds: day * 86_400) : nil }
        guard take(0x54) || take(0x74) || isLenient && take(0x20) else { return nil }
        guard let hour = digits(2), hour < 24, take(0x3A), let minute = digits(2), minute < 60 else { return nil }
        var second: Int64 = 0
        if take(0x3A) {
            // 60 is a leap second; it counts as the first of the next minute, as POSIX time does.
            guard let read = digits(2), read <= 60 else { return nil }
            second = read
        } else if !isLenient {
            return nil
        }
        guard let fraction = milliseconds() else { return nil }
        if isLenient { _ = take(0x20) }
        guard let offset = offset(isLenient: isLenient), isAtEnd else { return nil }
        let seconds = day * 86_400 + hour * 3600 + minute * 60 + second - offset
        return Timestamp(milliseconds: seconds * 1000 + fraction)
    }

    /// Days since 1970 of a date of the Gregorian calendar.
    private mutating func date() -> Int64? {
        guard let year = digits(4), take(0x2D), let month = digits(2), take(0x2D), let day = digits(2) else {
            return nil
        }
        guard month >= 1, month <= 12, day >= 1, day <= Self.days(in: month, of: year) else { return nil }
        // Years begin in March, so that the leap day is the last: Hinnant, "chrono-compatible low-level date algorithms".
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    /// What follows a point, 0 without one.
    private mutating func milliseconds() -> Int64? {
        guard take(0x2E) else { return 0 }
        var value: Int64 = 0
        var count = 0
        while at < bytes.count, bytes[at] &- 0x30 < 10 {
            if count < 3 { value = value * 10 + Int64(bytes[at] - 0x30) }
            count += 1
            at += 1
        }
        guard count > 0 else { return nil }
        return count == 1 ? value * 100 : count == 2 ? value * 10 : value
    }

    /// Seconds east of UTC.
    private mutating func offset(isLenient: Bool) -> Int64? {
        if take(0x5A) || take(0x7A) { return 0 }
        if isAtEnd { return isLenient ? 0 : nil }
        let isWest = take(0x2D)
        guard isWest || take(0x2B), let hours = digits(2), hours < 24 else { return nil }
        var minutes: Int64 = 0
        if take(0x3A) || isLenient && !isAtEnd {
            guard let read = digits(2), read < 60 else { return nil }
            minutes = read
        } else if !isLenient {
            return nil
        }
        return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    private mutating func digits(_ count: Int) -> Int64? {
        guard at + count <= bytes.count else { return nil }
        var value: Int64 = 0
        for _ in 0..<count {
            let digit = bytes[at] &- 0x30
            guard digit < 10 else { return nil }
            value = value * 10 + Int64(digit)
            at += 1
        }
        return value
    }
}
