import Foundation

/// Which random histories a test plays.
///
/// `GROUNDSWELL_HISTORIES` sets how many, `GROUNDSWELL_SEED` where they begin: with 1 it replays one failure.
package enum Histories {
    /// Printed, so that also a test that hangs tells what it played.
    package static func seeds(_ usual: UInt64) -> Range<UInt64> {
        let environment = ProcessInfo.processInfo.environment
        let first = environment["GROUNDSWELL_SEED"].flatMap { UInt64($0) } ?? .random(in: 0..<1 << 40)
        let count = environment["GROUNDSWELL_HISTORIES"].flatMap { UInt64($0) } ?? usual
        print("histories of the seeds \(first) to \(first + count - 1)")
        return first..<first + count
    }
}
