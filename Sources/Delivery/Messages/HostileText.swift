/// Texts that strangers wrote, made fit to stand in a message of ours.
///
/// Posts, and whatever is taken from them, may try to end a line, to hide what follows, or to call a whole channel.
enum HostileText {
    /// One line of at most so many scalars: no line breaks, control characters, or marks that turn or hide text.
    static func line(_ text: String, most: Int = 280) -> String {
        var result = String.UnicodeScalarView()
        var hasSpace = true
        var count = 0
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace || isControl(scalar) {
                if !hasSpace { result.append(" ") }
                hasSpace = true
                continue
            }
            // Joiners hold emoji together and write Persian and Hindi; all other format characters are invisible.
            if scalar.properties.generalCategory == .format, scalar != "\u{200D}", scalar != "\u{200C}" { continue }
            guard count < most else {
                result.append("…")
                return String(result)
            }
            result.append(scalar)
            hasSpace = false
            count += 1
        }
        if result.last == " " { result.removeLast() }
        return String(result)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: true
        default: false
        }
    }

    /// One line for Slack and its like: calls nobody, links nothing under another name, has no markup.
    static func slack(_ text: String, most: Int = 280) -> String {
        var result = ""
        for character in line(text, most: most).unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            // Mattermost and Rocket.Chat call people where they read @all; a space without width keeps them from it.
            case "@", "`", "*", "_", "~", "]": result += "\(character)\u{200B}"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
