package import Domain

/// Which messages a monitor wants to be told, and when.
///
/// Pure: the clock comes in.
package struct AlertRules: Equatable, Sendable {
    /// Which anomalies.
    package enum Only: String, CaseIterable, Sendable {
        case all
        /// Those that are bad news: crises and moods.
        case negative
        case crisis
    }

    /// What becomes of a message.
    package enum Decision: Equatable, Sendable {
        case now
        case after(Timestamp)
        /// With the reason, for the log.
        case not(String)
    }

    /// Posts of the brand in the episode, at least.
    package var minPosts: Int64
    package var only: Only
    package var quietHours: QuietHours?
    /// Whoever counts old posts wants the anomalies, not to be woken by them.
    package var maxAge: Duration
    package var events: Set<AlertMessage.Event>

    package init(
        minPosts: Int64 = 0, only: Only = .all, quietHours: QuietHours? = nil, maxAge: Duration = .seconds(86_400),
        events: Set<AlertMessage.Event> = Set(AlertMessage.Event.allCases)
    ) {
        self.minPosts = minPosts
        self.only = only
        self.quietHours = quietHours
        self.maxAge = maxAge
        self.events = events
    }

    /// - Parameter wasTold: whether the receiver has been told of this anomaly, where that is known. Who was told hears
    ///   how it goes on, whatever its age and size have become; who was not hears nothing of its withdrawal.
    package func decide(_ message: AlertMessage, at now: Timestamp, wasTold: Bool? = nil) -> Decision {
        guard events.contains(message.event) else { return .not("\(message.event.rawValue) is not among the events") }
        if wasTold == false, message.event == .withdrawn { return .not("nobody was told of it") }
        if wasTold != true, let reason = refusal(message, at: now) { return .not(reason) }
        guard let end = quietHours?.end(of: now) else { return .now }
        return .after(end)
    }

    private func refusal(_ message: AlertMessage, at now: Timestamp) -> String? {
        switch only {
        case .negative where message.kind == .spike: return "it is no bad news"
        case .crisis where message.kind != .crisis: return "it is no crisis"
        default: break
        }
        if message.posts < minPosts { return "it has \(message.posts) posts, fewer than \(minPosts)" }
        var oldest = maxAge
        // That it is over is known only after three quiet hours, or windows: see `EpisodeMachine`.
        if message.event == .closed { oldest += .seconds(max(10_800, 3 * message.windowSeconds)) }
        let age = Duration.milliseconds(now.milliseconds - (message.endedAt ?? message.startedAt).milliseconds)
        return age > oldest ? "it was over \(age.components.seconds / 3600) hours ago" : nil
    }
}
