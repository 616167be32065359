/// A role process of the cluster under fire.
package enum ChaosMember: Hashable, Sendable {
    case coordinator(Int)
    case worker(Int)
    case reducer(Int)

    /// Two of each that stands by or shares work, and workers enough that one is always dying while two work.
    package static let all: [Self] =
        (1...2).map { .coordinator($0) } + (1...3).map { .worker($0) } + (1...2).map { .reducer($0) }

    package var name: String {
        switch self {
        case .coordinator(let number): "coordinator-\(number)"
        case .worker(let number): "worker-\(number)"
        case .reducer(let number): "reducer-\(number)"
        }
    }

    /// The words after `groundswell` that start it.
    var arguments: [String] {
        switch self {
        case .coordinator: ["coordinator", "--lease", "fast"]
        case .worker: ["worker", "--lease", "fast", "--threads", "1"]
        case .reducer: ["reduce", "--lease", "fast"]
        }
    }
}
