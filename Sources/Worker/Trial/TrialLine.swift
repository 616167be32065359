internal import Glibc

/// One end of the socket between a worker and its trial process.
///
/// The worker's end never blocks longer than asked; the child's end does nothing but wait.
struct TrialLine: Sendable {
    let descriptor: Int32

    /// Two joined ends that no child inherits unless told so.
    ///
    /// `nil` when the system has none left.
    static func pair() -> (worker: TrialLine, child: Int32)? {
        var ends: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return nil }
        return (TrialLine(descriptor: ends[0]), ends[1])
    }

    func close() { _ = Glibc.close(descriptor) }

    /// Sends a frame, waiting while the other side is busy.
    ///
    /// - Parameter isCancelled: asked every tenth of a second while waiting.
    /// - Throws: `.ended` when nobody listens, or when cancelled.
    func send(_ frame: TrialFrame, isCancelled: () -> Bool = { false }) throws(TrialLineError) {
        let bytes = frame.bytes
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { part in
                Glibc.send(descriptor, part.baseAddress, part.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count >= 0 {
                sent += count
            } else if errno == EAGAIN {
                wait(for: Int16(POLLOUT))
                if isCancelled() { throw .ended }
            } else if errno != EINTR {
                throw .ended
            }
        }
    }

    /// Takes what is here into the buffer, or waits for it a tenth of a second.
    ///
    /// - Returns: whether anything came.
    /// - Throws: `.ended` when the other side is gone and all that it said was taken.
    func receive(into buffer: inout FrameBuffer, _ memory: inout [UInt8]) throws(TrialLineError) -> Bool {
        let count = memory.withUnsafeMutableBytes {
            recv(descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT))
        }
        if count > 0 {
            buffer.append(memory[..<count])
            return true
        }
        guard count < 0, errno == EAGAIN || errno == EINTR else { throw .ended }
        wait(for: Int16(POLLIN))
        return false
    }

    private func wait(for events: Int16) {
        var place = pollfd(fd: descriptor, events: events, revents: 0)
        _ = poll(&place, 1, 100)
    }

    /// Waits, for ever if need be, until the other side is gone.
    func waitForEnd() {
        var place = pollfd(fd: descriptor, events: 0, revents: 0)
        while poll(&place, 1, -1) < 0, errno == EINTR {}
    }
}
