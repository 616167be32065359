/// A question that the deep model answers about a text.
package enum TextTask: String, CaseIterable, Codable, Sendable {
    case sentiment
    case emotion
    case irony
    case offensive
    case hate
    case stance

    /// The names of the classes, in the order of TweetEval's labels.
    package var classes: [String] {
        switch self {
        case .sentiment: ["negative", "neutral", "positive"]
        case .emotion: ["anger", "joy", "optimism", "sadness"]
        case .irony: ["sincere", "ironic"]
        case .offensive: ["inoffensive", "offensive"]
        case .hate: ["not hateful", "hateful"]
        case .stance: ["none", "against", "favor"]
        }
    }

    /// Whether the question is about a target beside the text.
    package var hasTarget: Bool { self == .stance }
}
