/// Where a job stands.
///
/// The raw value is stored.
package enum JobState: String, CaseIterable, Sendable, Hashable {
    case running
    case paused
    case cancelled
    case completed
    /// Every shard is merged or dead, and at least one is dead.
    case completedWithErrors = "completed_with_errors"

    /// Whether nothing will change any more, unless dead shards are retried.
    package var isFinal: Bool { self == .cancelled || self == .completed || self == .completedWithErrors }
}

/// What may happen to a job.
package enum JobEvent: CaseIterable, Sendable, Hashable {
    case submit
    case pause
    case resume
    case cancel
    /// Every shard is merged.
    case finish
    /// Every shard is merged or dead.
    case finishWithErrors
    /// Dead shards get a new life.
    case retry
}

/// The life of a job: which event leads from which state to which.
///
/// Saying the same twice is no mistake: an event that has happened already leaves the state as it is.
package struct JobMachine: Equatable, Sendable {
    /// `nil` before the submission.
    package private(set) var state: JobState?

    package init(state: JobState? = nil) { self.state = state }

    /// Takes an event in; `false` when it makes no sense now, and nothing changes.
    package mutating func apply(_ event: JobEvent) -> Bool {
        guard let next = Self.state(after: event, in: state) else { return false }
        state = next
        return true
    }

    /// The states in which an event makes sense.
    package static func origins(of event: JobEvent) -> [JobState] {
        JobState.allCases.filter { state(after: event, in: $0) != nil }
    }

    private static func state(after event: JobEvent, in state: JobState?) -> JobState? {
        switch (event, state) {
        case (.submit, nil): .running
        case (.pause, .running), (.pause, .paused): .paused
        case (.resume, .paused), (.resume, .running): .running
        case (.cancel, .running), (.cancel, .paused), (.cancel, .cancelled): .cancelled
        case (.finish, .running), (.finish, .completed): .completed
        case (.finishWithErrors, .running), (.finishWithErrors, .completedWithErrors): .completedWithErrors
        case (.retry, .running), (.retry, .completedWithErrors): .running
        // Its shards wait until it is resumed.
        case (.retry, .paused): .paused
        default: nil
        }
    }
}
