/// Writes a post the way the deep model reads it: handles and links masked, emoji spelled out.
///
/// Handles become `@user` and links `http`, as in the texts that the model learned from; so a model cannot learn whom
/// to like, and equal posts to different people are read once. The base model's vocabulary has no emoji: each becomes
/// its Unicode name in words, at most three of one kind in a row.
package enum PlainWords {
    /// A post beyond this is not read: the design's bound on the analysed part.
    package static let byteLimit = 16_384
    private static let emojiLimit = 3

    package static func of(_ text: String) -> String { of(text) { _, _ in } }

    /// As `of`, with the places in both texts' bytes where one went on as the other, ascending.
    package static func places(of text: String) -> (plain: String, steps: [(plain: Int, text: Int)]) {
        var steps: [(plain: Int, text: Int)] = []
        let plain = of(text) { steps.append(($0, $1)) }
        return (plain, steps)
    }

    @inline(__always)
    private static func of(_ text: String, noting note: (_ plain: Int, _ text: Int) -> Void) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        var rest = Substring(text).unicodeScalars
        var isWordStart = true
        var last: Unicode.Scalar?
        var run = 0
        while let scalar = rest.first, result.utf8.count < byteLimit {
            note(result.utf8.count, text.utf8.distance(from: text.startIndex, to: rest.startIndex))
            if isWordStart, scalar == "@", let second = rest.dropFirst().first, isHandlePart(second) {
                rest = rest.dropFirst().drop(while: isHandlePart)
                result += "@user"
                isWordStart = false
                continue
            }
            if isWordStart, scalar == "h" || scalar == "w", isLink(rest) {
                rest = rest.drop { !$0.properties.isWhitespace }
                result += "http"
                isWordStart = false
                continue
            }
            rest.removeFirst()
            if scalar.value < 0x80 {
                result.unicodeScalars.append(scalar)
                isWordStart = !isHandlePart(scalar)
                last = nil
            } else if isPicture(scalar) {
                run = scalar == last ? run + 1 : 1
                last = scalar
                if run <= emojiLimit, let name = scalar.properties.name { result += " \(name.lowercased()) " }
                isWordStart = true
            } else if !isPictureModifier(scalar) {
                result.unicodeScalars.append(scalar)
                isWordStart = scalar.properties.isWhitespace
                last = nil
            }
        }
        return result
    }

    private static func isHandlePart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_": true
        default: false
        }
    }

    private static func isLink(_ text: Substring.UnicodeScalarView) -> Bool {
        ["http://", "https://", "www."].contains { text.starts(with: $0.unicodeScalars) }
    }

    private static func isPicture(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value > 0x2000 && scalar.properties.isEmoji && !isPictureModifier(scalar)
    }

    /// Variation selectors, skin tones and joiners, which change a picture's look and not its sense.
    private static func isPictureModifier(_ scalar: Unicode.Scalar) -> Bool {
        (0xFE00...0xFE0F).contains(scalar.value) || (0x1F3FB...0x1F3FF).contains(scalar.value)
            || scalar.value == 0x200D
    }
}
