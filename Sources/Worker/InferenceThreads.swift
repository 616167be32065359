internal import Foundation
internal import Glibc

/// Threads of their own for parsing and inference, so that leases, health checks and sockets never wait for a batch.
///
/// On two busy cores a timer on Swift's own pool came up to half a second late next to inference, next to these threads a
/// few milliseconds. Each lane has threads of its own, so that a live shard never waits for a bulk shard to end: those of
/// the live lane run at the priority of the rest of the process, and the kernel takes a core from the others for them.
final class InferenceThreads: TaskExecutor {
    private let queue = JobQueue()

    /// The niceness of work that can wait: a quarter of a core's time next to work at 0.
    ///
    /// No more, since a worker is often not alone on its machine.
    static let backgroundNiceness: Int32 = 5

    /// - Parameters:
    ///   - count: threads, one per core that may infer.
    ///   - niceness: 0 is the usual priority, 19 the lowest.
    init(count: Int, name: String = "infer", niceness: Int32 = InferenceThreads.backgroundNiceness) {
        for index in 0..<count {
            let thread = Thread { [self] in
                Self.lower(by: niceness)
                run()
            }
            thread.name = "\(name)-\(index)"
            thread.stackSize = 4 << 20
            thread.start()
        }
    }

    /// Gives the calling thread a niceness.
    static func lower(by niceness: Int32) {
        // On Linux a niceness belongs to a thread, and 0 names the caller.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
    }

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
