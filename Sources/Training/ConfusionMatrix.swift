/// How often each class was taken for each: rows are true classes, columns are chosen ones.
package struct ConfusionMatrix: Equatable, Sendable {
    package private(set) var counts: [[Int]]

    package init(classes: Int) { counts = Array(repeating: Array(repeating: 0, count: classes), count: classes) }

    package init(truth: some Sequence<Int>, chosen: some Sequence<Int>, classes: Int) {
        self.init(classes: classes)
        for (label, choice) in zip(truth, chosen) { count(truth: label, chosen: choice) }
    }

    package mutating func count(truth: Int, chosen: Int) { counts[truth][chosen] += 1 }

    package var classes: Int { counts.count }
    package var total: Int { counts.joined().reduce(0, +) }

    /// The share of a class's items that were found; nil for a class without items.
    package func recall(of label: Int) -> Double? {
        let items = counts[label].reduce(0, +)
        return items == 0 ? nil : Double(counts[label][label]) / Double(items)
    }

    /// The share of the items put into a class that belong there; nil for a class never chosen.
    package func precision(of label: Int) -> Double? {
        let chosen = counts.reduce(0) { $0 + $1[label] }
        return chosen == 0 ? nil : Double(counts[label][label]) / Double(chosen)
    }

    /// The harmonic mean of precision and recall; 0 where nothing is right.
    package func f1(of label: Int) -> Double {
        let right = Double(counts[label][label])
        let chosen = Double(counts.reduce(0) { $0 + $1[label] })
        let items = Double(counts[label].reduce(0, +))
        return chosen + items == 0 ? 0 : 2 * right / (chosen + items)
    }

    /// The mean recall of the classes that have items: the official mark of TweetEval's sentiment task.
    package var macroRecall: Double { Self.mean((0..<classes).compactMap(recall)) }

    /// The mean F1 of the classes that have items or were chosen.
    package var macroF1: Double {
        Self.mean((0..<classes).filter { recall(of: $0) != nil || precision(of: $0) != nil }.map(f1))
    }

    package var accuracy: Double {
        let right = (0..<classes).reduce(0) { $0 + counts[$1][$1] }
        return total == 0 ? 0 : Double(right) / Double(total)
    }

    private static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }
}
