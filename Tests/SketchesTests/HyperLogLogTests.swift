import Harness
import Sketches
import Testing

/// The expected values come from the `hll` extension 2.17 on PostgreSQL 15: sets of `hll_hash_text('author-' || i)`,
/// the bytes hashed with `hll_hash_bytea`.
struct HyperLogLogTests {
    struct Reference: Sendable {
        var first: Int
        /// Members named `other-` in a sketch of their own.
        var second = 0
        var form: UInt8
        var length: Int
        var hash: Int64
        var cardinality: Double
    }

    @Test(arguments: [
        Reference(first: 1, form: 2, length: 11, hash: 389_828_536_489_466_381, cardinality: 1),
        Reference(first: 2, form: 2, length: 19, hash: -5_882_838_848_539_483_287, cardinality: 2),
        Reference(first: 3, form: 2, length: 27, hash: -4_420_495_031_745_638_688, cardinality: 3),
        Reference(first: 50, form: 2, length: 403, hash: -2_552_819_502_582_467_104, cardinality: 50),
        Reference(first: 320, form: 2, length: 2563, hash: 8_881_494_765_451_595_647, cardinality: 320),
        Reference(first: 321, form: 3, length: 658, hash: 1_421_340_305_584_688_278, cardinality: 320.19543004518306),
        Reference(first: 1000, form: 3, length: 1916, hash: 6_501_852_504_876_060_740, cardinality: 1016.262081876699),
        Reference(first: 1400, form: 3, length: 2553, hash: 2_600_208_530_331_802_846, cardinality: 1420.0029725234654),
        Reference(
            first: 1425, form: 4, length: 2563, hash: -5_071_751_909_770_338_743, cardinality: 1441.2735759762031),
        Reference(
            first: 5000, form: 4, length: 2563, hash: -8_461_492_936_679_841_861, cardinality: 5056.0135950092235),
        Reference(
            first: 20_000, form: 4, length: 2563, hash: 7_504_706_511_981_743_191, cardinality: 19718.273856462736),
        Reference(
            first: 100_000, form: 4, length: 2563, hash: -1_402_688_400_366_425_045, cardinality: 100595.41890521914),
        Reference(first: 100, second: 200, form: 2, length: 2403, hash: -5_192_637_569_380_948_279, cardinality: 300),
        Reference(first: 160, second: 160, form: 2, length: 2563, hash: 7_035_039_994_321_807_188, cardinality: 320),
        Reference(
            first: 160, second: 161, form: 3, length: 658, hash: -332_010_616_295_102_748,
            cardinality: 320.19543004518306),
        Reference(
            first: 10, second: 1000, form: 3, length: 1910, hash: 8_385_424_270_355_294_797,
            cardinality: 1012.4190792492059),
        Reference(
            first: 1000, second: 10, form: 3, length: 1935, hash: 1_969_263_662_090_300_606,
            cardinality: 1027.8127710290216),
        Reference(
            first: 900, second: 900, form: 4, length: 2563, hash: 3_017_635_412_274_291_416,
            cardinality: 1816.1964727888385),
        Reference(
            first: 30_000, second: 10, form: 4, length: 2563, hash: -3_003_277_833_981_142_629,
            cardinality: 29858.376093375235),
    ])
    func bytesAndCardinalityEqualThoseOfTheExtension(reference: Reference) throws {
        var sketch = Self.sketch("author", reference.first)
        sketch.merge(Self.sketch("other", reference.second))
        let bytes = sketch.bytes
        #expect(bytes[0] == 0x10 | reference.form)
        #expect(bytes.count == reference.length)
        #expect(Int64(bitPattern: bytes.withUnsafeBytes { MurmurHash3.hash128($0).low }) == reference.hash)
        #expect(sketch.cardinality == reference.cardinality)
        #expect(try HyperLogLog(bytes: bytes) == sketch)
    }

    @Test func threeAuthorsAreTheseBytes() {
        let hex = Self.sketch("author", 3).bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        #expect(hex.joined() == "128c7f89eefb609639f2c7f5101a6d381faad03d8bee4af3328742")
    }

    @Test func anEmptySketchIsThreeBytes() throws {
        #expect(HyperLogLog().bytes == [0x11, 0x8c, 0x7f])
        #expect(HyperLogLog().isEmpty)
        #expect(HyperLogLog().cardinality == 0)
        #expect(try HyperLogLog(bytes: [0x11, 0x8c, 0x7f]) == HyperLogLog())
    }

    /// `hll_cardinality` of registers full enough for the correction of a crowded hash space.
    @Test func aCrowdedSketchIsCorrectedAsInSQL() throws {
        let pattern: [UInt8] = [0xf7, 0xbd, 0xef, 0x7b, 0xde]
        let crowded: [UInt8] = [0x14, 0x8c, 0x7f] + (0..<2560).map { pattern[$0 % 5] }
        #expect(try HyperLogLog(bytes: crowded).cardinality == 5_616_032_637_447.861)
        let full = [0x14, 0x8c, 0x7f] + [UInt8](repeating: 0xff, count: 2560)
        #expect(try HyperLogLog(bytes: full).cardinality.isNaN)
    }

    @Test(arguments: 0..<50) func orderAndGroupingNeverMatter(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let count = [0, 5, 300, 330, 700, 3000][Int(seed % 6)]
        let hashes = (0..<count).map { _ in random.next() >> (random.next() % 3 * 20) }
        var whole = HyperLogLog()
        for hash in hashes { whole.insert(hash: hash) }
        var parts = (0..<5).map { _ in HyperLogLog() }
        for hash in (hashes + hashes.prefix(count / 3)).shuffled(using: &random) {
            parts[Int.random(in: 0..<5, using: &random)].insert(hash: hash)
        }
        parts.shuffle(using: &random)
        var left = HyperLogLog()
        for part in parts { left.merge(part) }
        var right = parts[4]
        for part in parts.prefix(4).reversed() {
            var sum = part
            sum.merge(right)
            right = sum
        }
        var twice = left
        twice.merge(right)
        #expect(left == whole, "seed \(seed)")
        #expect(right == whole, "seed \(seed)")
        #expect(twice == whole, "seed \(seed)")
        #expect(left.bytes == whole.bytes, "seed \(seed)")
        #expect(try HyperLogLog(bytes: whole.bytes) == whole, "seed \(seed)")
    }

    static func sketch(_ name: String, _ count: Int) -> HyperLogLog {
        var sketch = HyperLogLog()
        for index in 0..<count { sketch.insert(hash: MurmurHash3.hash64("\(name)-\(index + 1)")) }
        return sketch
    }
}
