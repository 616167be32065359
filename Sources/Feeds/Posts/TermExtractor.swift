internal import Domain

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Finds hashtags and mentions in the text of a post whose source does not list them.
///
/// A mark counts only where no letter, digit, `_`, `&` or `/` stands before it, so addresses (`a@b.c`), links
/// (`…/@name`, `page#part`) and entities (`&#39;`) are none.
enum TermExtractor {
    /// Words behind `#` or `＃`: letters, marks, digits and `_` of any script, at least one no digit; folded, unique.
    static func hashtags(in text: String) -> [String] {
        var found: [String] = []
        let wide = marks("\u{FF03}", in: text)
        let narrow = marks("#", in: text)
        for mark in wide.isEmpty ? narrow : (narrow + wide).sorted() {
            guard found.count < FeedBounds.termsPerPost else { break }
            let scalars = text.unicodeScalars
            guard isBorder(scalars, before: mark) else { continue }
            let start = scalars.index(after: mark)
            var end = start
            var hasLetter = false
            while end < scalars.endIndex, isWord(scalars[end]) {
                hasLetter = hasLetter || !isDigit(scalars[end])
                end = scalars.index(after: end)
            }
            if hasLetter { append(String(scalars[start..<end]), to: &found) }
        }
        return found
    }

    /// Handles behind `@`, without it; folded, unique.
    ///
    /// Which characters a handle has depends on the platform.
    static func mentions(in text: String, platform: Platform) -> [String] {
        var found: [String] = []
        for mark in marks("@", in: text) {
            guard found.count < FeedBounds.termsPerPost else { break }
            let scalars = text.unicodeScalars
            guard isBorder(scalars, before: mark), !hasDot(scalars, before: mark) else { continue }
            let start = scalars.index(after: mark)
            let end = HandleRule(platform).end(of: scalars, from: start)
            if end > start { append(String(scalars[start..<end]), to: &found) }
        }
        return found
    }

    /// Whether a text says that it repeats another's post: the old way to do so, kept by archives.
    static func isRepost(_ text: String) -> Bool { text.utf8.starts(with: "RT @".utf8) }

    /// Adds a folded term unless it is there already.
    static func append(_ word: String, to terms: inout [String]) {
        let term = Folding.term(word)
        if !term.isEmpty, !terms.contains(term) { terms.append(term) }
    }

    /// Where a sign stands in the text.
    private static func marks(_ sign: StaticString, in text: String) -> [String.Index] {
        var text = text
        let first = Int32(sign.utf8Start[0])
        var places: [Int] = []
        text.withUTF8 { bytes in
            guard let start = bytes.baseAddress else { return }
            var at = 0
            while at < bytes.count, let found = memchr(start + at, first, bytes.count - at) {
                at = UnsafeRawPointer(found) - UnsafeRawPointer(start)
                if bytes.count - at >= sign.utf8CodeUnitCount,
                    memcmp(found, sign.utf8Start, sign.utf8CodeUnitCount) == 0
                {
                    places.append(at)
                }
                at += 1
            }
        }
        return places.map { text.utf8.index(text.startIndex, offsetBy: $0) }
    }

    private static func isBorder(_ scalars: String.UnicodeScalarView, before index: String.Index) -> Bool {
        guard index > scalars.startIndex else { return true }
        let scalar = scalars[scalars.index(before: index)]
        return !isWord(scalar) && scalar != "&" && scalar != "/" && scalar != "@" && scalar != "#"
    }

    private static func hasDot(_ scalars: String.UnicodeScalarView, before index: String.Index) -> Bool {
        index > scalars.startIndex && scalars[scalars.index(before: index)] == "."
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII ? scalar.value &- 0x30 < 10 : scalar.properties.generalCategory == .decimalNumber
    }

    /// Letters, marks, digits, `_` and the joiners that some scripts need within a word.
    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return HandleRule.isName(scalar) }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        case .nonspacingMark, .spacingMark: return true
        case .decimalNumber, .letterNumber: return true
        default: return scalar == "\u{200C}" || scalar == "\u{200D}"
        }
    }
}

/// Which characters a platform allows in a handle.
private struct HandleRule {
    private let allowsInner: (dot: Bool, dash: Bool, host: Bool)
    private let allowsAnyScript: Bool

    init(_ platform: Platform) {
        allowsAnyScript = platform == .youtube
        allowsInner =
            switch platform {
            case .bluesky: (dot: true, dash: true, host: false)
            case .mastodon: (dot: true, dash: true, host: true)
            case .instagram, .facebook: (dot: true, dash: false, host: false)
            case .youtube, .reddit: (dot: true, dash: true, host: false)
            case .x, .generic: (dot: false, dash: false, host: false)
            }
    }

    /// The end of the handle that starts at `start`; dots and dashes count only between two name characters.
    func end(of scalars: String.UnicodeScalarView, from start: String.Index) -> String.Index {
        var end = start
        var index = start
        var mayHaveHost = allowsInner.host
        while index < scalars.endIndex {
            let scalar = scalars[index]
            index = scalars.index(after: index)
            if Self.isName(scalar) || allowsAnyScript && TermExtractor.isWord(scalar) {
                end = index
                continue
            }
            guard end > start, scalars.index(after: end) == index, allows(scalar, &mayHaveHost) else { break }
        }
        return end
    }

    private func allows(_ scalar: Unicode.Scalar, _ mayHaveHost: inout Bool) -> Bool {
        switch scalar {
        case ".": return allowsInner.dot
        case "-": return allowsInner.dash
        case "@":
            defer { mayHaveHost = false }
            return mayHaveHost
        default: return false
        }
    }

    /// ASCII letters, digits and `_`.
    static func isName(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        return value &- 0x30 < 10 || value | 0x20 >= 0x61 && value | 0x20 <= 0x7A || value == 0x5F
    }
}
