import Harness
import Sketches
import Testing

struct HostileBytesTests {
    @Test(
        arguments: [
            ([], SketchError.wrongLength(form: "of any kind", bytes: 0)),
            ([0x21, 0x8c, 0x7f], .unknownVersion(2)),
            ([0x11, 0x8b, 0x7f], .otherParameters(0x8b, 0x7f)),
            ([0x11, 0x8c, 0x3f], .otherParameters(0x8c, 0x3f)),
            ([0x10, 0x8c, 0x7f], .unknownForm(0)),
            ([0x15, 0x8c, 0x7f], .unknownForm(5)),
            ([0x11, 0x8c, 0x7f, 0], .wrongLength(form: "EMPTY", bytes: 4)),
            ([0x12, 0x8c, 0x7f], .wrongLength(form: "EXPLICIT", bytes: 3)),
            ([0x12, 0x8c, 0x7f, 1, 2, 3], .wrongLength(form: "EXPLICIT", bytes: 6)),
            ([0x12, 0x8c, 0x7f] + [UInt8](repeating: 7, count: 16), .disorder(form: "EXPLICIT")),
            ([0x12, 0x8c, 0x7f] + [UInt8](repeating: 7, count: 321 * 8), .wrongLength(form: "EXPLICIT", bytes: 2571)),
            ([0x13, 0x8c, 0x7f, 1], .wrongLength(form: "SPARSE", bytes: 4)),
            ([0x13, 0x8c, 0x7f, 0, 0, 0], .disorder(form: "SPARSE")),
            ([0x13, 0x8c, 0x7f] + [UInt8](repeating: 255, count: 20_000), .wrongLength(form: "SPARSE", bytes: 20_003)),
            ([0x14, 0x8c, 0x7f, 1], .wrongLength(form: "FULL", bytes: 4)),
        ] as [([UInt8], SketchError)])
    func brokenBytesAreRefusedWithTheReason(bytes: [UInt8], reason: SketchError) {
        #expect(throws: reason) { try HyperLogLog(bytes: bytes) }
    }

    @Test(arguments: 0..<50) func damagedBytesNeverCrash(seed: UInt64) {
        var random = Seeded(state: seed)
        let start = HyperLogLogTests.sketch("author", [0, 3, 200, 600, 2000][Int(seed % 5)]).bytes
        for _ in 0..<20 {
            var bytes = start
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                switch Int.random(in: 0..<3, using: &random) {
                case 0 where !bytes.isEmpty:
                    bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
                default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: bytes.count / 2)
                }
            }
            guard let sketch = try? HyperLogLog(bytes: bytes) else { continue }
            // Whatever is read is a whole sketch: it is written the same way again.
            #expect((try? HyperLogLog(bytes: sketch.bytes)) == sketch, "seed \(seed)")
        }
    }
}
