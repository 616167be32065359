internal import Anomalies
internal import Logging
internal import ServiceLifecycle
internal import Store
internal import Telemetry

/// A worker's share in lane `series`: judges watched brands, one after the other.
///
/// No queue lies between: what is due is a row of PostgreSQL, and its lock is the lease. A worker that dies loses the lock with
/// its connection, and all that it had written.
struct SeriesWorker {
    let store: Store
    let judge: WatchJudge
    let logger: Logger

    /// How often a worker without work looks for some.
    private static let pause = Duration.seconds(1)

    func run() async {
        await cancelWhenGracefulShutdown {
            var backoff = Backoff()
            while !Task.isCancelled {
                do {
                    let judged = try await store.judgeNext { [judge] in try judge.judge($0, $1) }
                    backoff.reset()
                    guard let judged else {
                        try await Task.sleep(for: Self.pause)
                        continue
                    }
                    for message in judged.messages { tell(message) }
                } catch {
                    guard !Task.isCancelled else { return }
                    await backoff.wait(logger, "cannot judge a watched brand", error)
                }
            }
        }
    }

    private func tell(_ message: AlertMessage) {
        logger.info(
            "an anomaly",
            metadata: [
                "anomaly": "\(message.anomaly)", "event": "\(message.event.rawValue)", "brand": "\(message.brand)",
                "metric": "\(message.metric)", "kind": "\(message.kind.rawValue)",
            ])
    }
}
