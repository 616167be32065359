/// Why one record cannot become a post; becomes the reason of a `QuarantinedRecord`.
struct RecordFault: Error, Equatable, Sendable, CustomStringConvertible {
    let reason: String

    init(_ reason: String) { self.reason = reason }

    var description: String { reason }
}
