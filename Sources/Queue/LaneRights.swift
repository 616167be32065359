/// The least rights that each role needs in Redis, as words for `ACL SETUSER`.
///
/// Commands inside a script need the caller's rights too. Only the
/// coordinator can make or empty a lane.
package enum LaneRights: String, CaseIterable, Sendable {
    case coordinator, worker, reducer

    /// The rules for keys of one namespace and for commands.
    package func rules(namespace: String = "gs") -> [String] {
        ["~\(namespace):{*}:*"] + (Self.everybody + commands).map { "+\($0)" }
    }

    private static let everybody = [
        "ping", "info", "client|setname", "client|id", "client|unblock", "select", "eval", "evalsha", "exists",
        "xgroup|delconsumer", "xinfo|consumers",
    ]

    private var commands: [String] {
        switch self {
        case .coordinator:
            ["get", "set", "del", "time", "xadd", "xlen", "xpending", "xsetid", "xgroup|create"]
        case .worker:
            ["get", "set", "xlen", "xreadgroup", "xpending", "xclaim", "xautoclaim", "xadd", "xack", "xdel"]
        case .reducer:
            ["set", "xreadgroup", "xpending", "xautoclaim", "xack", "xdel"]
        }
    }
}
