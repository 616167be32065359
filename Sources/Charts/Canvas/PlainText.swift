/// Texts of strangers as a canvas may show them.
enum PlainText {
    /// Longer than any chart is wide.
    static let longest = 400

    /// The text on one line without control characters, marks that turn the direction of reading, and piles of accents.
    static func clean(_ text: String, longest: Int = longest) -> String {
        var result = String.UnicodeScalarView()
        var marks = 0
        for scalar in text.unicodeScalars.prefix(4 * longest) {
            let category = scalar.properties.generalCategory
            marks = category == .nonspacingMark || category == .enclosingMark ? marks + 1 : 0
            switch category {
            case .control, .lineSeparator, .paragraphSeparator: result.append(" ")
            case .format where scalar.value != 0x200C && scalar.value != 0x200D: continue
            case .surrogate, .unassigned, .privateUse: result.append("\u{FFFD}")
            case _ where marks > 2: continue
            default: result.append(scalar)
            }
        }
        return String(String(result).prefix(longest))
    }

    /// As much of the text as fits, with an ellipsis where it was cut.
    static func fitted(_ text: String, into room: Double, _ width: (String) -> Double) -> String {
        let text = clean(text)
        guard width(text) > room else { return text }
        // The longest beginning that fits, by halving.
        let characters = Array(text)
        var fits = 0
        var breaks = characters.count
        while breaks - fits > 1 {
            let middle = (fits + breaks) / 2
            if width(String(characters[..<middle]) + "…") <= room { fits = middle } else { breaks = middle }
        }
        return fits == 0 ? "" : String(characters[..<fits]) + "…"
    }
}
