import Synchronization
import Testing

@testable import Worker

struct OutboxTests {
    @Test(.timeLimit(.minutes(1))) func everythingPutIsDrainedOnceBeforeTheEnd() async {
        let outbox = Outbox<Int>()
        async let drained = Self.all(of: outbox)
        await withTaskGroup(of: Void.self) { writers in
            for number in 0..<1000 { writers.addTask { outbox.put(number) } }
        }
        outbox.close()
        #expect(await drained.sorted() == Array(0..<1000))
    }

    private static func all(of outbox: Outbox<Int>) async -> [Int] {
        let drained = Mutex<[Int]>([])
        await outbox.drain { batch in drained.withLock { $0 += batch } }
        return drained.withLock { $0 }
    }
}
