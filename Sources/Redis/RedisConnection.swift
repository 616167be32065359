import NIOCore
import NIOPosix
import NIOSSL

/// One logged-in connection.
///
/// It ends once and is then replaced, never mended.
struct RedisConnection: Sendable {
    private let channel: any Channel
    /// The server's number for this connection, for `CLIENT UNBLOCK`; `nil` where the user may not ask for it.
    let clientID: Int64?

    var isActive: Bool { channel.isActive }

    /// Sends the commands in one write and hands the replies to the request's waiter.
    func send(_ request: Request) {
        channel.writeAndFlush(request).whenFailure { error in
            request.waiter.complete(.failure(error as? RedisError ?? .connection("\(error)")))
        }
    }

    func close() { channel.close(promise: nil) }

    /// Calls back once when the connection has ended.
    func onClose(_ body: @escaping @Sendable () -> Void) { channel.closeFuture.whenComplete { _ in body() } }
}

extension RedisConnection {
    /// Connects, logs in, chooses the database and names the connection.
    static func open(_ url: RedisURL, name: String, patience: Duration) async throws(RedisError) -> Self {
        let bootstrap = try bootstrap(url, patience: patience)
        let channel: any Channel
        do {
            channel =
                switch url.endpoint {
                case .tcp(let host, let port): try await bootstrap.connect(host: host, port: port).get()
                case .unix(let path): try await bootstrap.connect(unixDomainSocketPath: path).get()
                }
        } catch {
            throw .connection("\(url): \(error)")
        }
        do {
            let identifier = try await logIn(Self(channel: channel, clientID: nil), url, name, patience)
            return Self(channel: channel, clientID: identifier)
        } catch {
            channel.close(promise: nil)
            guard case .connection(let reason) = error else { throw error }
            throw .connection("\(url): \(reason)")
        }
    }

    private static func bootstrap(_ url: RedisURL, patience: Duration) throws(RedisError) -> ClientBootstrap {
        let security = try url.tls.map { tls throws(RedisError) in try context(tls) }
        let server = url.serverName
        return ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(TimeAmount(patience))
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let security {
                        try pipeline.addHandler(NIOSSLClientHandler(context: security, serverHostname: server))
                    }
                    try pipeline.addHandler(RedisHandler())
                }
            }
    }

    /// Read anew for each connection, so that a renewed certificate is picked up.
    private static func context(_ tls: RedisURL.TLS) throws(RedisError) -> NIOSSLContext {
        do {
            var configuration = TLSConfiguration.makeClientConfiguration()
            if let file = tls.authorityFile { configuration.trustRoots = .file(file) }
            if let file = tls.certificateFile {
                configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(file).map { .certificate($0) }
            }
            if let file = tls.keyFile {
                configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: file, format: .pem))
            }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .connection("the TLS files cannot be used (\(error)); check ca, cert and key in the Redis URL")
        }
    }

    /// Never `HELLO 3`: hiredis 0.14 reads RESP2 only.
    private static func logIn(
        _ connection: Self, _ url: RedisURL, _ name: String, _ patience: Duration
    ) async throws(RedisError) -> Int64? {
        var commands: [RedisCommand] = []
        if let password = url.password {
            commands.append(
                url.user.map { RedisCommand("AUTH", $0, password) } ?? RedisCommand("AUTH", password))
        }
        if url.database != 0 { commands.append(RedisCommand("SELECT", String(url.database))) }
        // A user with few rights may lack these two; then only `CLIENT LIST` and prompt unblocking are poorer.
        commands += [RedisCommand("CLIENT", "SETNAME", name), RedisCommand("CLIENT", "ID")]
        let request = Request(commands, patience: patience)
        connection.send(request)
        let replies = try await request.waiter.value(shielded: true)
        for (command, reply) in zip(commands, replies) {
            guard let error = RedisError(reply: reply) else { continue }
            switch (command.name, error) {
            case ("AUTH", .server(_, let message)): throw .authentication(message)
            case ("CLIENT", .server("NOPERM", _)): continue
            default: throw error
            }
        }
        return replies.last?.integer
    }
}

extension RedisURL {
    /// The name to check the certificate against; addresses are checked without server name indication.
    fileprivate var serverName: String? {
        guard case .tcp(let host, _) = endpoint, (try? SocketAddress(ipAddress: host, port: 0)) == nil else {
            return nil
        }
        return host
    }
}
