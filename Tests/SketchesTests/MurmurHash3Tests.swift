import Sketches
import Testing

struct MurmurHash3Tests {
    /// The check of the reference implementation: hashes of 256 keys under 256 seeds, hashed together.
    @Test func theReferenceVerificationValueIsReached() {
        var hashes: [UInt8] = []
        for length in 0..<256 {
            let key = (0..<length).map { UInt8($0) }
            hashes += Self.hash(key, seed: UInt32(256 - length))
        }
        let verification = Self.hash(hashes, seed: 0).prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        #expect(verification == 0x6384_ba69)
    }

    /// Published vectors: both halves, seed 0.
    @Test(arguments: [
        ("The quick brown fox jumps over the lazy dog", UInt64(0xe34b_bc7b_bc07_1b6c), UInt64(0x7a43_3ca9_c49a_9347)),
        ("", 0, 0),
    ])
    func publishedVectorsAgree(text: String, low: UInt64, high: UInt64) {
        let hash = Array(text.utf8).withUnsafeBytes { MurmurHash3.hash128($0) }
        #expect(hash.low == low)
        #expect(hash.high == high)
        #expect(MurmurHash3.hash64(text) == low)
    }

    /// What `hll_hash_text` of the extension, version 2.17, gives.
    @Test(arguments: [
        ("", Int64(0)),
        ("a", -8_839_064_797_231_613_815),
        ("hello", -3_758_069_500_696_749_310),
        ("twelve bytes", -2_369_322_320_047_631_843),
        ("exactly 16 byte!", -2_241_246_258_305_133_689),
        ("seventeen bytes!!", 5_274_357_827_061_510_582),
        ("Grüße 🌊 from the sea, with more than thirty-two bytes", 7_010_374_367_612_228_710),
    ])
    func textHashesEqualThoseOfTheExtension(text: String, hash: Int64) {
        #expect(Int64(bitPattern: MurmurHash3.hash64(text)) == hash)
    }

    @Test func theSeedCounts() {
        let hash = Array("hello".utf8).withUnsafeBytes { MurmurHash3.hash128($0, seed: 42).low }
        #expect(Int64(bitPattern: hash) == -4_271_466_569_069_007_096)
    }

    private static func hash(_ bytes: [UInt8], seed: UInt32) -> [UInt8] {
        let hash = bytes.withUnsafeBytes { MurmurHash3.hash128($0, seed: seed) }
        return [hash.low, hash.high].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (8 * $0)) } }
    }
}
