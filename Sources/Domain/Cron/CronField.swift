/// One of the five fields of a cron expression: which numbers it may hold and what they are called.
enum CronField: Int, CaseIterable, Sendable {
    case minute, hour, day, month, weekday

    var name: String {
        switch self {
        case .minute: "minute"
        case .hour: "hour"
        case .day: "day of the month"
        case .month: "month"
        case .weekday: "day of the week"
        }
    }

    var range: ClosedRange<Int> {
        switch self {
        case .minute: 0...59
        case .hour: 0...23
        case .day: 1...31
        case .month: 1...12
        // Sunday is 0 and 7.
        case .weekday: 0...7
        }
    }

    /// The numbers that a text names, as bits.
    func bits(of text: Substring) throws(CronProblem) -> UInt64 {
        var bits: UInt64 = 0
        for item in text.split(separator: ",", omittingEmptySubsequences: false) { bits |= try self.bits(ofItem: item) }
        // Both sevens and zeros are Sundays.
        if self == .weekday, bits & 1 << 7 != 0 { bits = bits & ~(1 << 7) | 1 }
        return bits
    }

    /// `*`, `5`, `1-5`, each with a step such as `/2`.
    private func bits(ofItem item: Substring) throws(CronProblem) -> UInt64 {
        let parts = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        var step = 1
        if parts.count == 2 {
            guard let number = Int(parts[1]), number > 0, parts[1].allSatisfy(\.isNumber) else {
                throw CronProblem("the \(name) '\(item)' has no step of 1 or more behind its '/'")
            }
            step = number
        }
        let numbers = try self.numbers(of: parts[0], hasStep: parts.count == 2)
        return stride(from: numbers.lowerBound, through: numbers.upperBound, by: step).reduce(0) {
            $0 | 1 << UInt64($1)
        }
    }

    private func numbers(of text: Substring, hasStep: Bool) throws(CronProblem) -> ClosedRange<Int> {
        if text == "*" { return self == .weekday ? 0...6 : range }
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let first = try number(ends[0])
        guard ends.count == 2 else {
            return first...(hasStep ? max(first, self == .weekday ? 6 : range.upperBound) : first)
        }
        var last = try number(ends[1])
        // `fri-sun` ends with the week.
        if self == .weekday, last == 0, first > 0 { last = 7 }
        guard first <= last else { throw CronProblem("the \(name) '\(text)' runs backwards") }
        return first...last
    }

    private func number(_ text: Substring) throws(CronProblem) -> Int {
        if let index = names.firstIndex(of: text.lowercased()) { return index + (self == .month ? 1 : 0) }
        guard let number = Int(text), text.allSatisfy(\.isNumber) else {
            let example = names.isEmpty ? "" : " or a name such as '\(names[1])'"
            throw CronProblem("the \(name) '\(text)' is no number\(example)")
        }
        guard range.contains(number) else {
            throw CronProblem("the \(name) \(number) is not within \(range.lowerBound)…\(range.upperBound)")
        }
        return number
    }

    private var names: [String] {
        switch self {
        case .month: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        case .weekday: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        case .minute, .hour, .day: []
        }
    }
}

/// What is wrong with one field.
struct CronProblem: Error {
    let text: String

    init(_ text: String) { self.text = text }
}
