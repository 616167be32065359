import Compression
import Harness
import Testing

struct ZstdFrameTests {
    @Test(arguments: [0, 1, 1000, 1_000_000]) func whatIsCompressedComesBack(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let frame = try ZstdFrame.compressed(bytes)
        #expect(try ZstdFrame.decompressed(frame, limit: count) == bytes)
        #expect(count < 1000 || frame.count < count / 2)
    }

    @Test func aFrameBeyondTheLimitIsRefused() throws {
        let frame = try ZstdFrame.compressed([UInt8](repeating: 1, count: 10_000))
        #expect(throws: CompressionError.tooLarge(limit: 9999)) { try ZstdFrame.decompressed(frame, limit: 9999) }
    }

    @Test(arguments: 0..<20) func damagedFramesNeverCrash(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let whole = try ZstdFrame.compressed((0..<5000).map { UInt8(truncatingIfNeeded: $0 * $0) })
        for _ in 0..<100 {
            var frame = Array(whole.prefix(Int.random(in: 0...whole.count, using: &random)))
            for _ in 0..<Int.random(in: 0...4, using: &random) where !frame.isEmpty {
                frame[Int.random(in: frame.indices, using: &random)] = .random(in: 0...255, using: &random)
            }
            // A flipped bit that changes nothing may pass; anything else is an error, and nothing is a crash.
            let result = Result { try ZstdFrame.decompressed(frame, limit: 1 << 20) }
            if frame == whole { #expect(throws: Never.self) { try result.get() } }
        }
    }
}
