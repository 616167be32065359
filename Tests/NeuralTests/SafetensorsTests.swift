import Neural
import Testing

@Suite struct SafetensorsTests {
    /// A file of three tensors of different width, one of them empty, with metadata that needs escapes.
    static func sample() -> Safetensors {
        var file = Safetensors(metadata: ["format": "1", "note": "a \"quote\", a \\ and a\nnew line"])
        file.set("table.weight", shape: [2, 3], integers: [-127, -1, 0, 1, 2, 127])
        file.set("scale", shape: [2], floats: [0.5, -1.25])
        file.set("empty", shape: [0, 4], floats: [])
        return file
    }

    @Test func writtenBytesReadBackTheSame() throws {
        let file = Self.sample()
        let read = try Safetensors(bytes: file.bytes)
        #expect(read == file)
        #expect(read.bytes == file.bytes)
        #expect(try read.floats("scale", shape: [2]) == [0.5, -1.25])
        #expect(try read.integers("table.weight", shape: [2, 3]) == [-127, -1, 0, 1, 2, 127])
    }

    @Test func theDataBeginsOnAnEightByteBorder() {
        let bytes = Self.sample().bytes
        let length = bytes[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect(length % 8 == 0)
    }

    @Test func aTensorOfAnotherShapeOrTypeIsRefused() throws {
        let file = Self.sample()
        #expect(throws: SafetensorsError.self) { try file.floats("scale", shape: [3]) }
        #expect(throws: SafetensorsError.self) { try file.integers("scale", shape: [2]) }
        #expect(throws: SafetensorsError.missing(name: "absent")) { try file.floats("absent", shape: [2]) }
    }

    @Test(arguments: [Float.nan, .infinity]) func valuesThatAreNotFiniteAreRefused(value: Float) {
        var file = Safetensors()
        file.set("scale", shape: [1], floats: [value])
        #expect(throws: SafetensorsError.self) { try file.floats("scale", shape: [1]) }
    }

    /// Headers that lie, with eight bytes of data behind them.
    @Test(arguments: [
        "",
        "{",
        "[]",
        "{} {}",
        "{\"a\":{}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,9]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F99\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[999999999999999999999],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999,99999999999],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[1,1,1,1,1,1,1,1,8],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"more\":\"x\"}}",
        "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}",
        """
        {"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"a":{"dtype":"U8","shape":[0],"data_offsets":[8,8]}}
        """,
        """
        {"a":{"dtype":"U8","shape":[5],"data_offsets":[0,5]},"b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}
        """,
        """
        {"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}
        """,
        "{\"__metadata__\":{\"a\":{}},\"a\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]}}",
        "{\"\\u12\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]}}",
        "{\"\\u+123\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]}}",
        "{\"\\ud800\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]}}",
    ]) func aLyingHeaderIsRefused(header: String) {
        #expect(throws: SafetensorsError.self) { try Safetensors(bytes: Self.file(header)) }
    }

    @Test func anHonestHeaderOfAnotherWriterIsRead() throws {
        let header = " {\"b\" : {\"shape\":[ 2,2 ], \"data_offsets\":[0,8],\"dtype\":\"BF16\"}, \"__metadata__\":{}}  "
        let file = try Safetensors(bytes: Self.file(header))
        #expect(file.tensors["b"]?.shape == [2, 2])
        #expect(file.tensors["b"]?.type == .bfloat16)
    }

    @Test(arguments: [0, 7, 8, 100]) func aFileCutShortIsRefused(length: Int) {
        let bytes = Array(Self.sample().bytes.prefix(length))
        #expect(throws: SafetensorsError.self) { try Safetensors(bytes: bytes) }
    }

    @Test func aHeaderLengthBeyondAnyFileIsRefused() {
        let bytes = [UInt8](repeating: 0xFF, count: 8) + [UInt8](repeating: 0x20, count: 64)
        #expect(throws: SafetensorsError.self) { try Safetensors(bytes: bytes) }
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func mutatedFilesAreReadOrRefusedButNeverTrap(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let original = Self.sample().bytes
        var accepted = 0
        for _ in 0..<400 {
            var bytes = original
            for _ in 0...Int.random(in: 0..<4, using: &random) { Self.mutate(&bytes, using: &random) }
            guard let file = try? Safetensors(bytes: bytes) else { continue }
            accepted += 1
            let size = file.tensors.values.reduce(0) { $0 + $1.bytes.count }
            #expect(size <= bytes.count, "seed \(seed)")
            #expect(try Safetensors(bytes: file.bytes) == file, "seed \(seed)")
        }
        // Changes of the data alone are no error, so some files must pass.
        #expect(accepted > 0, "seed \(seed)")
    }

    private static func mutate(_ bytes: inout [UInt8], using random: inout SplitMix) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: bytes.removeLast(bytes.count - place)
        case 3: bytes.insert(contentsOf: Array("0123456789{}[]\",:".utf8).shuffled(using: &random).prefix(2), at: place)
        default: bytes.remove(at: place)
        }
    }

    private static func file(_ header: String) -> [UInt8] {
        let text = Array(header.utf8)
        return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> ($0 * 8)) } + text + [1, 2, 3, 4, 5, 6, 7, 8]
    }
}
