import Domain
import Foundation
import Generator

/// Generated posts as lines, to be sent as posts of the present moment.
struct LivePosts {
    private let bytes: [UInt8]
    /// Where each line begins, and where the last ends.
    private let starts: [Int]
    let expected: ExpectedCounts

    private static let field = Array(#""created_at":""#.utf8)

    init(_ scenario: Scenario) {
        var generator = PostGenerator(scenario)
        var bytes: [UInt8] = []
        while generator.nextBlock({ bytes.append(contentsOf: $0) }) {}
        self.bytes = bytes
        starts = [0] + bytes.indices.filter { bytes[$0] == 0x0A }.map { $0 + 1 }
        expected = generator.expected
    }

    var count: Int { starts.count - 1 }

    /// Some lines, written now.
    func body(_ lines: Range<Int>) -> [UInt8] {
        var body: [UInt8] = []
        let now = Array(Date().formatted(.iso8601).utf8.prefix(19))
        for line in lines {
            let start = body.count
            body += bytes[starts[line]..<starts[line + 1]]
            guard let place = Self.field.place(in: body, from: start) else { continue }
            // Fractions of a second and the zone stay.
            body.replaceSubrange(place..<place + now.count, with: now)
        }
        return body
    }
}

extension [UInt8] {
    /// Where a text goes on behind the first place that holds these bytes.
    fileprivate func place(in text: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + count <= text.count {
            if text[index] == self[0], text[index..<index + count].elementsEqual(self) { return index + count }
            index += 1
        }
        return nil
    }
}
