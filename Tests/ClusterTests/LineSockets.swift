import Foundation
import Glibc
import Synchronization

/// A blocking TCP client that speaks in lines.
final class LineClient: Sendable {
    enum Event: Equatable {
        case line(String)
        /// The other side said that it is done.
        case closed
        case failed(Int32)
        /// Nothing came in time.
        case silent
    }

    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = loopback(port: port)
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, length) }
        }
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }

    deinit { close(descriptor) }

    func send(_ line: String) throws {
        let bytes = Array((line + "\n").utf8)
        guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
    }

    func ask(_ line: String) throws -> String {
        // The server may answer before all is sent; a thread of its own keeps a long line from blocking both.
        let sending = Thread { try? self.send(line) }
        sending.start()
        guard case .line(let answer) = read(within: .seconds(20)) else { throw POSIXError(.ETIMEDOUT) }
        return answer
    }

    /// What comes next, after lines that are passed over: the end, or a failure.
    func end() -> Event {
        while true {
            let event = read(within: .seconds(20))
            guard case .line = event else { return event }
        }
    }

    func read(within limit: Duration) -> Event {
        let microseconds = Int(limit / .microseconds(1))
        var patience = timeval(tv_sec: microseconds / 1_000_000, tv_usec: microseconds % 1_000_000)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count == 0 { return .closed }
            if count < 0 { return errno == EAGAIN ? .silent : .failed(errno) }
            bytes += buffer[..<count]
            if bytes.last == UInt8(ascii: "\n") { return .line(String(decoding: bytes.dropLast(), as: UTF8.self)) }
        }
    }
}

/// What a server has seen.
final class Heard: Sendable {
    private let state = Mutex<(bytes: [UInt8], ended: Int)>(([], 0))

    var lines: [String] {
        state.withLock { $0.bytes }.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Connections that are over.
    var ended: Int { state.withLock { $0.ended } }

    func add(_ bytes: ArraySlice<UInt8>) { state.withLock { $0.bytes += bytes } }

    func addEnd() { state.withLock { $0.ended += 1 } }
}

/// A TCP server on a free port of 127.0.0.1 that sends back what it gets, a thread for each connection.
final class EchoServer: Sendable {
    let port: Int
    private let descriptor: Int32

    init(_ heard: Heard) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        self.descriptor = descriptor
        var address = loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
                bind(descriptor, plain, length) == 0 && listen(descriptor, 16) == 0
                    ? getsockname(descriptor, plain, &length) : -1
            }
        }
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread {
            while true {
                let client = accept(descriptor, nil, nil)
                guard client >= 0 else {
                    close(descriptor)
                    return
                }
                Thread { Self.echo(client, heard) }.start()
            }
        }.start()
    }

    /// Connections that are open end by themselves.
    ///
    /// Wakes the accepting thread, which closes the socket: closed from here, its number could name another by then.
    func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    private static func echo(_ client: Int32, _ heard: Heard) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(client, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            heard.add(buffer[..<count])
            guard send(client, buffer, count, Int32(MSG_NOSIGNAL)) == count else { break }
        }
        close(client)
        heard.addEnd()
    }
}

private func loopback(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return address
}
