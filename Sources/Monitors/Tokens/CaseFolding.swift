import Foundation

/// Makes texts equal that differ only in case, compatibility form or composition.
///
/// Close to Unicode's NFKC_Casefold: compatibility forms are replaced (`ﬁ` becomes `fi`, full width becomes narrow), case is
/// folded through upper case (so `ß` meets `SS` and `ς` meets `σ`), invisible characters go, and the result is composed.
/// Accents stay: `cafe` is not `café`.
enum CaseFolding {
    static func fold(_ text: String) -> String {
        var current = text
        // One pass is enough for nearly all texts; a fixed point makes folding repeatable. The bound is a guard.
        for _ in 0..<4 {
            let next = pass(current)
            if next.unicodeScalars.elementsEqual(current.unicodeScalars) { break }
            current = next
        }
        return current
    }

    private static func pass(_ text: String) -> String {
        var folded = ""
        for scalar in text.precomposedStringWithCompatibilityMapping.unicodeScalars where !isIgnorable(scalar) {
            for upper in scalar.properties.uppercaseMapping.unicodeScalars {
                folded += upper.properties.lowercaseMapping
            }
        }
        return folded.precomposedStringWithCompatibilityMapping
    }

    /// Characters that shape or hyphenate a word and are no part of it.
    static func isIgnorable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xAD, 0x34F, 0x200C, 0x200D, 0x2060, 0xFEFF: true
        case 0x640: true  // Arabic tatweel only lengthens the line
        case 0xFE00...0xFE0F, 0xE0100...0xE01EF: true  // variation selectors
        default: false
        }
    }
}
