internal import CoreMetrics

/// What a deliverer does for one channel.
package struct DeliveryMetrics: Sendable {
    private let delivered: Counter
    private let failed: Counter
    private let dead: Counter
    private let waiting: Meter
    private let sendSeconds: Timer

    package init(channel: String) {
        delivered = RoleMetric.alertsDelivered.counter(("channel", channel))
        failed = RoleMetric.alertsFailed.counter(("channel", channel))
        dead = RoleMetric.alertsDead.counter(("channel", channel))
        waiting = RoleMetric.alertsWaiting.gauge(("channel", channel))
        sendSeconds = RoleMetric.alertSeconds.timer(("channel", channel))
    }

    package func countDelivered(took time: Duration) {
        delivered.increment(by: 1)
        sendSeconds.recordSeconds(time / .seconds(1))
    }

    package func countFailure(isLast: Bool, took time: Duration) {
        failed.increment(by: 1)
        if isLast { dead.increment(by: 1) }
        sendSeconds.recordSeconds(time / .seconds(1))
    }

    package func note(waiting count: Int) { waiting.set(count) }
}
