package import Domain
internal import Synchronization

/// Deep readings of texts seen before, shared by all threads of a process.
///
/// Reposts and copied texts are most of many streams. The key is all that the model sees of a text, so a reading from here
/// is the one that the model would give.
package final class ReadingCache: Sendable {
    /// How often readings were asked for.
    package struct Counts: Equatable, Sendable {
        /// Answered without the model.
        package var hits = 0
        package var misses = 0

        package init(hits: Int = 0, misses: Int = 0) {
            self.hits = hits
            self.misses = misses
        }
    }

    package static let usualLimit = 64 << 20

    /// One lock a part, so that threads seldom meet.
    private final class Part: Sendable {
        let table: Mutex<ClockTable>
        init(limit: Int) { table = Mutex(ClockTable(limit: limit)) }
    }

    private let parts: [Part]
    private let counts = Mutex(Counts())

    /// - Parameter limit: bytes at most, counted generously.
    package init(limit: Int = usualLimit) {
        let parts = max(1, min(16, limit / (64 << 10)))
        self.parts = (0..<parts).map { _ in Part(limit: limit / parts) }
    }

    package func reading(of key: [Int32]) -> DeepReading? { part(of: key).table.withLock { $0.reading(of: key) } }

    package func keep(_ reading: DeepReading, of key: [Int32]) {
        part(of: key).table.withLock { $0.keep(reading, of: key) }
    }

    /// What was asked since the last call.
    package func takeCounts() -> Counts {
        counts.withLock { counts in
            defer { counts = Counts() }
            return counts
        }
    }

    func count(hits: Int, misses: Int) {
        counts.withLock { counts in
            counts.hits += hits
            counts.misses += misses
        }
    }

    package var entries: Int { parts.reduce(0) { $0 + $1.table.withLock(\.count) } }

    package var bytes: Int { parts.reduce(0) { $0 + $1.table.withLock(\.bytes) } }

    private func part(of key: [Int32]) -> Part {
        parts[Int(UInt(bitPattern: key.hashValue) % UInt(parts.count))]
    }
}
