/// Turns the bytes of a connection into replies, however the network cut them.
protocol ReplyParser: ~Copyable {
    mutating func feed(_ bytes: UnsafeRawBufferPointer) throws(RedisError)

    /// The next whole reply, or `nil` until more bytes are fed.
    ///
    /// Keeps its place inside a half-received reply: starting afresh for each segment of a long reply is quadratic.
    mutating func next() throws(RedisError) -> RedisValue?
}
