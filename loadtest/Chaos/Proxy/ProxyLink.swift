internal import Glibc
internal import NIOCore
internal import Synchronization

/// One client's connection through a proxy, with what has been done to it.
final class ProxyLink: Sendable {
    enum Harm: Equatable, Sendable {
        case none
        /// The client has seen the end of the answers.
        case answersEnded
        /// The server's end is closed; the client is not told.
        case serverGone
        /// The client's end is closed; the server is not told.
        case clientGone
    }

    private let client: any Channel
    private let server: any Channel
    private let endAnswers: @Sendable () -> Void
    private let state = Mutex(Harm.none)

    /// - Parameter endAnswers: closes the client's reading side.
    init(client: any Channel, server: any Channel, endAnswers: @escaping @Sendable () -> Void) {
        self.client = client
        self.server = server
        self.endAnswers = endAnswers
    }

    var harm: Harm { state.withLock { $0 } }

    /// Ends the connection by a reset, as a broken machine or a firewall would.
    func cut() {
        state.withLock { $0 = .none }
        resetClient()
        server.close(promise: nil)
    }

    func halfClose() {
        state.withLock { $0 = .answersEnded }
        endAnswers()
    }

    func loseServer() {
        state.withLock { $0 = .serverGone }
        server.close(promise: nil)
    }

    func loseClient() {
        state.withLock { $0 = .clientGone }
        resetClient()
    }

    func heal() {
        if harm == .serverGone || harm == .clientGone { cut() }
    }

    private func resetClient() {
        // Without lingering a close throws away what is unsent, and says so, on TCP.
        if let options = client as? any SocketOptionProvider {
            options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { [client] _ in
                client.close(promise: nil)
            }
        } else {
            client.close(promise: nil)
        }
    }
}
