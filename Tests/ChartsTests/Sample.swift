import Harness

@testable import Charts

/// Charts that a test draws.
enum Sample {
    /// 2026-11-23, a Monday.
    static let monday: Int64 = 1_795_392_000

    /// Four hours by the quarter of an hour, with a band and an incident.
    static let small = Chart(
        title: "acme: mentions", unit: "mentions per 15 minutes", start: monday, step: 900,
        values: [10, 12, 9, 11, 14, 60, 48, 20, nil, 12, 10, 11, 9, 13, 12, 10],
        band: Array(repeating: 5...16, count: 16),
        incidents: [
            Chart.Incident(
                start: monday + 4500, end: monday + 7200, label: "1", note: "once in 120 days", weight: 5)
        ])

    /// A year of five minutes with one spike.
    static func year(spike: Int) -> Chart {
        var values: [Double?] = (0..<105_120).map { Double($0 % 288) / 10 }
        values[spike] = 9_999
        return Chart(title: "a year", unit: "mentions", start: monday, step: 300, values: values)
    }

    static let hostileTexts = [
        "", "</title><script>alert(1)</script>", "a & b < c > \"d\" 'e'", "]]>", "\u{0}\u{1}\u{1B}[2J\u{7F}\u{9B}31m",
        "\u{202E}evil\u{2066}\u{200F}", "חברה שלנו", "شركة", "東京の会社", "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "Z" + String(repeating: "\u{301}", count: 500),
        "line\nbreak\ttab\u{2028}", String(repeating: "long ", count: 20_000), "\u{FFFE}\u{FFFF}\u{10FFFF}\u{E000}",
        "&amp;#x0;",
        "--><!--", "\u{FEFF}bom",
    ]

    /// Any chart at all.
    static func any(_ random: inout some RandomNumberGenerator) -> Chart {
        let odd: [Double?] = [
            nil, .nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
            .leastNonzeroMagnitude, 0,
            -0.0, 1, -1, 1e15, 1e-9,
        ]
        let count = [0, 1, 2, 3, 40, 5000].randomElement(using: &random) ?? 0
        let kind = Int.random(in: 0..<4, using: &random)
        let values: [Double?] = (0..<count).map { _ in
            switch kind {
            case 0: odd.randomElement(using: &random) ?? nil
            case 1: 42
            case 2: Double.random(in: -1...1, using: &random)
            default: Double.random(in: 0...1e7, using: &random)
            }
        }
        let band: [ClosedRange<Double>?] = (0..<Int.random(in: 0...count + 3, using: &random)).map { _ in
            let low = (odd.randomElement(using: &random) ?? nil) ?? 3
            return low.isNaN || Bool.random(using: &random) ? nil : low...max(low, 12)
        }
        let step: Int64 = [1, 60, 300, 3600, 86_400, 31_536_000].randomElement(using: &random) ?? 60
        let start = Int64.random(in: -4_000_000_000...8_000_000_000, using: &random)
        func text() -> String { hostileTexts.randomElement(using: &random) ?? "" }
        let incidents = (0..<Int.random(in: 0..<30, using: &random)).map { _ in
            let begin = start + Int64.random(in: -5...Int64(count) + 5, using: &random) * step
            return Chart.Incident(
                start: begin, end: begin + Int64.random(in: 0...3, using: &random) * step, label: text(), note: text(),
                weight: Double.random(in: 0...9, using: &random))
        }
        return Chart(
            title: text(), unit: text(), start: start, step: step, values: values, band: band, bandName: text(),
            incidents: incidents)
    }
}
