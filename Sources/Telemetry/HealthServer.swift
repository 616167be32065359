package import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Answers `/healthz` (the process is alive), `/readyz` (its servers answer) and `/metrics` over HTTP.
///
/// Liveness never asks Redis or PostgreSQL: an outage of theirs must not restart the whole fleet.
package struct HealthServer: Sendable {
    package let port: Int
    private let metrics: MetricRegistry
    private let isReady: @Sendable () async -> Bool
    private let logger: Logger

    /// - Parameters:
    ///   - port: TCP port on every interface, 0 for a free one.
    ///   - metrics: what `/metrics` shows.
    ///   - isReady: asked on each `/readyz`.
    package init(
        port: Int, metrics: MetricRegistry, logger: Logger, isReady: @escaping @Sendable () async -> Bool
    ) {
        self.port = port
        self.metrics = metrics
        self.logger = logger
        self.isReady = isReady
    }

    /// Serves until the task is cancelled.
    ///
    /// - Throws: when the port cannot be bound.
    package func run(listening: @Sendable (Int) -> Void = { _ in }) async throws {
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "0.0.0.0", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    return try NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>(
                        wrappingChannelSynchronously: channel)
                }
            }
        listening(server.channel.localAddress?.port ?? port)
        logger.debug("health endpoint is open", metadata: ["port": "\(server.channel.localAddress?.port ?? port)"])
        try await server.executeThenClose { clients in
            try await withThrowingDiscardingTaskGroup { group in
                for try await client in clients {
                    group.addTask { await answer(client) }
                }
            }
        }
    }

    private func answer(_ client: NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>) async {
        do {
            try await client.executeThenClose { requests, responses in
                for try await case .head(let head) in requests {
                    let (status, text) = await reply(to: head)
                    var headers = HTTPHeaders([
                        ("content-type", PrometheusText.contentType), ("content-length", "\(text.utf8.count)"),
                    ])
                    if !head.isKeepAlive { headers.add(name: "connection", value: "close") }
                    try await responses.write(.head(.init(version: head.version, status: status, headers: headers)))
                    try await responses.write(.body(.byteBuffer(ByteBuffer(string: text))))
                    try await responses.write(.end(nil))
                    if !head.isKeepAlive { return }
                }
            }
        } catch {
            logger.debug("health client went away", metadata: ["error": "\(error)"])
        }
    }

    private func reply(to head: HTTPRequestHead) async -> (HTTPResponseStatus, String) {
        guard head.method == .GET || head.method == .HEAD else { return (.methodNotAllowed, "use GET\n") }
        switch head.uri {
        case "/healthz": return (.ok, "alive\n")
        case "/readyz": return await isReady() ? (.ok, "ready\n") : (.serviceUnavailable, "not ready\n")
        case "/metrics": return (.ok, metrics.prometheusText())
        default: return (.notFound, "try /healthz, /readyz or /metrics\n")
        }
    }
}
