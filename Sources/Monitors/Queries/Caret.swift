/// Points at a place in a line.
enum Caret {
    /// Terminal cells shown on each side: what fits a narrow terminal.
    private static let reach = 36

    /// The line around `offset` (an index of `line`), and below it a caret under that character.
    static func excerpt(_ line: ArraySlice<Unicode.Scalar>, at offset: Int) -> String {
        var low = offset
        var cells = 0
        while low > line.startIndex, cells < reach {
            low -= 1
            cells += width(line[low])
        }
        var high = offset
        cells = 0
        while high < line.endIndex, cells < reach {
            cells += width(line[high])
            high += 1
        }
        let before = (low > line.startIndex ? "…" : "") + text(line[low..<offset])
        let after = text(line[offset..<high]) + (high < line.endIndex ? "…" : "")
        let indent = before.unicodeScalars.reduce(0) { $0 + width($1) }
        return "  \(before)\(after)\n  \(String(repeating: " ", count: indent))^"
    }

    /// Control characters would move the caret, or worse.
    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        for scalar in scalars {
            text.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return String(text)
    }

    /// The terminal cells that a character takes.
    private static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x20...0x7E: return 1
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF: return 2
        case 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD: return 2
        default: break
        }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return 1
        }
    }
}
