/// The bounds of live input, each with its reason.
package struct LiveSettings: Sendable {
    /// How long a batch waits for more posts: what a sender waits for its answer, and a fifth of the time in which posts are
    /// to be seen.
    package var linger = Duration.seconds(1)
    /// A batch of so many posts waits no longer: a worker reads them in some 50 ms.
    package var batchPosts = 2000
    /// The same for long posts.
    package var batchBytes = 4 << 20
    /// One request's posts at most, packed or unpacked: as much as a shard of a file.
    package var bodyBytes = 8 << 20
    /// All requests that wait together: what a burst may take of memory before senders are told to come back.
    package var heldBytes = 128 << 20
    /// Batches that are kept and not yet counted, beyond which senders are told to come back: five minutes at one a
    /// second, so that workers may be exchanged, and some 300 MB of PostgreSQL with full batches.
    package var backlog = 300
    /// How long PostgreSQL may be away before senders are told so.
    package var patience = Duration.seconds(10)
    /// Connections at once; more wait to be accepted.
    package var connections = 1000

    package init() {}
}
