/// How a deliverer behaves; the usual values suit all but tests.
package struct DeliverySettings: Sendable {
    /// How often a channel without anything to do is looked at: what it adds to the delay of an alert.
    package var look = Duration.seconds(1)
    /// Of one channel at a time; they are of different anomalies.
    package var together = 8
    /// For an answer; within the grace that a role has to end.
    package var patience = Duration.seconds(10)
    /// For so long nobody else gets a message that is in hand: more than a try takes at worst.
    package var lease = Duration.seconds(60)
    /// After the first failure; then it doubles.
    package var firstPause = Duration.seconds(5)
    package var longestPause = Duration.seconds(3600)
    /// What a receiver has not taken in this time is set aside: an alert of yesterday is no alert.
    package var life = Duration.seconds(86_400)
    /// More than `life` leaves room for, with these pauses: a bound where they are shorter.
    package var mostTries = 60
    /// Days for which what was delivered or set aside is kept.
    package var memoryDays = 90

    package init() {}
}
