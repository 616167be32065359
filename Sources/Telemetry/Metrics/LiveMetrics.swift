internal import CoreMetrics

/// What a gateway, or another way in for live posts, does.
package struct LiveMetrics: Sendable {
    private let posts = RoleMetric.accepted.counter()
    private let batches = RoleMetric.batches.counter()
    private let commitSeconds = RoleMetric.commitSeconds.timer()

    package init() {}

    package func countBatch(posts: Int, took time: Duration) {
        self.posts.increment(by: posts)
        batches.increment(by: 1)
        commitSeconds.recordSeconds(time / .seconds(1))
    }

    package func countAnswer(status: Int) {
        RoleMetric.answers.counter(("status", "\(status)")).increment(by: 1)
    }
}
