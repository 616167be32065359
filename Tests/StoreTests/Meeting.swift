import Foundation

/// A place where threads wait until all have come, or until it is clear that one will not.
final class Meeting: @unchecked Sendable {  // Guarded by the condition, which is a lock.
    private let condition = NSCondition()
    private let expected: Int
    private var arrived = 0

    init(of expected: Int) { self.expected = expected }

    var isComplete: Bool { condition.withLock { arrived == expected } }

    func arrive(patience: TimeInterval = 20) {
        condition.withLock {
            arrived += 1
            condition.broadcast()
            let deadline = Date(timeIntervalSinceNow: patience)
            while arrived < expected, condition.wait(until: deadline) {}
        }
    }
}
