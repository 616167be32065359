import Harness
import Testing

@testable import Redis

@Suite struct ReplyParserTests {
    @Test(arguments: 0..<40 as Range<UInt64>)
    func bothParsersReadWhatWasWrittenHoweverItIsCut(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let values = (0..<Int.random(in: 1...12, using: &random)).map { _ in Self.value(depth: 0, using: &random) }
        let bytes = values.flatMap { Self.encoded($0) }
        var hiredis = try HiredisParser()
        var oracle = ReplyOracle()
        let pieces = Self.pieces(of: bytes, using: &random)
        #expect(try Self.parse(pieces, with: &hiredis) == values, "seed \(seed)")
        #expect(try Self.parse(pieces, with: &oracle) == values, "seed \(seed)")
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func damagedBytesAreReadOrRefusedButNeverCrash(seed: UInt64) throws {
        var random = Seeded(state: seed)
        var bytes = (0..<4).flatMap { _ in Self.encoded(Self.value(depth: 0, using: &random)) }
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            // Never a digit: a huge length is a legal reply that has not come yet, and hiredis makes room for it.
            let place = Int.random(in: 0..<bytes.count, using: &random)
            bytes[place] = [0, 13, 10, 36, 42, 43, 45, 255].randomElement(using: &random) ?? 0
        }
        var parser = try HiredisParser()
        do {
            #expect(try Self.parse(Self.pieces(of: bytes, using: &random), with: &parser).count <= bytes.count)
        } catch let error as RedisError {
            guard case .protocolViolation = error else { throw error }
        }
    }

    @Test func aServerThatIsNoRedisIsRefused() throws {
        var parser = try HiredisParser()
        #expect(throws: RedisError.self) { try Self.parse([Array("HTTP/1.1 400 Bad Request\r\n".utf8)], with: &parser) }
    }

    @Test func aLongReplyInManyPiecesTakesLinearTime() throws {
        let count = 5000
        let bytes = Self.encoded(.array(Array(repeating: .bytes(Array("0123456789".utf8)), count: count)))
        var parser = try HiredisParser()
        var pieces: [[UInt8]] = []
        for start in stride(from: 0, to: bytes.count, by: 700) {
            pieces.append(Array(bytes[start..<min(bytes.count, start + 700)]))
        }
        let start = ContinuousClock.now
        #expect(try Self.parse(pieces, with: &parser).first?.array?.count == count)
        #expect(ContinuousClock.now - start < .seconds(2))
    }
}

extension ReplyParserTests {
    private static func value(depth: Int, using random: inout Seeded) -> RedisValue {
        // hiredis 0.14 nests at most seven arrays.
        switch Int.random(in: 0..<(depth < 6 ? 8 : 6), using: &random) {
        case 0: .status("OK \(UInt8.random(in: .min ... .max, using: &random))")
        case 1: .integer(Int64.random(in: .min ... .max, using: &random))
        case 2: .null
        case 3: .error("ERR number \(UInt8.random(in: .min ... .max, using: &random))")
        case 4: .bytes([])
        case 5:
            .bytes(
                (0..<Int.random(in: 0...300, using: &random)).map { _ in .random(in: .min ... .max, using: &random) })
        default:
            .array((0..<Int.random(in: 0...5, using: &random)).map { _ in value(depth: depth + 1, using: &random) })
        }
    }

    private static func encoded(_ value: RedisValue) -> [UInt8] {
        switch value {
        case .status(let text): Array("+\(text)\r\n".utf8)
        case .error(let text): Array("-\(text)\r\n".utf8)
        case .integer(let number): Array(":\(number)\r\n".utf8)
        case .null: Array("$-1\r\n".utf8)
        case .bytes(let bytes): Array("$\(bytes.count)\r\n".utf8) + bytes + [13, 10]
        case .array(let values): Array("*\(values.count)\r\n".utf8) + values.flatMap { encoded($0) }
        }
    }

    private static func pieces(of bytes: [UInt8], using random: inout Seeded) -> [[UInt8]] {
        let largest = [1, 2, 7, 100, 5000].randomElement(using: &random) ?? 1
        var pieces: [[UInt8]] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Int.random(in: 1...largest, using: &random))
            pieces.append(Array(bytes[start..<end]))
            start = end
        }
        return pieces
    }

    private static func parse(
        _ pieces: [[UInt8]], with parser: inout some ReplyParser & ~Copyable
    ) throws -> [RedisValue] {
        var values: [RedisValue] = []
        for piece in pieces {
            try piece.withUnsafeBytes { try parser.feed($0) }
            while let value = try parser.next() { values.append(value) }
        }
        return values
    }
}
