import Testing

@testable import Worker

struct ClaimSizeTests {
    @Test func nothingIsKnownAtFirstSoOneShardMoreThanThreadsIsHeld() {
        #expect(ClaimSize(settings: WorkerSettings(threads: 4)).capacity == 5)
    }

    @Test func longShardsAreClaimedOneByOneAndShortOnesInBatches() {
        var size = ClaimSize(settings: WorkerSettings(threads: 2))
        for _ in 0..<20 { size.observed(seconds: 30) }
        #expect(size.capacity == 3)
        for _ in 0..<60 { size.observed(seconds: 0.000_1) }
        #expect(size.capacity == 2 * WorkerSettings(threads: 2).heldPerThread)
        for _ in 0..<60 { size.observed(seconds: 0.05) }
        #expect(size.capacity == 20)
    }
}
