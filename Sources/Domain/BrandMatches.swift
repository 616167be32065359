/// Which brands each post of a batch mentions, as brand indices in monitor order.
///
/// Flat storage: one allocation for a batch, however many posts it holds.
package struct BrandMatches: Equatable, Sendable {
    @usableFromInline var ends: [Int] = []
    @usableFromInline var brands: [UInt16] = []

    package init() {}

    /// The number of posts.
    package var count: Int { ends.count }

    /// The number of mentions: post and brand pairs.
    package var mentions: Int { brands.count }

    /// The brands of one post, ascending and without repeats.
    package subscript(post: Int) -> ArraySlice<UInt16> {
        brands[(post == 0 ? 0 : ends[post - 1])..<ends[post]]
    }

    /// Adds the next post with its brands, which must be ascending and without repeats.
    @inlinable
    package mutating func append(_ post: some Sequence<UInt16>) {
        brands.append(contentsOf: post)
        ends.append(brands.count)
    }

    package mutating func removeAll() {
        ends.removeAll(keepingCapacity: true)
        brands.removeAll(keepingCapacity: true)
    }
}
