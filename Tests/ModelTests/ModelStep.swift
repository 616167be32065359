import Harness

/// One step of a history of the whole queue: users, a coordinator, workers, reducers and accidents.
///
/// A value drawn before anything runs, so that a failing history can be played again and shortened. Jobs and leases are
/// named by handles, numbers taken modulo what is there when the step comes; a step without its object does nothing.
enum ModelStep: Sendable {
    enum ReducerEnd: Sendable, CaseIterable {
        case acknowledged, diedBeforeMerge, diedBeforeAcknowledgement
    }

    case submit(shards: Int, key: Int?)
    case pause(Int)
    case resume(Int)
    case cancel(Int)
    case retryDead(Int)

    case round
    /// Another coordinator takes the lead, and remembers nothing.
    case newCoordinator
    /// The pauses of all failed shards are over.
    case ripen

    case claim(worker: Int, max: Int)
    case beat(worker: Int, handles: [Int])
    case finish(worker: Int, handles: [Int])
    case fail(worker: Int, handle: Int, isPermanent: Bool)
    case handBack(worker: Int, handles: [Int])
    /// The n-th lease passes its term without a beat.
    case expire(Int)
    case reclaim(worker: Int, max: Int)

    case reduce(reducer: Int, max: Int, ReducerEnd)
    /// All results that reducers took and did not acknowledge pass their term.
    case expireResults
    case reclaimResults(reducer: Int, max: Int)

    case wipe
    /// Redis is killed and starts again, with its append-only file where it has one.
    case restart

    static let workers = 3
    static let reducers = 2

    static func history(seed: UInt64, steps: Int) -> [Self] {
        var random = Seeded(state: seed)
        return [.submit(shards: 5, key: nil), .round] + (2..<steps).map { _ in drawn(&random) }
    }

    private static func drawn(_ random: inout Seeded) -> Self {
        func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
        let handle = number(0..<1000)
        let worker = number(0..<workers)
        let handles = (0..<number(0..<5)).map { _ in number(0..<1000) }
        switch number(0..<1000) {
        case 0..<40: return .submit(shards: number(1..<7), key: Bool.random(using: &random) ? nil : number(0..<3))
        case 40..<200: return .round
        case 200..<370: return .claim(worker: worker, max: number(1..<6))
        case 370..<510: return .finish(worker: worker, handles: handles)
        case 510..<550: return .beat(worker: worker, handles: handles)
        case 550..<630: return .expire(handle)
        case 630..<710: return .reclaim(worker: worker, max: number(1..<4))
        case 710..<770: return .fail(worker: worker, handle: handle, isPermanent: number(0..<4) == 0)
        case 770..<795: return .handBack(worker: worker, handles: handles)
        case 795..<860: return .reduce(reducer: number(0..<reducers), max: number(1..<8), .acknowledged)
        case 860..<885:
            let end = number(0..<2) == 0 ? ReducerEnd.diedBeforeMerge : .diedBeforeAcknowledgement
            return .reduce(reducer: number(0..<reducers), max: number(1..<8), end)
        case 885..<900: return .expireResults
        case 900..<920: return .reclaimResults(reducer: number(0..<reducers), max: number(1..<8))
        case 920..<940: return .ripen
        case 940..<950: return .pause(handle)
        case 950..<965: return .resume(handle)
        case 965..<971: return .cancel(handle)
        case 971..<980: return .retryDead(handle)
        case 980..<988: return .newCoordinator
        case 988..<997: return .wipe
        default: return .restart
        }
    }
}
