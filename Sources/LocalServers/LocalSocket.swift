import Glibc

/// Blocking sockets, as far as asking a server whether it is there.
package enum LocalSocket {
    /// A port of 127.0.0.1 that nobody listens on now.
    ///
    /// Below those that the kernel gives to outgoing connections (from 32768 on by default), one of which might take it
    /// before the server does, or while the server is down.
    package static func freePort(besides taken: Int? = nil) throws(LocalServerError) -> Int {
        for _ in 0..<1000 {
            let port = Int.random(in: 16_000..<32_000)
            if port != taken, try isFree(port) { return port }
        }
        throw .fileTrouble(path: "127.0.0.1", reason: "no port is free")
    }

    private static func isFree(_ port: Int) throws(LocalServerError) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .fileTrouble(path: "socket", reason: reason(errno)) }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    /// Sends one request to a unix socket and returns the first bytes of the answer, or nil.
    static func ask(_ path: String, _ request: String) -> String? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        // A server that accepts but hangs must not hang us.
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let connected = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        let words = Array(request.utf8)
        guard connected == 0, send(descriptor, words, words.count, Int32(MSG_NOSIGNAL)) == words.count
        else { return nil }
        var answer = [UInt8](repeating: 0, count: 16_384)
        let count = recv(descriptor, &answer, answer.count, 0)
        return count > 0 ? String(decoding: answer[..<count], as: UTF8.self) : nil
    }
}
