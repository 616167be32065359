internal import Domain

/// Finds the records that end their process, from where each process of a shard's trial ended.
///
/// A value without processes. A single end may be the kernel's, out of memory, or somebody's `kill`; only a record at which a
/// second process ends is poison. So each poisonous record costs two children, and no record is blamed for another.
struct TrialCourse: Equatable, Sendable {
    /// More than this in one shard means that not the records are at fault.
    static let poisonLimit = 100
    /// Ends at as many different places: something ends the children, and it is none of the records.
    static let strayLimit = 3

    enum Step: Equatable, Sendable {
        /// Run the shard again in a new process.
        case again
        case failed(reason: String, FailureClass)
    }

    /// Records to leave out, by offset, each with its reason.
    private(set) var poison: [Int64: String] = [:]
    /// Where a process ended once.
    private var suspects: Set<Int64> = []
    /// Ends since the last record was found.
    private var strays = 0

    /// A process ended.
    ///
    /// - Parameters:
    ///   - offset: of the record that it was reading; `nil` before the first.
    ///   - cause: how it ended, as the record's reason would say it.
    mutating func ended(at offset: Int64?, cause: String) -> Step {
        if let offset, poison[offset] != nil {
            return .failed(
                reason: "its trial ends at byte \(offset) even with that record left out: \(cause)", .permanent)
        }
        guard let offset, suspects.remove(offset) != nil else {
            if let offset { suspects.insert(offset) }
            strays += 1
            guard strays < Self.strayLimit else {
                return .failed(
                    reason: "its trial ended \(strays) times, at no record twice; last: \(cause)", .transient)
            }
            return .again
        }
        guard poison.count < Self.poisonLimit else {
            return .failed(
                reason: "more than \(Self.poisonLimit) records end their process; last: \(cause)", .permanent)
        }
        poison[offset] = QuarantinedRecord.poisonMark + cause
        strays = 0
        return .again
    }
}
