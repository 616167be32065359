import Domain
import Testing

@testable import Worker

struct TrialFrameTests {
    private static let frames: [TrialFrame] = [
        .request([1, 2, 3]), .payload([]), .reading(0), .reading(.max), .part(Array(repeating: 7, count: 100_000)),
        .done,
        .failed(.permanent, reason: "no such file: a b"), .failed(.transient, reason: ""),
    ]

    @Test(arguments: [1, 3, 4096, 1 << 20]) func framesComeWholeHoweverTheirBytesArrive(step: Int) throws {
        let bytes = Self.frames.flatMap(\.bytes)
        var buffer = FrameBuffer()
        var found: [TrialFrame] = []
        for start in stride(from: 0, to: bytes.count, by: step) {
            buffer.append(bytes[start..<min(start + step, bytes.count)])
            while let frame = try buffer.next() { found.append(frame) }
        }
        #expect(found == Self.frames)
    }

    @Test func bytesThatAreNoFramesAreRefused() {
        for bytes: [UInt8] in [[0, 0, 0, 0, 9], [255, 255, 255, 255, 2], [1, 0, 0, 0, 2, 5], [1, 0, 0, 0, 5, 65]] {
            var buffer = FrameBuffer()
            buffer.append(bytes)
            #expect(throws: TrialLineError.outOfStep, "\(bytes)") { try buffer.next() }
        }
    }

    @Test func aRequestSaysAllThatAShardNeeds() throws {
        let source = SourceDescription(
            place: .payload(name: "stdin"), format: .csv, compression: .zstd, columns: ["id", "text, \"x\""])
        let shard = ShardDescription(
            id: ShardID(job: JobID(rawValue: 3), index: 7), source: source, offset: 5, length: 1 << 40)
        let request = TrialRequest(
            shard, monitorYAML: "name: ü\n", models: "/models", submitted: Timestamp(seconds: 1_800_000_000),
            poison: [12: "poison: it took longer than 60 s"])
        let copy = try TrialRequest(encoded: request.encoded())
        #expect(copy == request)
        #expect(copy.shard == shard)
    }
}
