internal import Glibc
internal import Store
internal import Synchronization

/// Ends this process by SIGKILL at a step of a merge, as a power cut would: for tests of what survives that.
///
/// `GROUNDSWELL_DIE_AT=committed:2` ends a reducer when it reaches its second commit.
package final class FaultPoint: Sendable {
    /// The steps of a merge, and the acknowledgement after them.
    package enum Step: String, CaseIterable, Sendable {
        case begun
        case ledgerWritten
        case rowsWritten
        case committed
        case acknowledged
    }

    /// A value that names no fault point.
    package struct Misspelt: Error, CustomStringConvertible {
        let text: String

        package var description: String {
            let steps = Step.allCases.map(\.rawValue).joined(separator: ", ")
            return "GROUNDSWELL_DIE_AT is '\(text)', but must be one of \(steps), or one with :N for the N-th time"
        }
    }

    let step: Step
    let turn: Int
    private let reached = Atomic(0)

    /// Reads `step` or `step:turn`; `nil` for no text.
    package init?(_ text: String?) throws(Misspelt) {
        guard let text else { return nil }
        let words = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let step = Step(rawValue: String(words[0])), words.count <= 2,
            let turn = words.count == 2 ? Int(words[1]) : 1, turn > 0
        else { throw Misspelt(text: text) }
        self.step = step
        self.turn = turn
    }

    func reach(_ step: Step) {
        guard step == self.step, reached.wrappingAdd(1, ordering: .relaxed).newValue == turn else { return }
        kill(getpid(), SIGKILL)
    }
}

extension FaultPoint.Step {
    init(_ step: MergeStep) {
        switch step {
        case .begun: self = .begun
        case .ledgerWritten: self = .ledgerWritten
        case .rowsWritten: self = .rowsWritten
        case .committed: self = .committed
        }
    }
}
