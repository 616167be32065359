/// A Lua script that the server runs as one indivisible step.
///
/// Sent by its digest; the whole text travels only when the server does not know it yet. Every key that the script
/// touches must be passed as a key, and all must share one hash tag, so that it also runs on Redis Cluster.
package struct RedisScript: Sendable {
    /// For messages.
    package let name: String
    package let source: String
    /// SHA-1 of the source in lower-case hexadecimal, as `EVALSHA` wants it.
    package let digest: String

    package init(name: String, source: String) {
        self.name = name
        self.source = source
        digest = SHA1.hexDigest(of: Array(source.utf8))
    }

    func command(keys: [String], arguments: RedisWords, whole: Bool) -> RedisCommand {
        var command = RedisCommand(whole ? "EVAL" : "EVALSHA", whole ? source : digest, String(keys.count))
        for key in keys { command.append(key) }
        command.tail = arguments
        return command
    }
}
