/// What became of the records of a shard.
///
/// Every record read is in exactly one of the other counts but `matched`.
package struct ShardTotals: Equatable, Sendable {
    /// Records read: posts, deletions, repeats and quarantined ones.
    package var records: Int64 = 0
    /// Posts that passed the language filter and were matched against the brands.
    package var posts: Int64 = 0
    /// Posts that mention at least one brand.
    package var matched: Int64 = 0
    /// Post and brand pairs.
    package var mentions: Int64 = 0
    /// Posts seen before in the same shard.
    package var duplicates: Int64 = 0
    /// Posts in a language that the monitor leaves out.
    package var filtered: Int64 = 0
    /// Delete events.
    package var deletions: Int64 = 0
    package var quarantined: Int64 = 0
    /// Bytes of decompressed input.
    package var bytes: Int64 = 0

    package init() {}

    package mutating func merge(_ other: Self) {
        records.saturatingAdd(other.records)
        posts.saturatingAdd(other.posts)
        matched.saturatingAdd(other.matched)
        mentions.saturatingAdd(other.mentions)
        duplicates.saturatingAdd(other.duplicates)
        filtered.saturatingAdd(other.filtered)
        deletions.saturatingAdd(other.deletions)
        quarantined.saturatingAdd(other.quarantined)
        bytes.saturatingAdd(other.bytes)
    }
}
