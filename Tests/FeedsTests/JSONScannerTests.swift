import Domain
import Foundation
import Harness
import Testing

@testable import Feeds

/// A JSON value that can be compared.
private indirect enum Tree: Equatable {
    case null, bool(Bool), number(Double), text(String), list([Tree]), object([String: Tree])

    /// What Foundation reads.
    init?(foundation value: Any) {
        switch value {
        case is NSNull: self = .null
        case let text as String: self = .text(text.replacing("\0", with: "\u{FFFD}"))
        case let list as [Any]: self = .list(list.compactMap { Tree(foundation: $0) })
        case let object as [String: Any]:
            self = .object(
                Dictionary(
                    object.map { ($0.key.replacing("\0", with: "\u{FFFD}"), Tree(foundation: $0.value) ?? .null) },
                    uniquingKeysWith: { $1 }))
        case let number as NSNumber:
            self = CFBoolean.isBoolean(number) ? .bool(number.boolValue) : .number(number.doubleValue)
        default: return nil
        }
    }

    /// What our scanner reads.
    init(_ scanner: inout JSONScanner) throws(RecordFault) {
        switch scanner.peek() {
        case UInt8(ascii: "\""): self = .text(try scanner.text().string())
        case UInt8(ascii: "["):
            try scanner.open(UInt8(ascii: "["))
            var list: [Tree] = []
            var isFirst = true
            while try scanner.element(isFirst: &isFirst) { list.append(try Tree(&scanner)) }
            self = .list(list)
        case UInt8(ascii: "{"):
            try scanner.open(UInt8(ascii: "{"))
            var object: [String: Tree] = [:]
            var isFirst = true
            while let key = try scanner.key(isFirst: &isFirst) { object[try key.string()] = try Tree(&scanner) }
            self = .object(object)
        case UInt8(ascii: "n"):
            _ = try scanner.takeNull()
            self = .null
        default:
            if let bool = try scanner.takeBool() {
                self = .bool(bool)
            } else {
                self = .number(Double(try scanner.number().text) ?? .nan)
            }
        }
    }
}

private enum CFBoolean {
    static func isBoolean(_ number: NSNumber) -> Bool {
        number === NSNumber(value: true) || type(of: number) == Bool.self || String(cString: number.objCType) == "c"
    }
}

private func scan<Value>(_ bytes: [UInt8], _ body: (inout JSONScanner) throws -> Value) rethrows -> Value {
    var padded = bytes
    padded.append(0x0A)
    padded.append(contentsOf: Array(repeating: 0, count: FeedBounds.slackBytes))
    return try padded.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { preconditionFailure("an empty array with slack") }
        var scanner = JSONScanner(start, count: bytes.count)
        return try body(&scanner)
    }
}

private func scannedTree(_ bytes: [UInt8]) -> Tree? {
    scan(bytes) { scanner in
        guard let tree = try? Tree(&scanner), (try? scanner.end()) != nil else { return nil }
        return tree
    }
}

/// Whether skipping the value accepts it: it must check as much as reading.
private func isSkipped(_ bytes: [UInt8]) -> Bool {
    scan(bytes) { scanner in (try? scanner.skip()) != nil && (try? scanner.end()) != nil }
}

private func foundationTree(_ bytes: [UInt8]) -> Tree? {
    guard let value = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed) else {
        return nil
    }
    return Tree(foundation: value)
}

/// Foundation lets a comma stand before a closing bracket; JSON does not.
private func hasTrailingComma(_ bytes: [UInt8]) -> Bool {
    let text = bytes.filter { $0 != 0x20 }
    return zip(text, text.dropFirst()).contains {
        $0 == UInt8(ascii: ",") && ($1 == UInt8(ascii: "]") || $1 == UInt8(ascii: "}"))
    }
}

@Suite struct JSONScannerTests {
    @Test(arguments: [
        #"{"a":1,"b":[true,false,null],"c":{"d":"e"}}"#, #"  [ 1 , -2.5e3 , 0 , 1E+2 ]  "#, "{}", "[]", #""""#,
        #""\u0041\n\t\"\\\/\b\f\r \ud83d\ude00 \u00e9 \u20ac""#, #""plain é 😀 text that is longer than eight bytes""#,
        #"{"a\u0062c":1}"#, "12345678901234567890", "-0", "0.5", #"{"":{"":""}}"#, "\t\r true",
    ])
    func goodTextsReadAsFoundationReadsThem(text: String) throws {
        let bytes = Array(text.utf8)
        let tree = try #require(scannedTree(bytes), "\(text)")
        #expect(tree == foundationTree(bytes))
        #expect(isSkipped(bytes))
    }

