import NIOCore

/// Commands on their way to the server in one write, and who waits for the replies.
struct Request: Sendable {
    /// For the text of a timeout.
    let name: String
    let bytes: ByteBuffer
    let replies: Int
    /// How long the server may take; counted from the write.
    let patience: Duration
    let waiter = Waiter<[RedisValue]>()

    init(_ commands: [RedisCommand], patience: Duration) {
        name = commands.count == 1 ? commands[0].name : "\(commands.count) commands"
        replies = commands.count
        self.patience = patience
        var encoded = ByteBuffer()
        encoded.reserveCapacity(commands.reduce(0) { $0 + $1.size })
        for command in commands { command.encode(into: &encoded) }
        bytes = encoded
    }
}
