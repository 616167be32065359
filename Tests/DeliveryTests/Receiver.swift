import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A real HTTP server that takes messages as a test wants, and remembers them.
final class Receiver: Sendable {
    /// What it does with a request.
    enum Reply: Sendable {
        case answer(Int, [String: String] = [:], String = "")
        /// Says nothing.
        case silence
        /// Ends the connection without an answer.
        case breakOff
    }

    struct Request: Sendable {
        var headers: [String: String]
        var body: [UInt8]
        var key: String { headers["idempotency-key"] ?? "" }
    }

    private let channel: any NIOCore.Channel
    private let state: State

    var port: Int { channel.localAddress?.port ?? 0 }
    var url: String { "http://127.0.0.1:\(port)/hook" }
    var requests: [Request] { state.requests.withLock { $0 } }

    /// Runs a test with a receiver.
    ///
    /// - Parameter reply: told the number of the request from 0, and the request.
    static func with(
        _ reply: @escaping @Sendable (Int, Request) -> Reply, body: (Receiver) async throws -> Void
    ) async throws {
        let receiver = try await Receiver(reply)
        do {
            try await body(receiver)
        } catch {
            try? await receiver.channel.close()
            throw error
        }
        try await receiver.channel.close()
    }

    private init(_ reply: @escaping @Sendable (Int, Request) -> Reply) async throws {
        let state = State(reply)
        self.state = state
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Conversation(state))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    private final class State: Sendable {
        let requests = Mutex<[Request]>([])
        private let reply: @Sendable (Int, Request) -> Reply

        init(_ reply: @escaping @Sendable (Int, Request) -> Reply) { self.reply = reply }

        func take(_ request: Request) -> Reply {
            let number = requests.withLock { requests in
                requests.append(request)
                return requests.count - 1
            }
            return reply(number, request)
        }
    }

    private final class Conversation: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let state: State
        private var request = Request(headers: [:], body: [])

        init(_ state: State) { self.state = state }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                request = Request(headers: [:], body: [])
                for (name, value) in head.headers { request.headers[name.lowercased()] = value }
            case .body(let buffer): request.body += Array(buffer.readableBytesView)
            case .end:
                switch state.take(request) {
                case .silence: return
                case .breakOff: context.close(promise: nil)
                case .answer(let status, let headers, let text):
                    var fields = HTTPHeaders(headers.map { ($0.key, $0.value) })
                    fields.add(name: "content-length", value: "\(text.utf8.count)")
                    let head = HTTPResponseHead(
                        version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: fields)
                    context.write(wrapOutboundOut(.head(head)), promise: nil)
                    context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
                    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
                }
            }
        }
    }
}
