/// A token and the place in the text that it came from.
package struct SubwordPiece: Equatable, Sendable {
    package let id: Int32
    /// Where in the text's UTF-8; `nil` for a special token, which no text wrote.
    package let bytes: Range<Int>?

    package init(id: Int32, bytes: Range<Int>?) {
        self.id = id
        self.bytes = bytes
    }
}
