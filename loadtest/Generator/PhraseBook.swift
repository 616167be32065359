/// The wording of one language: short parts from which posts are put together.
///
/// In a part, `{b}` stands for the brand, `{o}` for another brand, `{p}` for one of the brand's products, `{n}` for a
/// number, `{d}` for a weekday; `~` may repeat the letter before it. Parts hold no quotation mark and no backslash, so
/// that they need no escaping in JSON.
struct PhraseBook {
    struct Part {
        var openings: [String]
        var cores: [String]
        var closings: [String]
        var emoji: [String]

        var all: [String] { openings + cores + closings + emoji }
    }

    var language: String
    var negative: Part
    var neutral: Part
    var positive: Part
    /// Negative in praising words.
    var ironic: Part
    /// Posts that name no brand.
    var elsewhere: Part
    var weekdays: [String]

    static let all = [english, german, spanish]

    var parts: [Part] { [negative, neutral, positive, ironic, elsewhere] }
}
