internal import Domain
internal import Sketches

/// Remembers which posts a shard has seen, so that a repeated id counts once.
///
/// Bounded: after `capacity` posts it starts anew, at the same post on every run of the shard.
struct RecentPosts {
    /// About 32 MB of hashes; a shard of a plain file holds 20,000 posts, only compressed files hold more.
    static let capacity = 1_000_000

    private var hashes: Set<UInt64> = []

    /// Whether the post is new here.
    ///
    /// Two posts are the same when platform and id are.
    mutating func isNew(_ post: Post) -> Bool {
        if hashes.count == Self.capacity { hashes.removeAll(keepingCapacity: true) }
        let hash = MurmurHash3.hash64(post.id) &+ UInt64(post.platform.rawValue) &* 0x9E37_79B9_7F4A_7C15
        return hashes.insert(hash).inserted
    }
}
