/// Readings that differ by brand: what a brand's own head says of a post that mentions it.
package struct MentionReadings: Equatable, Sendable {
    private var readings: [UInt64: Reading] = [:]

    package init() {}

    package var isEmpty: Bool { readings.isEmpty }

    /// The reading of a post of a batch for one of its brands; `nil` where the post's reading holds for all.
    package subscript(post: Int, brand: UInt16) -> Reading? {
        get { readings[Self.key(post, brand)] }
        set { readings[Self.key(post, brand)] = newValue }
    }

    private static func key(_ post: Int, _ brand: UInt16) -> UInt64 { UInt64(post) << 16 | UInt64(brand) }
}
