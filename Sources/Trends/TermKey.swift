package import Domain

/// What a counted term is.
///
/// The raw value is stored in PostgreSQL and never reused.
package enum TermKind: UInt8, CaseIterable, Sendable, Hashable {
    case hashtag = 0
    case mention = 1
    case domain = 2
    /// A word that made a post negative.
    case blame = 3
    /// A word that made a post positive.
    case praise = 4
}

/// The coordinates of one term count: always per hour.
///
/// Equal by bytes, like `RollupKey`.
package struct TermKey: Hashable, Sendable {
    /// Start of the hour in seconds since 1970.
    package var start: Int64
    package var brand: UInt16
    package var platform: Platform
    package var language: String
    package var kind: TermKind
    package var term: String

    package init(start: Int64, brand: UInt16, platform: Platform, language: String, kind: TermKind, term: String) {
        self.start = start
        self.brand = brand
        self.platform = platform
        self.language = language
        self.kind = kind
        self.term = term
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.start == right.start && left.brand == right.brand && left.platform == right.platform
            && left.kind == right.kind && left.term.hasSameBytes(as: right.term)
            && left.language.hasSameBytes(as: right.language)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(start)
        hasher.combine(UInt32(brand) << 16 | UInt32(platform.rawValue) << 8 | UInt32(kind.rawValue))
        language.hashBytes(into: &hasher)
        term.hashBytes(into: &hasher)
    }
}
