import Harness

/// One step of a history of a lane, drawn before anything runs.
///
/// A value, so that a failing history can be played again and shortened. It names leases by handles, numbers that are
/// taken modulo what its owner believes to hold then, so each step means something in every history.
enum QueueStep: Sendable {
    case enqueue(Int)
    case claim(owner: Int, max: Int)
    case beat(owner: Int, handles: [Int])
    /// The n-th lease, by entry, passes its term without a beat.
    case expire(Int)
    case reclaim(owner: Int, max: Int)
    case finish(owner: Int, handles: [Int])
    case acknowledge(owner: Int, handles: [Int])
    case release(owner: Int, handles: [Int])
    case reduce(owner: Int, max: Int)
    case wipe
    /// The server is killed and starts again without its data.
    case restart
    case heal

    static let owners = 3

    static func history(seed: UInt64, steps: Int) -> [Self] {
        var random = Seeded(state: seed)
        return (0..<steps).map { _ in Self(&random) }
    }

    private init(_ random: inout Seeded) {
        let owner = Int.random(in: 0..<Self.owners, using: &random)
        let handles = (0..<Int.random(in: 0...4, using: &random)).map { _ in Int.random(in: 0..<1000, using: &random) }
        switch Int.random(in: 0..<1000, using: &random) {
        case 0..<200: self = .enqueue(Int.random(in: 1...6, using: &random))
        case 200..<450: self = .claim(owner: owner, max: Int.random(in: 1...5, using: &random))
        case 450..<550: self = .beat(owner: owner, handles: handles)
        case 550..<630: self = .expire(Int.random(in: 0..<1000, using: &random))
        case 630..<710: self = .reclaim(owner: owner, max: Int.random(in: 1...3, using: &random))
        case 710..<830: self = .finish(owner: owner, handles: handles)
        case 830..<870: self = .acknowledge(owner: owner, handles: handles)
        case 870..<910: self = .release(owner: owner, handles: handles)
        case 910..<968: self = .reduce(owner: owner, max: Int.random(in: 1...6, using: &random))
        case 968..<978: self = .wipe
        case 978..<980: self = .restart
        default: self = .heal
        }
    }
}
