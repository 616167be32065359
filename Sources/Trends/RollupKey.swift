package import Domain

/// The coordinates of one rollup row within a job.
///
/// Keys are equal when their texts have the same bytes, as in PostgreSQL; `String` alone also holds texts for equal
/// that differ in Unicode normalisation, and then a result would depend on which came first.
package struct RollupKey: Hashable, Sendable {
    package var grain: Grain
    /// Window start in seconds since 1970, aligned to the grain.
    package var start: Int64
    /// The brand's index in its monitor.
    package var brand: UInt16
    package var platform: Platform
    /// BCP 47 primary tag, empty when unknown.
    package var language: String

    package init(grain: Grain, start: Int64, brand: UInt16, platform: Platform, language: String) {
        self.grain = grain
        self.start = start
        self.brand = brand
        self.platform = platform
        self.language = language
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.start == right.start && left.brand == right.brand && left.grain == right.grain
            && left.platform == right.platform && left.language.hasSameBytes(as: right.language)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(start)
        hasher.combine(UInt32(brand) << 16 | UInt32(platform.rawValue) << 8 | UInt32(grain.rawValue))
        language.hashBytes(into: &hasher)
    }
}
