import Synchronization
import Testing

@testable import Worker

struct OutboxTests {
    @Test(.timeLimit(.minutes(1))) func everythingPutIsDrainedOnceBeforeTheEnd() async {
        let outbox = Outbox<Int>()
        let drained = Mutex<[Int]>([])
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await outbox.drain { batch in drained.withLock { $0 += batch } } }
            await withTaskGroup(of: Void.self) { writers in
                for number in 0..<1000 { writers.addTask { outbox.put(number) } }
            }
            outbox.close()
        }
        #expect(drained.withLock { $0.sorted() } == Array(0..<1000))
    }
}
