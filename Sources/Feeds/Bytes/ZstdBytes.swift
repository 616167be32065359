internal import CZstd

/// What zstd frames decompress to, one after another.
///
/// A stream that ends early or breaks gives what came before, then `damage`. The window is bounded by the library's
/// default of 128 MiB, so `zstd --ultra --long=31` is refused.
final class ZstdBytes: ByteSource {
    var name: String { source.name }
    private(set) var damage: String?

    private let source: any ByteSource
    private let context: OpaquePointer?
    private let memory: UnsafeMutableRawBufferPointer
    private var input: ZSTD_inBuffer
    /// Whether the last call left a frame unfinished.
    private var inFrame = false
    private var frames = 0
    /// Whether the decoder may hold output that did not fit the last target.
    private var mayHoldOutput = false
    private var ended = false

    init(of source: any ByteSource) {
        self.source = source
        context = ZSTD_createDStream()
        memory = .allocate(byteCount: FeedBounds.blockBytes, alignment: 16)
        input = ZSTD_inBuffer(src: UnsafeRawPointer(memory.baseAddress), size: 0, pos: 0)
    }

    deinit {
        ZSTD_freeDStream(context)
        memory.deallocate()
    }

    func read(into target: UnsafeMutableRawBufferPointer) throws(FeedError) -> Int {
        var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        while output.pos == 0, !ended {
            if input.pos == input.size, !mayHoldOutput, try !refill() { break }
            step(&output)
        }
        return output.pos
    }

    private func step(_ output: inout ZSTD_outBuffer) {
        let code = ZSTD_decompressStream(context, &output, &input)
        guard ZSTD_isError(code) == 0 else {
            return end("the zstd stream is corrupt (\(String(cString: ZSTD_getErrorName(code))))")
        }
        inFrame = code != 0
        if code == 0 { frames += 1 }
        mayHoldOutput = inFrame && output.pos == output.size
    }

    /// Loads input; at its end closes the stream and gives `false`.
    private func refill() throws(FeedError) -> Bool {
        let count = try source.read(into: memory)
        input = ZSTD_inBuffer(src: UnsafeRawPointer(memory.baseAddress), size: count, pos: 0)
        if count > 0 { return true }
        end(inFrame || frames == 0 ? source.damage ?? "the zstd stream ends early" : source.damage)
        return false
    }

    private func end(_ reason: String?) {
        ended = true
        damage = reason
    }
}
