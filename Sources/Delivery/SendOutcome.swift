/// What became of one try.
package enum SendOutcome: Equatable, Sendable {
    /// The receiver has it; with what it said.
    case delivered(String)
    /// It may go better later, not before a time that the receiver asked for.
    case failed(String, retryAfter: Duration?)
    /// It never will: the same bytes would be refused again.
    case refused(String)

    package var words: String {
        switch self {
        case .delivered(let words), .failed(let words, _), .refused(let words): words
        }
    }
}
