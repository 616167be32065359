import Domain

/// Adds up about how many bytes the rows of a partial take when encoded.
struct EncodedSize: Sendable {
    private(set) var bytes = 0

    /// A row of counts: 20 columns of mostly one byte, and the header of its sketch.
    mutating func addRow() { bytes += 32 }

    /// The first reading of a window that is counted beside its sentiment; there are fewer windows in the coarser grains.
    mutating func addReadings(_ grains: [Grain]) { bytes += 48 * grains.count }

    /// A row of a term, without its text.
    mutating func addTerm() { bytes += 10 }

    /// An author's hash in a window of each grain; there are fewer in the coarser ones.
    mutating func addAuthor(_ grains: [Grain]) { bytes += 8 * grains.count }

    mutating func add(_ example: Example, inPlaceOf old: Example?) {
        bytes += Self.size(example) - (old.map(Self.size) ?? 0)
    }

    mutating func add(_ voice: Voice, inPlaceOf old: Voice?) {
        bytes += Self.size(voice) - (old.map(Self.size) ?? 0)
    }

    mutating func add(_ record: QuarantinedRecord) { bytes += 16 + record.reason.utf8.count + record.excerpt.count }

    private static func size(_ voice: Voice) -> Int {
        (voice.hashtags + voice.domains).reduce(size(voice.example) + 16) { $0 + 2 + $1.utf8.count }
    }

    private static func size(_ example: Example) -> Int {
        40 + example.id.utf8.count + example.author.utf8.count + example.text.utf8.count
            + (example.url?.utf8.count ?? 0) + example.reasons.reduce(0) { $0 + 8 + $1.word.utf8.count }
    }
}
