/// Every bound of this room, with its reason.
package enum FeedBounds {
    /// A longer line or CSV record is quarantined without being buffered: no platform's post comes near it.
    package static let recordBytes = 1 << 20
    /// Longer text is cut for analysis: ten times the longest post of any platform, yet a batch stays small.
    package static let textBytes = 16 << 10
    /// Bytes asked from the system at once: large enough to hide the call, small enough to stay in the cache.
    package static let blockBytes = 256 << 10
    /// Readable bytes behind every record, since the scanner loads eight bytes at a time.
    package static let slackBytes = 64
    /// Objects and arrays within each other: one bit each in a word, and far from the stack's end.
    package static let nesting = 64
    /// Size of a shard: seconds of work, so a lost lease costs little.
    package static let shardBytes: Int64 = 8 << 20
    package static let shardPosts = 20_000
    /// Posts that one batch holds at most unless the caller asks otherwise.
    package static let batchRecords = 256
    /// A CSV header is read again for every shard, so it must be short.
    package static let headerBytes = 64 << 10
    /// Samples taken from a file to guess its mean line length, and bytes of each.
    package static let samples: Int64 = 8
    package static let sampleBytes = 64 << 10
    /// Folders within each other below an argument: deeper means a loop that links hide.
    package static let folderDepth = 64
    /// A primary language tag has at most eight letters in BCP 47; longer is no language.
    package static let languageLetters = 8
    /// Hashtags and mentions beyond these are cut away: they are spam and would fill the term tables.
    package static let termBytes = 256
    package static let termsPerPost = 64
}
