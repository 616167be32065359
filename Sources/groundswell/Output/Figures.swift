import Foundation

/// Numbers, times and sizes as people read them.
enum Figures {
    static func grouped(_ value: Int64) -> String {
        let digits = String(value.magnitude)
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return value < 0 ? "-" + result : result
    }

    static func grouped(_ value: Double) -> String {
        value.isFinite && abs(value) < 9e18 ? grouped(Int64(value.rounded())) : "–"
    }

    static func decimal(_ value: Double, places: Int) -> String { String(format: "%.\(places)f", value) }

    /// `1.5 GiB`, `830 KiB`.
    static func bytes(_ count: Int64) -> String {
        var value = Double(count)
        for unit in ["B", "KiB", "MiB", "GiB"] {
            if value < 1024 { return unit == "B" ? "\(count) B" : "\(decimal(value, places: 1)) \(unit)" }
            value /= 1024
        }
        return "\(decimal(value, places: 1)) TiB"
    }

    /// `42 s`, `3 min 20 s`, `2 h 05 min`.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite else { return "–" }
        let whole = Int(min(max(seconds, 0), 1e9).rounded(.up))
        switch whole {
        case ..<60: return "\(whole) s"
        case ..<3600: return "\(whole / 60) min \(whole % 60) s"
        case ..<172_800: return String(format: "%d h %02d min", whole / 3600, whole % 3600 / 60)
        default: return "\(whole / 86_400) days \(whole % 86_400 / 3600) h"
        }
    }
}
