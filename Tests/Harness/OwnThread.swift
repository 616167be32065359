import Foundation

/// Runs blocking work away from Swift's few threads, which the other tests need.
///
/// Not on a queue of Dispatch: on Linux its threads are those of Swift's tasks, and a few blocked ones stall every test.
package func onOwnThread<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Swift.Result { try work() }) }.start()
    }
}
