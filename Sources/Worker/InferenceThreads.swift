internal import Foundation
internal import Glibc

/// Threads of their own for parsing and inference, so that leases, health checks and sockets never wait for a batch.
///
/// They run at a lower priority than the rest of the process: on two busy cores a timer on Swift's own pool came up to
/// half a second late next to inference, next to these threads a few milliseconds.
final class InferenceThreads: TaskExecutor {
    private let queue = JobQueue()

    /// - Parameter count: threads, one per core that may infer.
    init(count: Int) {
        for index in 0..<count {
            let thread = Thread { [self] in
                // On Linux a niceness belongs to a thread, and 0 names the caller.
                _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
                run()
            }
            thread.name = "infer-\(index)"
            thread.stackSize = 4 << 20
            thread.start()
        }
    }

    private static let niceness: Int32 = 5

    func enqueue(_ job: consuming ExecutorJob) {
        queue.push(UnownedJob(job))
    }

    /// Ends the threads once the queue is empty.
    func stop() { queue.close() }

    private func run() {
        while let job = queue.pop() { job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}

/// A blocking first-in first-out queue of jobs.
///
/// Unchecked: every access holds the condition's lock.
private final class JobQueue: @unchecked Sendable {
    private let condition = NSCondition()
    private var jobs: [UnownedJob] = []
    private var head = 0
    private var isClosed = false

    func push(_ job: UnownedJob) {
        condition.withLock {
            jobs.append(job)
            condition.signal()
        }
    }

    /// Waits for a job; `nil` when closed and empty.
    func pop() -> UnownedJob? {
        condition.withLock {
            while head == jobs.count && !isClosed { condition.wait() }
            guard head < jobs.count else { return nil }
            let job = jobs[head]
            head += 1
            if head == jobs.count {
                jobs.removeAll(keepingCapacity: true)
                head = 0
            }
            return job
        }
    }

    func close() {
        condition.withLock {
            isClosed = true
            condition.broadcast()
        }
    }
}
