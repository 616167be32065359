import Domain
import Foundation
import Harness
import Testing

@testable import Feeds

@Suite struct MomentTests {
    private func strict(_ text: String) -> Int64? {
        Array(text.utf8).withUnsafeBufferPointer { MomentParser.rfc3339($0)?.milliseconds }
    }

    private func lenient(_ text: String) -> Int64? {
        Array(text.utf8).withUnsafeBufferPointer { MomentParser.lenient($0)?.milliseconds }
    }

    @Test func timesOfRFC3339AreRead() {
        #expect(strict("1970-01-01T00:00:00Z") == 0)
        #expect(strict("2026-03-14T09:26:53Z") == 1_773_480_413_000)
        #expect(strict("2026-03-14T09:26:53.456789Z") == 1_773_480_413_456)
        #expect(strict("2026-03-14T09:26:53.5z") == 1_773_480_413_500)
        #expect(strict("2026-03-14t10:26:53+01:00") == 1_773_480_413_000)
        #expect(strict("2026-03-13T23:56:53-09:30") == 1_773_480_413_000)
        #expect(strict("2016-12-31T23:59:60Z") == 1_483_228_800_000)
        #expect(strict("2024-02-29T00:00:00Z") == 1_709_164_800_000)
        #expect(strict("1969-12-31T23:59:59.250Z") == -750)
    }

    @Test(arguments: [
        "", "2026", "2026-03-14", "2026-03-14T09:26:53", "2026-03-14 09:26:53Z", "2026-13-01T00:00:00Z",
        "2025-02-29T00:00:00Z", "2026-00-10T00:00:00Z", "2026-03-00T00:00:00Z", "2026-03-14T24:00:00Z",
        "2026-03-14T09:60:00Z", "2026-03-14T09:26:61Z", "2026-03-14T09:26:53.Z", "2026-03-14T09:26:53+0100",
        "2026-03-14T09:26:53Zx", "2026-03-14T09:26Z", "26-03-14T09:26:53Z", "2026-03-14T09:26:53+25:00", "1773480413",
    ])
    func whatIsNoTimeOfRFC3339IsRefused(text: String) { #expect(strict(text) == nil) }

    @Test func foreignTimesAreReadInTheirManyForms() {
        let expected: Int64 = 1_773_480_413_000
        for text in [
            "2026-03-14T09:26:53Z", "2026-03-14 09:26:53", "2026-03-14 09:26:53+00", "2026-03-14 10:26:53+0100",
            "2026-03-14 10:26:53 +01:00", "2026-03-14T09:26:53", "1773480413", "1773480413000", "1773480413000000",
            "1773480413000000000", "1773480413.0", "1.773480413e9",
        ] { #expect(lenient(text) == expected, "\(text)") }
        #expect(lenient("2026-03-14") == 1_773_446_400_000)
        #expect(lenient("2026-03-14 09:26") == 1_773_480_360_000)
        #expect(lenient("1773480413.25") == expected + 250)
        for text in ["", "soon", "nan", "inf", "0x10", "12:30", "14/03/2026", "1e40"] {
            #expect(lenient(text) == nil, "\(text)")
        }
    }

    @Test(arguments: 0..<20) func anyDayIsReadAsFoundationReadsIt(seed: UInt64) {
        var random = Seeded(state: seed)
        let formatter = ISO8601DateFormatter()
        for _ in 0..<50 {
            let seconds = Int64.random(in: -2_000_000_000...20_000_000_000, using: &random)
            let text = formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
            #expect(strict(text) == seconds * 1000, "seed \(seed): \(text)")
        }
    }
}
