internal import Domain
internal import Postgres

/// A message that a deliverer has in hand.
package struct OutboxMessage: Equatable, Sendable {
    package var id: Int64
    /// This try, from 1.
    package var attempt: Int
    /// The same for every try.
    package var key: String
    package var event: String
    package var json: String
    /// Since when it may be sent.
    package var age: Duration

    package init(id: Int64, attempt: Int, key: String, event: String, json: String, age: Duration) {
        self.id = id
        self.attempt = attempt
        self.key = key
        self.event = event
        self.json = json
        self.age = age
    }
}

/// What waits for one channel.
package struct WaitingMessages: Equatable, Sendable {
    package var channel: String
    package var count: Int
    /// For how long the oldest could have been sent.
    package var oldest: Duration
}
