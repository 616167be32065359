import Testing

@testable import Queue

@Suite struct QuietStreamTests {
    private static let start = ContinuousClock.now

    @Test func afterALookThatFoundNoLeaseNothingIsAskedForATerm() {
        let stream = QuietStream()
        #expect(stream.mayHaveExpired(at: Self.start))
        stream.looked(at: Self.start, leases: 0, term: .seconds(15))
        #expect(!stream.mayHaveExpired(at: Self.start + .seconds(14)))
        #expect(stream.mayHaveExpired(at: Self.start + .seconds(15)))
        stream.looked(at: Self.start + .seconds(15), leases: 3, term: .seconds(15))
        #expect(stream.mayHaveExpired(at: Self.start + .seconds(15)))
    }

    @Test func aReadWaitsNoLongerThanToTheNextLook() {
        let stream = QuietStream()
        func patience(at seconds: Int) -> Duration {
            stream.patience(.seconds(5), sweep: .seconds(2), at: Self.start + .seconds(seconds))
        }
        #expect(patience(at: 0) == .seconds(5))
        stream.looked(at: Self.start, leases: 0, term: .seconds(15))
        #expect([0, 10, 12, 14, 20].map(patience) == [5, 5, 3, 2, 2].map { .seconds($0) })
        stream.looked(at: Self.start, leases: 1, term: .seconds(15))
        #expect(patience(at: 0) == .seconds(2))
    }
}
