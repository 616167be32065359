import NIOCore

/// The words of a command or of a script's arguments, encoded as they are added.
///
/// Encoding at once keeps a batch of thousands of words in one buffer instead of thousands of arrays.
package struct RedisWords: Sendable {
    /// How many words were added.
    package private(set) var count = 0
    /// Each word as `$length CRLF bytes CRLF`.
    private(set) var encoded: [UInt8] = []

    package init() {}

    package mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append($0) }
    }

    package mutating func append(_ number: some BinaryInteger) { append(String(number)) }

    package mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBufferPointer { append($0) } }

    package mutating func reserve(bytes: Int) { encoded.reserveCapacity(encoded.count + bytes) }

    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        count += 1
        encoded.append(UInt8(ascii: "$"))
        encoded.append(decimal: bytes.count)
        encoded.append(contentsOf: bytes)
        encoded.append(contentsOf: [13, 10])
    }
}

/// One command for the server: its name and its arguments.
package struct RedisCommand: Sendable {
    /// For messages; arguments are never shown, they may be secret.
    package let name: String
    package var words = RedisWords()
    /// What comes behind the words, encoded before: a result of many megabytes is not copied into its command.
    var tail = RedisWords()

    package init(_ name: String, _ arguments: String...) {
        self.name = name
        words.append(name)
        for argument in arguments { words.append(argument) }
    }

    package mutating func append(_ text: String) { words.append(text) }

    package mutating func append(_ number: some BinaryInteger) { words.append(number) }

    package mutating func append(_ bytes: [UInt8]) { words.append(bytes) }

    /// Bytes on the wire, or a few more.
    var size: Int { words.encoded.count + tail.encoded.count + 24 }

    /// Writes the command behind `buffer` as RESP2.
    func encode(into buffer: inout ByteBuffer) {
        buffer.writeString("*\(words.count + tail.count)\r\n")
        buffer.writeBytes(words.encoded)
        buffer.writeBytes(tail.encoded)
    }
}

extension [UInt8] {
    /// Appends a number's digits and CRLF.
    fileprivate mutating func append(decimal number: Int) {
        append(contentsOf: String(number).utf8)
        append(contentsOf: [13, 10])
    }
}
