internal import Dispatch

/// Runs an actor on a thread outside Swift's pool, so that a call that blocks holds up nobody else.
///
/// The pool has one thread per core; a few blocking calls on it would stall every task of the process.
final class ThreadExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
