internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A line between clients and one server that can be disturbed.
///
/// Listens on a free port of 127.0.0.1, without a password of its own: for tests. Every connection made between `start`
/// and the end of `run` is carried; after ``start(to:)`` call ``run()`` once, always.
package final class FaultProxy: Sendable {
    package enum Mode: Equatable, Sendable {
        case pass
        /// Every piece of data waits this long: a slow line.
        case delay(Duration)
        /// New connections are accepted, and nothing passes.
        case freeze
    }

    private typealias Stream = NIOAsyncChannel<ByteBuffer, ByteBuffer>
    private typealias Listener = NIOAsyncChannel<Stream, Never>
    private typealias Inbound = NIOAsyncChannelInboundStream<ByteBuffer>
    private typealias Outbound = NIOAsyncChannelOutboundWriter<ByteBuffer>

    private struct State {
        var mode = Mode.pass
        var links: [ObjectIdentifier: ProxyLink] = [:]
    }

    /// How often those who wait look whether they may go on.
    private static let look = Duration.milliseconds(10)

    package let port: Int
    private let server: ServerPlace
    private let listener: Listener
    private let state = Mutex(State())

    private init(listener: Listener, server: ServerPlace) {
        self.listener = listener
        self.server = server
        port = listener.channel.localAddress?.port ?? 0
    }

    package static func start(to server: ServerPlace) async throws -> FaultProxy {
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .bind(host: "127.0.0.1", port: 0, childChannelInitializer: stream)
        return FaultProxy(listener: listener, server: server)
    }

    /// Carries connections until cancelled.
    package func run() async {
        // Apart from the caller's cancellation, which would drop a connection between its acceptance and its carrying:
        // NIO ends the program when a stream is dropped unfinished.
        let carrying = Task {
            // A listener that was bound ends by being closed, so there is no error to tell.
            try? await listener.executeThenClose { clients in
                try await withThrowingDiscardingTaskGroup { group in
                    for try await client in clients { group.addTask { await self.carry(client) } }
                    group.cancelAll()
                }
            }
        }
        await withTaskCancellationHandler {
            await carrying.value
        } onCancel: {
            listener.channel.close(promise: nil)
        }
    }

    // MARK: Disturbance

    package func set(_ mode: Mode) { state.withLock { $0.mode = mode } }

    /// Ends every connection by a reset.
    package func cutAll() { for link in links { link.cut() } }

    /// Ends the answers of every connection; what clients send still arrives.
    package func halfCloseAll() { for link in links { link.halfClose() } }

    /// Closes the server's end of every connection, and does not tell the clients until ``heal()``.
    package func loseServers() { for link in links { link.loseServer() } }

    /// Resets the clients' end of every connection, and does not tell the server until ``heal()``.
    package func loseClients() { for link in links { link.loseClient() } }

    /// Lets everything pass again; whoever was not told that the other side is gone learns it now.
    package func heal() {
        set(.pass)
        for link in links { link.heal() }
    }

    package var connections: Int { links.count }

    private var links: [ProxyLink] { state.withLock { Array($0.links.values) } }

    // MARK: Carrying

    private static func stream(_ channel: any Channel) -> EventLoopFuture<Stream> {
        channel.eventLoop.makeCompletedFuture {
            try Stream(wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
        }
    }

    private func connect() async throws -> Stream {
        let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.allowRemoteHalfClosure, value: true)
        return switch server {
        case .unix(let path):
            try await bootstrap.connect(unixDomainSocketPath: path, channelInitializer: Self.stream)
        case .tcp(let host, let port):
            try await bootstrap.connect(host: host, port: port, channelInitializer: Self.stream)
        }
    }

    /// Carries one connection to its end, whichever side ends it.
    private func carry(_ client: Stream) async {
        try? await client.executeThenClose { requests, toClient in
            // Without its server a client's connection ends at once.
            let server = try await connect()
            try await server.executeThenClose { answers, toServer in
                let link = ProxyLink(client: client.channel, server: server.channel) { toClient.finish() }
                state.withLock { $0.links[ObjectIdentifier(link)] = link }
                defer { state.withLock { _ = $0.links.removeValue(forKey: ObjectIdentifier(link)) } }
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await self.pass(requests: requests, to: toServer, link) }
                    group.addTask { try await self.pass(answers: answers, to: toClient, link) }
                    // The first failure ends both directions.
                    for try await _ in group {}
                }
            }
        }
    }

    private func pass(requests: Inbound, to server: Outbound, _ link: ProxyLink) async throws {
        do {
            for try await bytes in requests {
                try await hold()
                do {
                    try await server.write(bytes)
                } catch {
                    // A client that is not told goes on sending into the void.
                    guard link.harm == .serverGone else { throw error }
                }
            }
        } catch {
            guard link.harm == .clientGone else { throw error }
        }
        while link.harm == .clientGone { try await Task.sleep(for: Self.look) }
        server.finish()
    }

    private func pass(answers: Inbound, to client: Outbound, _ link: ProxyLink) async throws {
        do {
            for try await bytes in answers {
                try await hold()
                if link.harm == .none { try await client.write(bytes) }
            }
        } catch {
            guard link.harm != .none else { throw error }
        }
        if link.harm != .serverGone { client.finish() }
    }

    /// Waits as the mode commands; looked up often, since a mode may end while data wait.
    private func hold() async throws {
        while true {
            switch state.withLock({ $0.mode }) {
            case .pass: return
            case .delay(let time): return try await Task.sleep(for: time)
            case .freeze: try await Task.sleep(for: Self.look)
            }
        }
    }
}
