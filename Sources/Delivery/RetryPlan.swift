/// When a message that failed is tried again.
///
/// Pauses double, and each is drawn from its upper half, so that what failed together does not come back together.
struct RetryPlan {
    let settings: DeliverySettings

    /// - Parameters:
    ///   - attempt: that failed, from 1.
    ///   - age: since when it could be sent.
    ///   - asked: what the receiver asked for; it is not tried before that.
    /// - Returns: the pause; `nil` when the message is to be set aside.
    func pause(
        after attempt: Int, age: Duration, asked: Duration?, using random: inout some RandomNumberGenerator
    ) -> Duration? {
        guard attempt < settings.mostTries, age < settings.life else { return nil }
        let doubled = settings.firstPause * (1 << min(max(attempt - 1, 0), 20))
        let limit = min(doubled, settings.longestPause)
        let drawn = limit * Double.random(in: 0.5...1, using: &random)
        // A last try at the end of its life, whatever was asked.
        return min(max(drawn, asked ?? .zero), max(settings.life - age, drawn))
    }
}
