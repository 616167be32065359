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

    /// The name of the role's user in `cluster/users.acl`.
    package var user: String { "groundswell-\(rawValue)" }

    /// What stands in the list of users until an operator puts the password's SHA-256 there: Redis refuses to start with it.
    package var passwordPlaceholder: String { "#\(rawValue.uppercased())_PASSWORD_SHA256" }

    /// The list of users for `aclfile`: the operator, who may do everything, and a user for each role.
    package static var accessList: String {
        let roles = allCases.map { role in
            let rules = ["user", role.user, "on", role.passwordPlaceholder, "-@all"] + role.rules()
            return rules.joined(separator: " ") + "\n"
        }
        return "user default on #OPERATOR_PASSWORD_SHA256 ~* &* +@all\n" + roles.joined()
    }

    private static let everybody = [
        "ping", "info", "client|setname", "client|id", "client|unblock", "select", "eval", "evalsha", "exists",
        "xgroup|delconsumer", "xinfo|consumers", "cluster|slots", "asking",
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
