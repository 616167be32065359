/// The last posts of one platform, to be reposted and answered.
///
/// Holds copies in arrays that are used again, so that remembering a post allocates nothing.
struct RecentPosts {
    struct Entry {
        var id: [UInt8] = []
        /// As JSON: `"text":"…","lang":"…"`.
        var content: [UInt8] = []
        /// As JSON: `,"hashtags":[…],…`.
        var terms: [UInt8] = []
        var named = NamedBrands()
        var mood = 0
    }

    /// About the posts of an hour in the demo: what is reposted is fresh.
    private static let capacity = 64

    private(set) var entries: [Entry] = []
    private var oldest = 0

    var isEmpty: Bool { entries.isEmpty }

    mutating func remember(
        id: borrowing LineWriter, content: borrowing LineWriter, terms: borrowing LineWriter, named: NamedBrands,
        mood: Int
    ) {
        if entries.count < Self.capacity { entries.append(Entry()) }
        let slot = entries.count < Self.capacity ? entries.count - 1 : oldest
        oldest = (oldest + 1) % Self.capacity
        Self.replace(&entries[slot].id, by: id)
        Self.replace(&entries[slot].content, by: content)
        Self.replace(&entries[slot].terms, by: terms)
        entries[slot].named = named
        entries[slot].mood = mood
    }

    private static func replace(_ bytes: inout [UInt8], by writer: borrowing LineWriter) {
        bytes.removeAll(keepingCapacity: true)
        writer.withBytes { bytes.append(contentsOf: $0) }
    }
}

/// The brands that a post names: none, one or two, as indices in the scenario.
struct NamedBrands: Equatable, Sendable {
    var first = -1
    var second = -1
}
