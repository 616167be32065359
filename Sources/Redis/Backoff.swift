/// How long to wait before the next attempt: exponential with full jitter.
///
/// Full jitter, since workers that lost the same server at the same moment must not return at the same moment.
package struct Backoff: Sendable {
    package let base: Duration
    package let limit: Duration
    private var failures = 0

    package init(base: Duration, limit: Duration) {
        self.base = base
        self.limit = limit
    }

    /// The pause after one more failure, drawn from 0 up to a ceiling that doubles until `limit`.
    package mutating func next(using random: inout some RandomNumberGenerator) -> Duration {
        let ceiling = min(limit, base * (1 << min(failures, 20)))
        failures += 1
        return ceiling * Double.random(in: 0...1, using: &random)
    }

    package mutating func next() -> Duration {
        var random = SystemRandomNumberGenerator()
        return next(using: &random)
    }

    package mutating func reset() { failures = 0 }
}
