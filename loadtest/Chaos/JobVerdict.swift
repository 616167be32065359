/// What became of one job.
struct JobVerdict: Sendable {
    let job: Int32
    let seconds: Double
    let shards: Int
    let expectedPosts: Int
    let countedPosts: Int
    /// Shards merged at a later attempt than their first.
    let shardsAgain: Int
    let highestAttempt: Int
    /// Nothing, or what differs.
    let differences: [String]

    var lostPosts: Int { max(0, expectedPosts - countedPosts) }
    var doublePosts: Int { max(0, countedPosts - expectedPosts) }
}
