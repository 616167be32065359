/// Where the special tokens stand around one text and around a pair.
struct SubwordTemplate: Sendable {
    enum Part: Equatable, Sendable {
        case special(id: Int32, type: UInt8)
        case first(type: UInt8)
        case second(type: UInt8)
    }

    var single: [Part] = [.first(type: 0)]
    var pair: [Part] = [.first(type: 0), .second(type: 1)]

    /// How many of the parts are special tokens.
    static func specials(_ parts: [Part]) -> Int {
        parts.count { if case .special = $0 { true } else { false } }
    }

    /// The lengths of two texts cut to `limit` together, the longer one first, as Hugging Face's "longest first" does.
    static func lengths(_ first: Int, _ second: Int, limit: Int) -> (first: Int, second: Int) {
        guard first + second > limit else { return (first, second) }
        let short = min(first, second)
        let half = limit / 2
        let (kept, rest) = short > half ? (half, limit - half) : (short, limit - short)
        return first > second ? (rest, kept) : (kept, rest)
    }
}