    @Test(arguments: [
        "", " ", "{", "}", "[", "[1", "[1,]", "[,1]", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{a:1}"#, "01", "1.", ".5",
        "+1", "-", "1e", "nul", "truee", "tru", #""abc"#, #""\x""#, #""\u12g4""#, #""\ud800""#, #""\ud800x""#,
        #""\udc00""#, #""\ud800\u0041""#, "\"a\tb\"", "1 2", "[1 2]", #"{"a":1 "b":2}"#, "'a'", "NaN", "Infinity",
        #""\u123"#, #""\"#, #"{"a":"#, "//", "[1]x",
    ])
    func brokenTextsAreRefused(text: String) {
        let bytes = Array(text.utf8)
        #expect(scannedTree(bytes) == nil, "\(text)")
        #expect(!isSkipped(bytes), "\(text)")
        #expect(foundationTree(bytes) == nil || hasTrailingComma(bytes), "\(text)")
    }

    @Test(
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22],
            [0x22, 0xE2, 0x82, 0x22], [0x22, 0x61, 0x80, 0x22],
            [0x22, 0x5C, 0x6E, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0xC3, 0x22],
        ] as [[UInt8]])
    func stringsThatAreNoUTF8AreRefused(bytes: [UInt8]) {
        #expect(scannedTree(bytes) == nil)
        #expect(!isSkipped(bytes))
    }

    @Test func nestingIsBounded() {
        func nested(_ depth: Int) -> [UInt8] {
            Array(String(repeating: "[", count: depth).utf8) + Array(String(repeating: "]", count: depth).utf8)
        }
        #expect(isSkipped(nested(FeedBounds.nesting)))
        #expect(!isSkipped(nested(FeedBounds.nesting + 1)))
        #expect(!isSkipped(Array(String(repeating: "[", count: 1_000_000).utf8)))
    }

    @Test func theNULThatPostgreSQLCannotHoldIsReplaced() {
        #expect(scannedTree(Array(#""a\u0000b""#.utf8)) == .text("a\u{FFFD}b"))
    }

    @Test func wholeNumbersKeepTheirExactValue() throws {
        func integer(_ text: String) throws -> Int64? { try scan(Array(text.utf8)) { try $0.number().integer } }
        #expect(try integer("9223372036854775807") == .max)
        #expect(try integer("-9223372036854775808") == .min)
        #expect(try integer("9223372036854775808") == nil)
        #expect(try integer("1.0") == 1)
        #expect(try integer("12e2") == 1200)
        #expect(try integer("1.5") == nil)
        #expect(try integer("-7") == -7)
        #expect(try integer("1e300") == nil)
    }

    @Test(arguments: 0..<40) func mutatedTextsAreJudgedAsFoundationJudgesThem(seed: UInt64) {
        var random = Seeded(state: seed)
        let seeds = [
            #"{"id":"19","text":"é \ud83d\ude00 \u0041 \n","n":[1,-2.5,3e2,true,null],"o":{"a":{"b":[[]]}}}"#,
            postLine("7", extra: #","counts":{"likes":3},"hashtags":["a"],"x":[{"y":"😀"}]"#),
        ]
        let alphabet = Array(#"{}[]",:\u0eE+-.19tfnalsr "#.utf8) + [0x80, 0xC3, 0xE2, 0xF0, 0xFF, 0x1F, 0x7F]
        for _ in 0..<60 {
            var bytes = Array(seeds[Int.random(in: 0..<seeds.count, using: &random)].utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                guard !bytes.isEmpty else { break }
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(alphabet[Int.random(in: 0..<alphabet.count, using: &random)], at: place)
                default: bytes.removeSubrange(place...)
                }
            }
            let ours = scannedTree(bytes)
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(isSkipped(bytes) == (ours != nil), "seed \(seed): \(text)")
            #expect(ours == foundationTree(bytes) || hasTrailingComma(bytes), "seed \(seed): \(text)")
        }
    }

    @Test(arguments: 0..<20) func noBytesCrashTheReader(seed: UInt64) throws {
        var random = Seeded(state: seed)
        for _ in 0..<50 {
            let count = Int.random(in: 0..<400, using: &random)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            _ = try readText(bytes)
            _ = try readText(bytes, .jsonLines, mapping: SourceMapping(fields: ["id": "a.b"]))
        }
    }
}

@Suite struct KeyTableTests {
    @Test func keysOfAnyLengthAreToldApart() throws {
        let names =
            (0..<40).map { String(repeating: "k", count: $0) + "x" } + ["created_at", "created_as", "observed_at"]
        let table = KeyTable(names)
        func find(_ name: String) throws -> Int? {
            try scan(Array("\"\(name)\"".utf8)) { scanner in try table.find(try scanner.text()) }
        }
        for (index, name) in names.enumerated() { #expect(try find(name) == index) }
        for name in ["", "y", "created_a", "kkkkkkkkkkkkkkkkkkkkkkkky", "created_a\u{74}x"] {
            #expect(try find(name) == nil)
        }
        #expect(try find("created_\\u0061t") == 40)
    }
}
