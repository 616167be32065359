package import Redis

/// Why a step of the queue did not happen.
package enum QueueError: Error, Equatable, Sendable {
    /// The lane's streams or groups are gone: Redis lost its data, or nobody prepared the lane yet. Only the
    /// coordinator can mend that; everybody else waits with growing pauses and tries again.
    case lost
    case redis(RedisError)
    /// The server is not fit to carry the queue; the text says what to change.
    case unsuitableServer(String)
    /// A reply of another shape than the script promises.
    case unexpectedReply(String)

    init(_ error: RedisError) {
        switch error {
        // UNBLOCKED ends a blocking read whose stream was deleted meanwhile.
        case .server("NOGROUP", _), .server("UNBLOCKED", _): self = .lost
        default: self = .redis(error)
        }
    }
}

extension QueueError {
    /// Whether the same step may succeed later without anybody's help.
    package var isTransient: Bool {
        switch self {
        case .lost: true
        case .redis(let error): error.isTransient
        case .unsuitableServer, .unexpectedReply: false
        }
    }

    package var isCancelled: Bool { self == .redis(.cancelled) }
}

extension QueueError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .lost: "the lane is missing in Redis; a running coordinator prepares it and sends the shards again"
        case .redis(let error): error.description
        case .unsuitableServer(let reason): "this Redis cannot carry the queue: \(reason)"
        case .unexpectedReply(let what): "Redis answered \(what) in an unknown form; do all processes run one version?"
        }
    }
}
