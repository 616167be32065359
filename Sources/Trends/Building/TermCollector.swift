internal import Domain

/// Finds the terms of posts and gives them numbers.
struct TermCollector: Sendable {
    /// Of each kind and post.
    ///
    /// No platform lets a post have more; a page full of tags is spam and would cost the others.
    static let limitPerPost = 64
    /// Keeps keys well inside the 2,704 bytes that an index entry of PostgreSQL may have; longer terms are left out.
    static let byteLimit = 255

    private var tables = [TextTable](repeating: TextTable(), count: TermKind.allCases.count)

    /// Bytes of all distinct terms.
    private(set) var bytes = 0

    /// Writes the numbers of the post's distinct terms to `numbers`.
    ///
    /// - Parameter reasons: words that made the post positive or negative.
    mutating func collect(
        hashtags: [String], mentions: [String], urls: [String], reasons: PostReasons?, into numbers: inout [UInt32]
    ) {
        numbers.removeAll(keepingCapacity: true)
        add(hashtags, .hashtag, to: &numbers)
        add(mentions, .mention, to: &numbers)
        if let reasons { add(reasons.words, reasons.isPraise ? .praise : .blame, to: &numbers) }
        let start = numbers.count
        for url in urls.prefix(Self.limitPerPost) {
            url.withBytes { url in
                guard let host = Self.host(of: url) else { return }
                withUnsafeTemporaryAllocation(byteCount: host.count, alignment: 1) { folded in
                    for (index, byte) in host.enumerated() {
                        folded[index] = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
                    }
                    add(UnsafeRawBufferPointer(folded), .domain, to: &numbers, from: start)
                }
            }
        }
    }

    func term(_ number: UInt32) -> (kind: TermKind, text: String) {
        let kind = TermKind(rawValue: UInt8(number & 7)) ?? .hashtag
        return (kind, tables[Int(kind.rawValue)].text(Int(number >> 3)))
    }

    private mutating func add(_ texts: [String], _ kind: TermKind, to numbers: inout [UInt32]) {
        let start = numbers.count
        for text in texts.prefix(Self.limitPerPost) {
            text.withBytes { add($0, kind, to: &numbers, from: start) }
        }
    }

    /// Notes a term unless the post had it already.
    private mutating func add(
        _ text: UnsafeRawBufferPointer, _ kind: TermKind, to numbers: inout [UInt32], from start: Int
    ) {
        // PostgreSQL's text cannot hold the byte 0.
        guard (1...Self.byteLimit).contains(text.count), !text.contains(0) else { return }
        let known = tables[Int(kind.rawValue)].count
        let index = tables[Int(kind.rawValue)].intern(text)
        if index == known { bytes += text.count }
        let number = UInt32(index) << 3 | UInt32(kind.rawValue)
        if !numbers[start...].contains(number) { numbers.append(number) }
    }

    /// The host of a URL without user, port and a leading `www.`; nil when there is none.
    static func host(of url: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard let colon = url.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        var rest = url[(colon + 1)...]
        guard rest.prefix(2).elementsEqual("//".utf8) else { return nil }
        rest = rest.dropFirst(2)
        rest = rest.prefix { !endsHost($0) }
        if let at = rest.lastIndex(of: UInt8(ascii: "@")) { rest = rest[(at + 1)...] }
        if let bracket = rest.lastIndex(of: UInt8(ascii: "]")) {
            // An IPv6 address, which has colons of its own.
            rest = rest[...bracket]
        } else if let port = rest.lastIndex(of: UInt8(ascii: ":")) {
            rest = rest[..<port]
        }
        if rest.count > 4, rest.prefix(4).elementsEqual("www.".utf8) { rest = rest.dropFirst(4) }
        return rest.isEmpty ? nil : UnsafeRawBufferPointer(rebasing: rest)
    }

    private static func endsHost(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "\\"): true
        default: false
        }
    }
}
