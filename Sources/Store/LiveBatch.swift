package import Domain

/// A stream of posts into a live job.
package struct LiveSource: Equatable, Sendable {
    package let job: JobID
    package let id: Int32
    /// Bytes of the stream that were accepted.
    package var position: Int64
}

/// Posts that become one shard of a live job.
package struct LiveBatch: Sendable {
    /// What a sender named one of the pieces of a batch, so that it may be sent again without being counted again.
    package struct Key: Equatable, Sendable {
        package var name: String
        /// Of the piece, to notice a name that is used twice.
        package var digest: [UInt8]
        package var posts: Int

        package init(name: String, digest: [UInt8], posts: Int) {
            self.name = name
            self.digest = digest
            self.posts = posts
        }
    }

    /// One zstd frame: a text that can be read alone.
    package var payload: [UInt8]
    /// Bytes of the stream that it takes.
    package var length: Int64
    /// What to add to places in the payload to get places in the stream, apart from the source's position.
    package var shift: Int64
    /// The time of its latest post; `nil` when it has none that can be read.
    package var latest: Timestamp?
    package var receivedAt: Timestamp
    package var keys: [Key]

    package init(
        payload: [UInt8], length: Int64, shift: Int64 = 0, latest: Timestamp?, receivedAt: Timestamp, keys: [Key] = []
    ) {
        self.payload = payload
        self.length = length
        self.shift = shift
        self.latest = latest
        self.receivedAt = receivedAt
        self.keys = keys
    }
}

/// What the store remembers of a piece with a key.
package struct LiveReceipt: Equatable, Sendable {
    package var key: LiveBatch.Key
    package var shard: ShardID

    package init(key: LiveBatch.Key, shard: ShardID) {
        self.key = key
        self.shard = shard
    }
}

/// What became of a batch.
package enum LiveOutcome: Equatable, Sendable {
    /// It is kept and will be counted.
    case accepted(ShardID)
    /// Nothing was written: these pieces were accepted before.
    case known([LiveReceipt])
}
