import Domain
import Feeds
import Foundation

/// The series of the Numenta Anomaly Benchmark: `CATEGORY/NAME.csv[.gz]` with the columns `timestamp,value`.
struct NabFolder {
    struct Row {
        /// As in the file: the scorer looks rows up by it.
        let timestamp: String
        let second: Int64
        let value: String
        let number: Float
    }

    struct Series {
        /// As the labels name it: `realTweets/Twitter_volume_FB.csv`.
        let key: String
        let rows: [Row]

        var category: String { String(key.prefix { $0 != "/" }) }

        /// The most common distance between rows, the shortest of equals.
        var grain: Int64 {
            var counts: [Int64: Int] = [:]
            for (earlier, later) in zip(rows, rows.dropFirst()) where later.second > earlier.second {
                counts[later.second - earlier.second, default: 0] += 1
            }
            return counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? 300
        }
    }

    let path: String

    /// All series below the folder or its subfolder `data`, by key.
    func series() throws -> [Series] {
        let data = "\(path)/data"
        let root = FileManager.default.fileExists(atPath: data) ? data : path
        let found = (FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []).sorted()
        let series = try found.filter { $0.hasSuffix(".csv") || $0.hasSuffix(".csv.gz") }.map { name in
            Series(
                key: name.hasSuffix(".gz") ? String(name.dropLast(3)) : name, rows: try Self.rows(of: "\(root)/\(name)")
            )
        }
        guard !series.isEmpty else { throw CommandError("\(path) holds no CATEGORY/NAME.csv") }
        return series
    }

    private static func rows(of path: String) throws -> [Row] {
        let file = try LineFile(path: path)
        guard try file.next() != nil else { throw CommandError("\(path) is empty") }
        var rows: [Row] = []
        var number = 1
        while let line = try file.next() {
            number += 1
            let text = String(decoding: line, as: UTF8.self).filter { $0 != "\r" && $0 != "\r\n" }
            if text.isEmpty { continue }
            let cells = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard cells.count >= 2, let second = second(of: cells[0]), let value = Float(cells[1]) else {
                throw CommandError("\(path):\(number): not 'YYYY-MM-DD HH:MM:SS,number'")
            }
            rows.append(Row(timestamp: cells[0], second: second, value: cells[1], number: value))
        }
        return rows
    }

    /// Seconds since 1970 of `2015-02-26 21:42:53`, fractions dropped.
    private static func second(of text: String) -> Int64? {
        let parts = text.split(whereSeparator: { "-: T.Z".contains($0) }).compactMap { Int64($0) }
        guard parts.count >= 5, (1...12).contains(parts[1]), (1...31).contains(parts[2]) else { return nil }
        // Years begin in March, so that the leap day is the last: Hinnant, "chrono-compatible low-level date algorithms".
        let year = parts[1] <= 2 ? parts[0] - 1 : parts[0]
        let month = (parts[1] + 9) % 12
        let dayOfYear = (153 * month + 2) / 5 + parts[2] - 1
        let era = year / 400
        let yearOfEra = year - era * 400
        let day = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        return day * 86_400 + parts[3] * 3600 + parts[4] * 60 + (parts.count > 5 ? parts[5] : 0)
    }
}
