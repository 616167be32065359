/// The steps that a file puts before a unigram model.
struct UnigramNormalizer: Sendable {
    enum Step: Sendable {
        case charsmap(Charsmap)
        /// Puts one string in the place of two spaces and more.
        case collapseSpaces(to: [UInt8])
        case strip(left: Bool, right: Bool)
    }

    let steps: [Step]

    func callAsFunction(_ text: Span<UInt8>) -> OriginText {
        var form = OriginText()
        form.reserveCapacity(text.count + 8)
        var position = 0
        while position < text.count {
            let start = position
            let end = text.end(ofScalarAt: position)
            while position < end {
                form.append(text[position], from: start, to: end)
                position += 1
            }
        }
        for step in steps {
            switch step {
            case .charsmap(let charsmap): form = replaced(form, charsmap)
            case .collapseSpaces(let content): form = collapsed(form, content)
            case .strip(let left, let right): form = stripped(form, left, right)
            }
        }
        return form
    }

    /// Replaces whole characters as readers see them where they are short, else each Unicode scalar.
    private func replaced(_ text: OriginText, _ charsmap: Charsmap) -> OriginText {
        var result = OriginText()
        result.reserveCapacity(text.count + 8)
        func replace(_ range: Range<Int>) -> Bool {
            guard let form = charsmap.replacement(of: text.bytes.span.extracting(range)) else { return false }
            let origin = text.origin(range)
            result.append(form, from: origin.lowerBound, to: origin.upperBound)
            return true
        }
        for character in Self.characters(text.bytes) {
            if character.count < 6, replace(character) { continue }
            var position = character.lowerBound
            while position < character.upperBound {
                let scalar = position..<text.bytes.span.end(ofScalarAt: position)
                if !replace(scalar) { result.append(scalar, of: text) }
                position = scalar.upperBound
            }
        }
        return result
    }

    /// The extended grapheme clusters of UTF-8.
    private static func characters(_ bytes: [UInt8]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(bytes.count)
        var start = 0
        while start < bytes.count {
            // Between two ASCII characters there is always a border, but within a line's end.
            if bytes[start] < 0x80, bytes[start] != 0x0D, start + 1 == bytes.count || bytes[start + 1] < 0x80 {
                ranges.append(start..<start + 1)
                start += 1
                continue
            }
            var end = start + 1
            while end < bytes.count, bytes[end] >= 0x80 || bytes[end - 1] >= 0x80 || bytes[end - 1] == 0x0D { end += 1 }
            for character in String(decoding: bytes[start..<end], as: UTF8.self) {
                ranges.append(start..<start + character.utf8.count)
                start += character.utf8.count
            }
        }
        return ranges
    }

    private func collapsed(_ text: OriginText, _ content: [UInt8]) -> OriginText {
        var result = OriginText()
        var position = 0
        while position < text.count {
            var end = position
            while end < text.count, text.bytes[end] == 0x20 { end += 1 }
            if end - position >= 2 {
                let origin = text.origin(position..<end)
                result.append(content, from: origin.lowerBound, to: origin.upperBound)
                position = end
            } else {
                result.append(position..<position + 1, of: text)
                position += 1
            }
        }
        return result
    }

    private func stripped(_ text: OriginText, _ left: Bool, _ right: Bool) -> OriginText {
        var first: Int?
        var end = 0
        var position = 0
        while position < text.count {
            let start = position
            guard !Self.isSpace(text.bytes.span.scalar(at: &position)) else { continue }
            first = first ?? start
            end = position
        }
        let begin = first ?? text.count
        let kept = (left ? begin : 0)..<(right ? max(end, left ? begin : 0) : text.count)
        var result = OriginText()
        result.append(kept, of: text)
        return result
    }

    static func isSpace(_ scalar: UInt32) -> Bool {
        scalar < 0x80
            ? scalar == 0x20 || 0x09...0x0D ~= scalar
            : Unicode.Scalar(scalar).map(\.properties.isWhitespace) ?? false
    }
}
