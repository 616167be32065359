/// A record that could not become a post: where it is and why, so that a person can mend or forgive it.
package struct QuarantinedRecord: Equatable, Sendable {
    /// Bytes from the start of the (decompressed) source to the record's first byte.
    package var offset: Int64
    package var reason: String
    /// The record's beginning, at most `excerptLimit` bytes, possibly not valid UTF-8.
    package var excerpt: [UInt8]

    package static let excerptLimit = 200
    /// How the reason of a record begins that ends every process which reads it.
    package static let poisonMark = "poison: "

    /// Whether the record was set aside unread, since it ended each process that tried.
    package var isPoison: Bool { reason.hasPrefix(Self.poisonMark) }

    package init(offset: Int64, reason: String, excerpt: some Sequence<UInt8>) {
        self.offset = offset
        self.reason = reason
        self.excerpt = Array(excerpt.prefix(Self.excerptLimit))
    }
}
