internal import Anomalies
internal import Domain
internal import Monitors
internal import Store
internal import Synchronization

/// Judges the closed windows of a watched brand: what was found, changed or gone, and why.
///
/// Pure but for its evidence, so that it is the same in backfill and live, and however often it is tried.
final class WatchJudge: Sendable {
    private let model: AnomalyModel
    private let monitors = Mutex<[String: AlertSettings]>([:])

    /// Windows that one transaction judges: some seconds of work, a few MiB of counts.
    private static let mostWindows: Int64 = 20_000
    /// How long after its end late posts still revise a window.
    private static let horizon = LivePatience().horizon.components.seconds
    /// Monitors of which the settings are kept.
    private static let mostMonitors = 64

    init(_ model: AnomalyModel) { self.model = model }

    func judge(_ claim: WatchClaim, _ evidence: any WatchEvidence) throws -> WatchVerdict {
        let settings = try settings(of: claim)
        let watch = BrandWatch(settings, model.forecaster, detector: model.version)
        var state = watch.state(goingOn: claim.state.flatMap(WatchState.init(bytes:)), begin: claim.begin)
        // A job that was counted for a time which is final already: all is judged anew.
        if let changed = claim.changedFrom, changed < state.next {
            state = watch.state(goingOn: nil, begin: claim.begin)
        }
        let since = state.next
        let until = min(claim.until, since + Self.mostWindows * claim.seconds)
        guard until > since else {
            return WatchVerdict(until: claim.until, state: state.bytes, changes: [])
        }
        let windows = try windows(evidence, settings, since: since, until: until)
        let known = try evidence.anomalies(since: state.earliest)
        let final = max(since, (until - max(Self.horizon, claim.seconds)) / claim.seconds * claim.seconds)
        let tracks = watch.judge(&state, windows, until: until, final: final)
        var changes = AnomalyChange.between(known, tracks, judged: since..<until, detector: model.version)
        for index in changes.indices where changes[index].event != .withdrawn {
            let inquiry = try EpisodeInquiry(changes[index].record, seconds: claim.seconds, evidence)
            changes[index].learn { inquiry.enter(&$0) }
        }
        return WatchVerdict(
            until: until, state: state.bytes, changes: changes, rules: settings.rules, channels: settings.channels)
    }

    private func windows(
        _ evidence: any WatchEvidence, _ settings: AlertSettings, since: Int64, until: Int64
    ) throws -> WatchedWindows {
        let withAuthors = settings.metrics.contains(.authors)
        func windows(_ platform: Platform?) throws -> [Int64: WindowTotals] {
            try evidence.windows(since: since, until: until, platform: platform, withAuthors: withAuthors)
        }
        var watched = WatchedWindows(together: try windows(nil))
        for platform in settings.platforms { watched.platforms[platform] = try windows(platform) }
        return watched
    }

    /// What the monitor says of alerts; large monitors take a while to read.
    private func settings(of claim: WatchClaim) throws -> AlertSettings {
        if let known = monitors.withLock({ $0[claim.monitorYAML] }) { return known }
        let monitor = try Monitor(yaml: claim.monitorYAML, fileName: "monitor \(claim.monitor)")
        let settings = monitor.alerts ?? AlertSettings(seconds: claim.seconds)
        monitors.withLock { monitors in
            if monitors.count >= Self.mostMonitors { monitors.removeAll() }
            monitors[claim.monitorYAML] = settings
        }
        return settings
    }
}
