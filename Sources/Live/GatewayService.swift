internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import Store
internal import Telemetry

/// The gateway role: takes posts over HTTP and keeps them as shards of a live job.
///
/// It holds nothing but requests that wait, so any number of them may run behind a balancer.
package struct GatewayService: Service {
    /// Where it listens.
    package struct Address: Sendable {
        package var host: String
        /// 0 for a free one.
        package var port: Int

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    /// A connection that says nothing for so long is closed: senders of a request a minute keep theirs.
    private static let idle = TimeAmount.seconds(75)
    /// How often the backlog is looked at: it cannot grow by more than a few batches meanwhile.
    private static let look = Duration.milliseconds(500)

    private let input: LiveInput
    private let address: Address
    private let token: BearerToken?
    private let listening: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - token: what senders must show; `nil` lets everybody in.
    ///   - listening: told the port.
    package init(
        input: LiveInput, address: Address, token: BearerToken?, listening: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.input = input
        self.address = address
        self.token = token
        self.listening = listening
    }

    /// Serves until graceful shutdown; every request that was taken in is answered.
    package func run() async throws {
        let metrics = LiveMetrics()
        let queue = PieceQueue(settings: input.settings)
        let pressure = Pressure(limit: input.settings.heldBytes)
        // The job is there, and the monitor's model known, before anybody sends.
        let job = try await input.job()
        input.logger.info("gateway is up", metadata: ["job": "\(job)", "monitor": "\(input.submission.monitor)"])
        try await withThrowingTaskGroup { group in
            group.addTask { await self.watchBacklog(pressure) }
            async let kept: Void = keep(queue, metrics)
            do {
                try await application(queue, pressure, metrics).run()
            } catch {
                queue.close()
                throw error
            }
            queue.close()
            await kept
            group.cancelAll()
        }
        input.logger.info("gateway is down")
    }

    private func keep(_ queue: PieceQueue, _ metrics: LiveMetrics) async {
        var keeper = GatewayKeeper(input: input, queue: queue, metrics: metrics)
        await keeper.run()
    }

    private func application(
        _ queue: PieceQueue, _ pressure: Pressure, _ metrics: LiveMetrics
    ) -> some ApplicationProtocol {
        let endpoint = PostsEndpoint(input: input, queue: queue, pressure: pressure, token: token, metrics: metrics)
        let router = Router()
        router.post("v1/posts") { request, _ in await endpoint.respond(to: request) }
        let listening = listening
        let port = address.port
        // The server's own log tells of connections at best, never of headers; what matters here is said by the endpoint.
        var quiet = input.logger
        quiet.logLevel = .error
        return Application(
            router: router, server: .http1(configuration: .init(idleTimeout: Self.idle)),
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: port),
                availableConnectionsDelegate: MaximumAvailableConnections(input.settings.connections)),
            onServerRunning: { channel in listening(channel.localAddress?.port ?? port) }, logger: quiet)
    }

    /// Refuses posts while the cluster does not keep up, until cancelled.
    private func watchBacklog(_ pressure: Pressure) async {
        let store = input.store.sibling()
        var backoff = Backoff()
        while !Task.isCancelled {
            do {
                // A job that was closed is followed by another when the next posts come, and not before.
                let job = try await store.liveJob(input.submission)
                let backlog = if let job { try await store.backlog(of: job) } else { 0 }
                pressure.note(isBehind: backlog > input.settings.backlog)
                backoff.reset()
                try await Task.sleep(for: Self.look)
            } catch {
                // Who keeps posts says what is wrong.
                await backoff.wait()
            }
        }
        await store.close()
    }
}
