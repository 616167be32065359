package import Domain

/// A file that can be read.
package struct FoundSource: Equatable, Sendable {
    package var description: SourceDescription
    /// Bytes as they lie on disk.
    package var size: Int64
    package var modified: Timestamp
}

/// What the arguments of a submission stand for.
package struct SourceListing: Equatable, Sendable {
    /// A path and what is to say about it.
    package struct Note: Equatable, Sendable, CustomStringConvertible {
        package let path: String
        package let reason: String

        package var description: String { "\(path): \(reason)" }
    }

    /// Every file once, in the order of the arguments, sorted within each.
    package var sources: [FoundSource] = []
    /// One of the arguments is `-`.
    package var usesStandardInput = false
    /// Files left out on purpose: other kinds, empty ones.
    package var skipped: [Note] = []
    /// What could not be found or read behind an argument that gave something all the same.
    package var problems: [Note] = []
    /// The arguments that gave nothing, each with the reason.
    package var failed: [Note] = []

    package init() {}
}
