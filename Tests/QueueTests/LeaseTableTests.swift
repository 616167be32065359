import Domain
import Harness
import Testing

@testable import Queue

@Suite struct LeaseTableTests {
    private static let start = ContinuousClock.now

    private static func lease(_ number: UInt64) -> Lease {
        Lease(
            entry: EntryID(milliseconds: 1, sequence: number),
            shard: ShardID(job: JobID(rawValue: 1), index: UInt32(number)), attempt: 1)
    }

    @Test func beatsThatAreDueSoonTravelTogether() {
        var table = LeaseTable(profile: .standard)
        table.hold([Self.lease(1)], at: Self.start)
        table.hold([Self.lease(2)], at: Self.start + .seconds(1))
        table.hold([Self.lease(3)], at: Self.start + .seconds(3))
        #expect(table.takeDue(at: Self.start + .seconds(4)) == [])
        #expect(table.nextBeat(after: Self.start) == Self.start + .seconds(5))
        #expect(table.takeDue(at: Self.start + .seconds(5)) == [Self.lease(1), Self.lease(2)])
        #expect(table.takeDue(at: Self.start + .seconds(5)) == [])
    }

    @Test func aLeaseEndedWhileItsBeatTravelsStaysEnded() {
        var table = LeaseTable(profile: .fast)
        table.hold([Self.lease(1), Self.lease(2)], at: Self.start)
        let sent = table.takeDue(at: Self.start + .seconds(1))
        table.end([Self.lease(1)])
        table.settle(sent: sent, lost: [], sentAt: Self.start + .seconds(1))
        #expect(table.leases == [Self.lease(2)])
    }

    /// A worker and an honest server: what beats in time is never in doubt, and what the server gave away leaves.
    @Test(arguments: 0..<10 as Range<UInt64>)
    func aBeatingWorkerIsNeverInDoubt(seed: UInt64) {
        var random = Seeded(state: seed)
        var table = LeaseTable(profile: .standard)
        var held: Set<EntryID> = []
        var now = Self.start
        var number: UInt64 = 0
        for _ in 0..<150 {
            now += .milliseconds(Int.random(in: 0...900, using: &random))
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                let leases = (0..<Int.random(in: 1...5, using: &random)).map { Self.lease(number + UInt64($0)) }
                number += UInt64(leases.count)
                table.hold(leases, at: now)
                held.formUnion(leases.map(\.entry))
            case 1:
                if let lease = table.leases.randomElement(using: &random) {
                    table.end([lease])
                    held.remove(lease.entry)
                }
            default: break
            }
            let due = table.takeDue(at: now)
            let lost = due.filter { _ in Int.random(in: 0..<20, using: &random) == 0 }
            // One answer in ten never comes.
            guard Int.random(in: 0..<10, using: &random) > 0 else { continue }
            table.settle(sent: due, lost: lost, sentAt: now)
            held.subtract(lost.map(\.entry))
            let next = table.nextBeat(after: now) ?? now
            guard Set(table.leases.map(\.entry)) == held, table.doubtful(at: now) == 0, next <= now + .seconds(5) else {
                Issue.record("seed \(seed): the table and the server disagree")
                return
            }
        }
    }
}
