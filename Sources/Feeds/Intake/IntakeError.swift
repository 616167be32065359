/// Why there is nothing to submit.
package enum IntakeError: Error, Equatable, Sendable {
    /// Arguments that gave nothing.
    case unreadable([SourceListing.Note])
    case nothing([String])
    /// Standard input is longer than may be kept.
    case longStream(limit: Int)
}

extension IntakeError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let notes):
            notes.map(\.description).joined(separator: "\n       ")
                + "\nnothing was submitted; --skip-missing goes on without what cannot be read"
        case .nothing(let arguments): "there is nothing to read in \(arguments.joined(separator: ", "))"
        case .longStream(let limit):
            "standard input is longer than \(limit >> 20) MiB compressed: "
                + "write it to a file that every worker can open, and submit the file"
        }
    }
}
