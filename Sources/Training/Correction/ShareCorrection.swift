import Neural

/// Class shares of a brand's posts, corrected by a random sample that people labelled.
///
/// The model's choice is known of every post, the truth only of the sample. So the sample says how the posts of each
/// choice divide into true classes, and the counts of all posts say how many posts each choice stands for: the
/// confusion matrix, read from choice to truth. The sum is right on average however wrong the model is, and the better
/// the model, the narrower the interval, since only what the choice leaves open is uncertain (post-stratification; the
/// prediction-powered estimate whose power is tuned for each choice).
///
/// SQL computes the same in `trends.corrected`; a test compares the two.
package struct ShareCorrection: Sendable {
    /// A post of the sample.
    package struct Item: Equatable, Sendable {
        /// The model's choice: an index into `posts`.
        package var choice: Int
        /// The class that a person gave.
        package var label: Int
        /// How many posts it stands for; only ratios count.
        package var weight: Double

        package init(choice: Int, label: Int, weight: Double = 1) {
            self.choice = choice
            self.label = label
            self.weight = weight
        }
    }

    /// A share with its interval, all from 0 to 1.
    package struct Share: Equatable, Sendable {
        package let value: Double
        package let low: Double
        package let high: Double
    }

    /// The two-sided 95 % point of the normal distribution.
    package static let deviations = 1.959_963_984_540_054
    /// Choices with fewer labels are put together, since a share of two or three posts says next to nothing.
    package static let fewestLabels = 5

    /// Posts put together, and what their labels say.
    private struct Stratum {
        var posts: Int
        var items: [Item]
    }

    private let strata: [Stratum]
    private let total: Int

    /// - Parameters:
    ///   - posts: how many posts there are of each choice, the sampled ones included.
    ///   - sample: drawn at random from them.
    package init(posts: [Int], sample: [Item]) {
        let parts = posts.indices.map { choice in
            Stratum(posts: posts[choice], items: sample.filter { $0.choice == choice })
        }
        strata = Self.joined(parts.filter { $0.posts > 0 })
        total = posts.reduce(0, +)
    }

    /// Puts strata of few labels together, and with the next larger one while they are still few.
    private static func joined(_ parts: [Stratum]) -> [Stratum] {
        var parts = parts.enumerated().sorted { ($0.1.items.count, $0.0) < ($1.1.items.count, $1.0) }.map(\.1)
        while parts.count > 1, parts[0].items.count < fewestLabels {
            parts[1].posts += parts[0].posts
            parts[1].items += parts[0].items
            parts.removeFirst()
        }
        return parts
    }

    /// The corrected share of one class; nil without any label.
    ///
    /// The interval joins Wilson's intervals of the strata by their distances from the estimates (Zou and Donner's
    /// MOVER): closed form, never beyond 0 and 1, and honest where a stratum shows one class only.
    package func share(of label: Int) -> Share? {
        guard total > 0, strata.contains(where: { !$0.items.isEmpty }) else { return nil }
        var value = 0.0
        var below = 0.0
        var above = 0.0
        for stratum in strata {
            let part = Double(stratum.posts) / Double(total)
            let rate = Self.rate(of: label, in: stratum)
            value += part * rate.value
            below += part * part * (rate.value - rate.low) * (rate.value - rate.low)
            above += part * part * (rate.high - rate.value) * (rate.high - rate.value)
        }
        return Share(
            value: value, low: max(0, value - below.squareRoot()), high: min(1, value + above.squareRoot()))
    }

    /// The share of a class within a stratum, with Wilson's interval for as many labels as the unequal ones are worth.
    private static func rate(of label: Int, in stratum: Stratum) -> Share {
        let weight = stratum.items.reduce(0) { $0 + $1.weight }
        let squares = stratum.items.reduce(0) { $0 + $1.weight * $1.weight }
        let found = stratum.items.reduce(0) { $0 + ($1.label == label ? $1.weight : 0) }
        let rate = found / weight
        // Of a small number of posts much is seen already: fewer are left to be uncertain about.
        let posts = Double(stratum.posts)
        let unseen = max(posts - Double(stratum.items.count), 0)
        guard unseen > 0 else { return Share(value: rate, low: rate, high: rate) }
        let count = weight * weight / squares * max(posts - 1, 1) / unseen
        let square = deviations * deviations / count
        let centre = (rate + square / 2) / (1 + square)
        let reach = deviations * (rate * (1 - rate) / count + square / count / 4).squareRoot() / (1 + square)
        return Share(value: rate, low: max(0, centre - reach), high: min(1, centre + reach))
    }
}
