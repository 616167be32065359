import NIOCore

/// Gives each request its replies: the server answers in the order of the commands.
///
/// Lives on the channel's event loop. It never reconnects: that is the client's. Its queue holds one entry per waiting
/// task, so the number of tasks bounds it.
final class RedisHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Request
    typealias OutboundOut = ByteBuffer

    private struct Pending {
        let request: Request
        let deadline: NIODeadline
    }

    private var parser: HiredisParser
    private var pending = CircularBuffer<Pending>()
    /// The first request's replies so far.
    ///
    /// Not inside the queue, which would copy them for each one more.
    private var replies: [RedisValue] = []
    private var timer: (task: Scheduled<Void>, deadline: NIODeadline)?
    /// Why the connection is of no more use.
    private var failure: RedisError?

    init() throws(RedisError) { parser = try HiredisParser() }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let request = unwrapOutboundIn(data)
        if let failure {
            request.waiter.complete(.failure(failure))
            promise?.fail(failure)
            return
        }
        let deadline = NIODeadline.now() + TimeAmount(request.patience)
        pending.append(Pending(request: request, deadline: deadline))
        context.write(wrapOutboundOut(request.bytes), promise: promise)
        watch(deadline, context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard failure == nil else { return }
        do {
            try unwrapInboundIn(data).withUnsafeReadableBytes { bytes throws(RedisError) in try parser.feed(bytes) }
            while let reply = try parser.next() { try deliver(reply) }
        } catch {
            fail(context, error)
        }
    }

    private func deliver(_ reply: RedisValue) throws(RedisError) {
        guard let request = pending.first?.request else { throw .protocolViolation("a reply that nobody asked for") }
        if replies.isEmpty { replies.reserveCapacity(request.replies) }
        replies.append(reply)
        guard replies.count == request.replies else { return }
        pending.removeFirst()
        request.waiter.complete(.success(replies))
        replies = []
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(context, .connection("\(error)")) }

    func channelInactive(context: ChannelHandlerContext) {
        fail(context, .connection("the server closed the connection"))
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { fail(context, .connection("the connection was closed")) }

    /// Fails every waiter and closes: after a lost reply the order of the others means nothing.
    private func fail(_ context: ChannelHandlerContext, _ error: RedisError) {
        guard failure == nil else { return }
        failure = error
        timer?.task.cancel()
        for entry in pending { entry.request.waiter.complete(.failure(error)) }
        pending.removeAll()
        context.close(promise: nil)
    }

    /// One timer at a time watches the nearest deadline.
    ///
    /// It is not moved when a reply comes, only when it fires.
    private func watch(_ deadline: NIODeadline, _ context: ChannelHandlerContext) {
        if let timer {
            guard deadline < timer.deadline else { return }
            timer.task.cancel()
        }
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [self] in
            timer = nil
            let now = NIODeadline.now()
            if let late = pending.first(where: { $0.deadline <= now }) {
                late.request.waiter.complete(.failure(.timeout(late.request.name, after: late.request.patience)))
                fail(context, .connection("given up after a command without answer"))
            } else if let nearest = pending.lazy.map(\.deadline).min() {
                watch(nearest, context)
            }
        }
        timer = (task, deadline)
    }
}
