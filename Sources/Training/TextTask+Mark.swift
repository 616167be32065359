package import Text

/// The official marks of the tasks, as the benchmark TweetEval defines them.
extension TextTask {
    /// The mark of these choices, from 0 to 1.
    package func mark(of confusion: ConfusionMatrix) -> Double {
        switch self {
        case .sentiment: confusion.macroRecallOfAll
        case .emotion, .offensive, .hate: confusion.macroF1
        case .irony: confusion.f1(of: 1)
        case .stance: (confusion.f1(of: 1) + confusion.f1(of: 2)) / 2
        }
    }

    package var markName: String {
        switch self {
        case .sentiment: "macro recall"
        case .emotion, .offensive, .hate: "macro F1"
        case .irony: "F1 of ironic"
        case .stance: "mean F1 of against, favor"
        }
    }
}

extension ConfusionMatrix {
    /// The mean recall of the classes that have items or were chosen.
    ///
    /// A class that was chosen without having items counts as 0: so the official script has it.
    fileprivate var macroRecallOfAll: Double {
        let met = (0..<classes).filter { recall(of: $0) != nil || precision(of: $0) != nil }
        return met.isEmpty ? 0 : met.reduce(0) { $0 + (recall(of: $1) ?? 0) } / Double(met.count)
    }
}
