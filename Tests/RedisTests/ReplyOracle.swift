@testable import Redis

/// RESP2 read by other means: keeps all bytes and a stack of half-filled arrays.
///
/// The oracle for hiredis.
struct ReplyOracle: ReplyParser {
    private struct Frame {
        var left: Int
        var values: [RedisValue] = []
    }

    private var buffer: [UInt8] = []
    private var position = 0
    private var stack: [Frame] = []
    private var ready: [RedisValue] = []

    mutating func feed(_ bytes: UnsafeRawBufferPointer) throws(RedisError) { buffer.append(contentsOf: bytes) }

    mutating func next() throws(RedisError) -> RedisValue? {
        while ready.isEmpty, try step() {}
        return ready.isEmpty ? nil : ready.removeFirst()
    }

    /// Reads one element; false when its bytes are not all there.
    private mutating func step() throws(RedisError) -> Bool {
        guard let end = lineEnd else { return false }
        let line = buffer[(position + 1)..<end]
        let text = String(decoding: line, as: UTF8.self)
        switch buffer[position] {
        case UInt8(ascii: "+"): accept(.status(text), end: end)
        case UInt8(ascii: "-"): accept(.error(text), end: end)
        case UInt8(ascii: ":"): accept(.integer(try number(text)), end: end)
        case UInt8(ascii: "$"):
            let length = Int(try number(text))
            if length < 0 {
                accept(.null, end: end)
            } else {
                guard buffer.count >= end + 4 + length else { return false }
                accept(.bytes(Array(buffer[(end + 2)..<(end + 2 + length)])), end: end + 2 + length)
            }
        case UInt8(ascii: "*"):
            let count = Int(try number(text))
            if count > 0 {
                stack.append(Frame(left: count))
                position = end + 2
            } else {
                accept(count < 0 ? .null : .array([]), end: end)
            }
        default: throw .protocolViolation("type \(buffer[position])")
        }
        return true
    }

    private func number(_ text: String) throws(RedisError) -> Int64 {
        guard let number = Int64(text) else { throw .protocolViolation("number \(text)") }
        return number
    }

    /// Where the line that begins at `position` ends, at its CR.
    private var lineEnd: Int? {
        guard position < buffer.count else { return nil }
        guard let end = buffer[position...].firstIndex(of: 13), end + 1 < buffer.count else { return nil }
        return end
    }

    private mutating func accept(_ value: RedisValue, end: Int) {
        position = end + 2
        var value = value
        while var frame = stack.popLast() {
            frame.values.append(value)
            frame.left -= 1
            if frame.left > 0 {
                stack.append(frame)
                return
            }
            value = .array(frame.values)
        }
        ready.append(value)
    }
}
