internal import CZlib

/// What gzip members inflate to, one after another.
///
/// A stream that ends early or breaks gives what came before, then `damage`. Zero bytes behind the last member are
/// padding (tapes, `dd`) and mean nothing.
final class GzipBytes: ByteSource {
    var name: String { source.name }
    private(set) var damage: String?

    private enum State { case betweenMembers, inMember, ended }

    private let source: any ByteSource
    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutableRawBufferPointer
    private var state = State.betweenMembers
    private var members = 0
    /// Whether the decoder may hold output that did not fit the last target.
    private var mayHoldOutput = false

    init(of source: any ByteSource) {
        self.source = source
        input = .allocate(byteCount: FeedBounds.blockBytes, alignment: 16)
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window and 16 for "gzip header wanted"; it fails only without memory.
        let code = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        if code != Z_OK { end("zlib has no memory") }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    func read(into target: UnsafeMutableRawBufferPointer) throws(FeedError) -> Int {
        stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(target.count)
        while stream.pointee.avail_out == UInt32(target.count), state != .ended {
            if stream.pointee.avail_in == 0, !mayHoldOutput, try !refill() { break }
            if state == .betweenMembers, !beginMember() { continue }
            inflateSome()
        }
        return target.count - Int(stream.pointee.avail_out)
    }

    /// Loads input; at its end closes the stream and gives `false`.
    private func refill() throws(FeedError) -> Bool {
        let count = try source.read(into: input)
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(count)
        if count > 0 { return true }
        end(state == .inMember || members == 0 ? source.damage ?? "the gzip stream ends early" : source.damage)
        return false
    }

    /// Skips padding and gives whether a member begins.
    private func beginMember() -> Bool {
        guard members > 0 else {
            state = .inMember
            members = 1
            return true
        }
        while stream.pointee.avail_in > 0, stream.pointee.next_in.pointee == 0 {
            stream.pointee.next_in += 1
            stream.pointee.avail_in -= 1
        }
        guard stream.pointee.avail_in > 0 else { return false }
        guard stream.pointee.next_in.pointee == 0x1F else {
            end("bytes that are no gzip follow the gzip stream")
            return false
        }
        inflateReset(stream)
        state = .inMember
        members += 1
        return true
    }

    private func inflateSome() {
        let code = inflate(stream, Z_NO_FLUSH)
        mayHoldOutput = code == Z_OK && stream.pointee.avail_out == 0
        switch code {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: state = .betweenMembers
        default:
            let message = stream.pointee.msg.map { String(cString: $0) } ?? "error \(code)"
            end("the gzip stream is corrupt (\(message))")
        }
    }

    private func end(_ reason: String?) {
        state = .ended
        damage = reason
    }
}
