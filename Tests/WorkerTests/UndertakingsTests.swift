import Foundation
import Glibc
import Synchronization
import Testing

@testable import Worker

struct UndertakingsTests {
    @Test(.timeLimit(.minutes(1))) func workThatIsGivenUpEndsWithoutItsValue() async {
        let threads = InferenceThreads(count: 1)
        defer { threads.stop() }
        let undertakings = Undertakings<Int>()
        #expect(await undertakings.value(on: threads) { 7 } == 7)
        let gate = DispatchSemaphore(value: 0)
        async let stuck = undertakings.value(on: threads) {
            gate.wait()
            return 8
        }
        async let behind = undertakings.value(on: threads) { 9 }
        try? await Task.sleep(for: .milliseconds(50))
        undertakings.giveUp()
        #expect(await stuck == nil)
        #expect(await behind == nil)
        #expect(await undertakings.value(on: threads) { 10 } == nil)
        gate.signal()
    }

    @Test(.timeLimit(.minutes(1))) func liveWorkDoesNotWaitForBulkWorkThatHasBegun() async {
        let bulk = InferenceThreads(count: 1)
        let live = InferenceThreads(count: 1, niceness: 0)
        defer {
            bulk.stop()
            live.stop()
        }
        let undertakings = Undertakings<Int32>()
        let isOver = Mutex(false)
        async let long = undertakings.value(on: bulk) {
            while !isOver.withLock({ $0 }) {}
            return getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
        }
        // It ends though the bulk thread is busy until after it.
        let own = await undertakings.value(on: live) { getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }
        isOver.withLock { $0 = true }
        let other = await long
        #expect((own ?? 99) < (other ?? 0))
    }
}
