import Foundation
import Glibc
import Synchronization

/// A small HTTP server of one file, with ranges; it can break off in the middle.
final class FileServer: Sendable {
    let port: Int
    private let listener: Int32
    private let body: [UInt8]
    private let takesRanges: Bool
    /// After how many bytes of the first answer the connection breaks.
    private let breaks: Mutex<Int?>
    private let asked = Mutex<[String]>([])

    /// The `Range` headers of the requests, "" where there was none.
    var ranges: [String] { asked.withLock { $0 } }

    init(_ body: [UInt8], breaksAfter: Int? = nil, takesRanges: Bool = true) throws {
        self.body = body
        self.takesRanges = takesRanges
        breaks = Mutex(breaksAfter)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { [listener] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread { [self] in serve() }.start()
    }

    /// Ends the server; a thread that waits for a client wakes up.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func serve() {
        while true {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { return }
            answer(client)
            close(client)
        }
    }

    private func answer(_ client: Int32) {
        var head: [UInt8] = []
        var byte: UInt8 = 0
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard read(client, &byte, 1) == 1 else { return }
            head.append(byte)
        }
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        let range =
            lines.first { $0.lowercased().hasPrefix("range:") }.map { $0.dropFirst(6).filter { $0 != " " } } ?? ""
        asked.withLock { $0.append(range) }
        let start = takesRanges ? Int(range.filter(\.isNumber)) ?? 0 : 0
        guard start < body.count || start == 0 else {
            return put("HTTP/1.1 416 No\r\nContent-Length: 0\r\n\r\n".utf8, client)
        }
        let rest = body[start...]
        let status =
            start > 0 ? "206 Part\r\nContent-Range: bytes \(start)-\(body.count - 1)/\(body.count)" : "200 OK"
        put("HTTP/1.1 \(status)\r\nContent-Length: \(rest.count)\r\nConnection: close\r\n\r\n".utf8, client)
        let limit = breaks.withLock { breaks in
            defer { breaks = nil }
            return breaks
        }
        put(rest.prefix(limit ?? rest.count), client)
    }

    private func put(_ bytes: some Sequence<UInt8>, _ client: Int32) {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
