import Foundation
import Neural

/// How often the intervals of corrected shares hold the truth, over invented brands.
///
/// Each brand has random class shares, from none to nearly all, and a model with random mistakes; a random sample of
/// its posts is labelled, and each class's interval is compared with the share that only the inventor knows.
package struct CoverageTrial: Equatable, Sendable {
    /// Brands whose class has a share in this range, one class at a time.
    package struct Row: Equatable, Sendable {
        package let labels: Int
        package let prevalence: Range<Double>
        package let intervals: Int
        package let covered: Int
        /// The mean width of the intervals, and of Wilson's from the labels alone.
        package let width: Double
        package let widthOfLabelsAlone: Double

        package var coverage: Double { Double(covered) / Double(max(intervals, 1)) }
    }

    package let rows: [Row]

    package static let prevalences: [Range<Double>] = [0..<0.02, 0.02..<0.1, 0.1..<0.3, 0.3..<0.7, 0.7..<1.01]
    /// Three classes and a choice that names none: unsure.
    private static let classes = 3
    private static let choices = 4

    /// - Parameters:
    ///   - labels: the size of each brand's sample.
    ///   - posts: of each brand.
    package init(brands: Int, labels: Int, posts: Int = 20_000, seed: UInt64) {
        var random = SplitMix(seed: seed)
        var tallies = [Tally](repeating: Tally(), count: Self.prevalences.count)
        for _ in 0..<brands {
            let brand = InventedBrand(posts: posts, using: &random)
            let sample = brand.sample(labels, using: &random)
            let correction = ShareCorrection(posts: brand.postsByChoice, sample: sample)
            let alone = ShareCorrection(
                posts: [brand.posts], sample: sample.map { .init(choice: 0, label: $0.label) })
            for label in 0..<Self.classes {
                let truth = brand.share(of: label)
                guard let share = correction.share(of: label), let plain = alone.share(of: label),
                    let row = Self.prevalences.firstIndex(where: { $0.contains(truth) })
                else { continue }
                tallies[row].add(share, plain, truth)
            }
        }
        rows =
            zip(Self.prevalences, tallies).map { $1.row(labels, $0) } + [
                tallies.reduce(into: Tally()) { $0.add($1) }.row(labels, 0..<1.01)
            ]
    }

    /// All prevalences together.
    package var all: Row { rows[rows.count - 1] }

    private struct Tally {
        var intervals = 0
        var covered = 0
        var width = 0.0
        var plain = 0.0

        mutating func add(_ share: ShareCorrection.Share, _ alone: ShareCorrection.Share, _ truth: Double) {
            intervals += 1
            if share.low <= truth && truth <= share.high { covered += 1 }
            width += share.high - share.low
            plain += alone.high - alone.low
        }

        mutating func add(_ other: Tally) {
            intervals += other.intervals
            covered += other.covered
            width += other.width
            plain += other.plain
        }

        func row(_ labels: Int, _ prevalence: Range<Double>) -> Row {
            let count = Double(max(intervals, 1))
            return Row(
                labels: labels, prevalence: prevalence, intervals: intervals, covered: covered, width: width / count,
                widthOfLabelsAlone: plain / count)
        }
    }

    /// Posts whose true class and chosen class are known.
    private struct InventedBrand {
        /// `[class][choice]`.
        private var counts: [[Int]]
        let posts: Int

        /// About as many posts as asked for: rounding moves a few.
        init(posts: Int, using random: inout SplitMix) {
            // Shares as uneven as those of real brands: often one class is rare.
            let shares = Self.shares(CoverageTrial.classes, evenness: 0.7, using: &random)
            let accuracy = 0.5 + 0.45 * Double(random.uniform())
            counts = (0..<CoverageTrial.classes).map { label in
                var row = Self.shares(CoverageTrial.choices, evenness: 1, using: &random).map { $0 * (1 - accuracy) }
                row[label] += accuracy
                return row.map { Int(($0 * shares[label] * Double(posts)).rounded()) }
            }
            self.posts = counts.joined().reduce(0, +)
        }

        var postsByChoice: [Int] {
            (0..<CoverageTrial.choices).map { choice in counts.reduce(0) { $0 + $1[choice] } }
        }

        func share(of label: Int) -> Double { Double(counts[label].reduce(0, +)) / Double(posts) }

        /// Without putting back.
        func sample(_ size: Int, using random: inout SplitMix) -> [ShareCorrection.Item] {
            var left = counts
            return (0..<min(size, posts)).map { drawn in
                var place = Int.random(in: 0..<posts - drawn, using: &random)
                for label in left.indices {
                    for choice in left[label].indices {
                        guard place >= left[label][choice] else {
                            left[label][choice] -= 1
                            return ShareCorrection.Item(choice: choice, label: label)
                        }
                        place -= left[label][choice]
                    }
                }
                preconditionFailure("place beyond the posts")
            }
        }

        /// Random shares: gamma deviates by their sum (Dirichlet).
        private static func shares(_ count: Int, evenness: Double, using random: inout SplitMix) -> [Double] {
            let deviates = (0..<count).map { _ in max(gamma(evenness, using: &random), 1e-12) }
            let sum = deviates.reduce(0, +)
            return deviates.map { $0 / sum }
        }

        /// Johnk's method for shapes up to 1.
        private static func gamma(_ shape: Double, using random: inout SplitMix) -> Double {
            func uniform() -> Double { Double.random(in: 1e-12..<1, using: &random) }
            guard shape < 1 else { return -log(uniform()) }
            while true {
                let first = pow(uniform(), 1 / shape)
                let second = pow(uniform(), 1 / (1 - shape))
                if first + second <= 1 { return first / (first + second) * -log(uniform()) }
            }
        }
    }
}
