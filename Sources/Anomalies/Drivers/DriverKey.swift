/// Something that posts have in common and that may have driven an anomaly.
package struct DriverKey: Hashable, Sendable, Comparable {
    /// What a key is; the raw value is stored and never used again for another.
    package enum Kind: UInt8, CaseIterable, Sendable, Comparable {
        case hashtag = 0
        case term = 1
        case author = 2
        case domain = 3
        case language = 4
        case platform = 5
        /// Posts with the same text: its hash is the key.
        case duplicate = 6

        package var name: String { String(describing: self) }

        package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    package var kind: Kind
    package var value: String

    package init(_ kind: Kind, _ value: String) {
        self.kind = kind
        self.value = value
    }

    /// By kind, then by bytes: the same order wherever it is computed.
    package static func < (left: Self, right: Self) -> Bool {
        if left.kind != right.kind { return left.kind < right.kind }
        return left.value.utf8.lexicographicallyPrecedes(right.value.utf8)
    }
}

/// How often a key was seen, and by how many people.
package struct KeyTotals: Equatable, Sendable {
    package var posts: Int64
    package var authors: Int64

    package init(posts: Int64, authors: Int64) {
        self.posts = posts
        self.authors = authors
    }
}
