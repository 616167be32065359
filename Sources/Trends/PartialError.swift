/// Why bytes are not a partial, or a partial cannot become bytes.
package enum PartialError: Error, Equatable, CustomStringConvertible {
    /// Written by a newer release whose partials this one must not read.
    case newerVersion(found: UInt32, known: UInt32)
    /// Not the Protocol Buffers message at all; the reason is the decoder's.
    case unreadable(String)
    /// A readable message whose rows make no sense.
    case invalid(String)
    /// A partial too large to be encoded.
    case unwritable(String)

    package var description: String {
        switch self {
        case .newerVersion(let found, let known):
            "partial: version \(found) was written by a newer release; this one reads version \(known) at most"
        case .unreadable(let reason): "partial: unreadable: \(reason)"
        case .invalid(let reason): "partial: \(reason)"
        case .unwritable(let reason): "partial: cannot be encoded: \(reason)"
        }
    }
}
