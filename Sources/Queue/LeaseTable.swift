/// All leases that a worker holds, renewed together.
///
/// Pure, like the machines inside it; its size is bounded by what the worker claims.
package struct LeaseTable: Sendable {
    package typealias Instant = LeaseMachine.Instant

    private let profile: LeaseProfile
    private var rows: [EntryID: (lease: Lease, machine: LeaseMachine)] = [:]

    package init(profile: LeaseProfile) { self.profile = profile }

    package var count: Int { rows.count }

    /// What is held, the oldest first.
    package var leases: [Lease] { rows.values.map(\.lease).sorted { $0.entry < $1.entry } }

    package func contains(_ lease: Lease) -> Bool { rows[lease.entry]?.lease == lease }

    /// Takes new leases in.
    package mutating func hold(_ leases: [Lease], at moment: Instant) {
        for lease in leases { rows[lease.entry] = (lease, LeaseMachine(claimedAt: moment, profile: profile)) }
    }

    /// The leases to renew now, marked as sent.
    ///
    /// When one is due, those that are due soon go with it: one script run instead of many.
    package mutating func takeDue(at now: Instant) -> [Lease] {
        guard rows.values.contains(where: { $0.machine.action(at: now) == .beat }) else { return [] }
        let soon = now + profile.beat / 4
        let due = leases.filter { rows[$0.entry]?.machine.action(at: soon) == .beat }
        for lease in due { rows[lease.entry]?.machine.beatSent(at: now) }
        return due
    }

    /// Notes the server's answer to a beat: all that were sent are renewed but the lost, which leave the table.
    package mutating func settle(sent: [Lease], lost: [Lease], sentAt moment: Instant) {
        let gone = Set(lost.map(\.entry))
        for lease in sent where contains(lease) {
            if gone.contains(lease.entry) {
                rows[lease.entry] = nil
            } else {
                rows[lease.entry]?.machine.renewed(sentAt: moment)
            }
        }
    }

    /// Drops leases that were finished, acknowledged, handed back or refused.
    package mutating func end(_ leases: [Lease]) {
        for lease in leases where contains(lease) { rows[lease.entry] = nil }
    }

    /// When to ask ``takeDue(at:)`` again; `nil` while nothing is held.
    package func nextBeat(after now: Instant) -> Instant? {
        rows.values.lazy.compactMap { row in
            switch row.machine.action(at: now) {
            case .beat: now
            case .wait(let moment): moment
            case .rest: nil
            }
        }.min()
    }

    /// How many leases are past their term without the server's word.
    package func doubtful(at now: Instant) -> Int { rows.values.count { $0.machine.isDoubtful(at: now) } }
}
