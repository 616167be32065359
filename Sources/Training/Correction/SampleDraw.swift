import Neural

/// A random sample of items of which each stands for some posts: its chance is in proportion to them.
///
/// Then nearly every label stands for equally many posts, which is what makes a sample worth most. Systematic sampling
/// over a random order, with exact chances; an item that stands for more than its share is taken for certain and weighs
/// more instead.
package struct SampleDraw: Equatable, Sendable {
    /// An item that was drawn.
    package struct Item: Equatable, Sendable {
        package let index: Int
        /// How many posts it stands for, as multiples of an ordinary item of the sample.
        package let weight: Double
    }

    /// In random order.
    package let items: [Item]

    /// - Parameters:
    ///   - count: how many to draw; fewer when there are fewer.
    ///   - sizes: how many posts each item stands for.
    package init(_ count: Int, sizes: [Double], seed: UInt64) {
        var random = SplitMix(seed: seed)
        var certain: [Int] = []
        var open = sizes.indices.filter { sizes[$0] > 0 }.sorted { (sizes[$0], $1) > (sizes[$1], $0) }
        var total = open.reduce(0) { $0 + sizes[$1] }
        while certain.count < count, let largest = open.first,
            sizes[largest] * Double(count - certain.count) >= total
        {
            certain.append(open.removeFirst())
            total -= sizes[largest]
        }
        let left = count - certain.count
        let step = total / Double(max(left, 1))
        var drawn = certain.map { Item(index: $0, weight: step > 0 && left > 0 ? sizes[$0] / step : sizes[$0]) }
        var next = Double.random(in: 0..<1, using: &random) * step
        var passed = 0.0
        for index in open.shuffled(using: &random) where drawn.count < count {
            passed += sizes[index]
            guard passed > next else { continue }
            drawn.append(Item(index: index, weight: 1))
            next += step
        }
        items = drawn.shuffled(using: &random)
    }
}
