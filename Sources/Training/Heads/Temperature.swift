/// How sure logits may be: the scale that fits them best to labels that they have not seen.
struct Temperature {
    /// What logits are multiplied with.
    let scale: Double
    /// The mean loss of the scaled logits, in nats.
    let loss: Double

    /// Beyond these a handful of labels says nothing.
    private static let range = 0.25...2.0

    init(fitting logits: [[Double]], labels: [Int]) {
        // The loss is convex in the scale, so a golden section search finds its minimum.
        let ratio = (5.0.squareRoot() - 1) / 2
        var (low, high) = (Self.range.lowerBound, Self.range.upperBound)
        var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
        var (leftLoss, rightLoss) = (Self.loss(logits, labels, left), Self.loss(logits, labels, right))
        while high - low > 1e-3 {
            if leftLoss < rightLoss {
                (high, right, rightLoss) = (right, left, leftLoss)
                left = high - ratio * (high - low)
                leftLoss = Self.loss(logits, labels, left)
            } else {
                (low, left, leftLoss) = (left, right, rightLoss)
                right = low + ratio * (high - low)
                rightLoss = Self.loss(logits, labels, right)
            }
        }
        scale = (low + high) / 2
        loss = Self.loss(logits, labels, scale)
    }

    private static func loss(_ logits: [[Double]], _ labels: [Int], _ scale: Double) -> Double {
        var total = 0.0
        for (row, label) in zip(logits, labels) {
            let top = row.max() ?? 0
            let sum = row.reduce(0) { $0 + Logarithm.exponential(scale * ($1 - top)) }
            total += Logarithm.natural(sum) - scale * (row[label] - top)
        }
        return total / Double(max(labels.count, 1))
    }
}
