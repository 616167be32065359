import Foundation
import Logging
import ServiceLifecycle
import Telemetry
import UnixSignals

/// Runs a role until SIGTERM or SIGINT, with its health and metrics endpoint beside it.
struct RoleRunner {
    let name: String
    let settings: Settings
    let logger: Logger
    private let metrics: MetricRegistry

    /// After a signal, how long a role may take to hand back its work before it is cut off.
    private static let grace = Duration.seconds(10)

    init(_ name: String, settings: Settings) throws {
        LogSetup.start(level: try settings.logLevel())
        metrics = MetricSetup.start()
        self.name = name
        self.settings = settings
        logger = Logger(label: "groundswell.\(name)")
    }

    func run(_ role: some Service, isReady: @escaping @Sendable () async -> Bool) async throws {
        var services: [any Service] = [role]
        if let port = try settings.healthPort() {
            services.append(
                HealthService(server: HealthServer(port: port, metrics: metrics, logger: logger, isReady: isReady)))
        }
        var configuration = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = Self.grace
        try await ServiceGroup(configuration: configuration).run()
    }
}

private struct HealthService: Service {
    let server: HealthServer

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await server.run() }
        } catch is CancellationError {
            // Told to end: an error here would cancel the role, which still has work to hand back.
        }
    }
}
