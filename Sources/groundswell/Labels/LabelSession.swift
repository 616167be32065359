import Domain

/// One sitting of labelling: which post is shown, and what a key does.
///
/// A value without terminal and database: keys come in, effects come out.
struct LabelSession {
    enum Key: Equatable {
        case label(SentimentLabel)
        case undo
        case skip
        case answer
        case quit

        /// One key per label, as digits, signs and letters; `nil` for keys without a meaning.
        init?(_ byte: UInt8) {
            switch byte {
            case UInt8(ascii: "1"), UInt8(ascii: "-"): self = .label(.negative)
            case UInt8(ascii: "2"), UInt8(ascii: "0"), UInt8(ascii: "="): self = .label(.neutral)
            case UInt8(ascii: "3"), UInt8(ascii: "+"): self = .label(.positive)
            case UInt8(ascii: "u"): self = .undo
            case UInt8(ascii: "s"), UInt8(ascii: " "): self = .skip
            case UInt8(ascii: "a"): self = .answer
            // Control-C and Control-D arrive as bytes when the terminal is raw.
            case UInt8(ascii: "q"), 3, 4: self = .quit
            default: return nil
            }
        }
    }

    enum Effect: Equatable {
        case keep(post: Int, SentimentLabel)
        case takeBack(post: Int)
        case showAnswer(post: Int)
        case nothing
    }

    private let count: Int
    /// The post that waits for a key; `nil` at the end.
    private(set) var current: Int?
    /// What was done so far: a label, or `nil` for a post that was skipped.
    private var history: [SentimentLabel?] = []

    init(posts: Int) {
        count = posts
        current = posts > 0 ? 0 : nil
    }

    var labelled: Int { history.count { $0 != nil } }

    mutating func press(_ key: Key) -> Effect {
        guard let post = current else { return .nothing }
        switch key {
        case .label(let label):
            advance(label)
            return .keep(post: post, label)
        case .skip:
            advance(nil)
            return .nothing
        case .answer:
            return .showAnswer(post: post)
        case .undo:
            guard let last = history.popLast() else { return .nothing }
            current = history.count
            return last == nil ? .nothing : .takeBack(post: history.count)
        case .quit:
            current = nil
            return .nothing
        }
    }

    private mutating func advance(_ label: SentimentLabel?) {
        history.append(label)
        current = history.count < count ? history.count : nil
    }
}
