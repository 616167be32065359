/// The merges that a word offers, the one learned first and then the leftmost at the head: a binary heap.
///
/// It keeps a word of a megabyte, which a hostile text may hold, from costing quadratic time.
struct MergeQueue {
    struct Item: Comparable {
        var rank: Int32
        /// The left one of the two symbols.
        var place: Int32
        var id: Int32

        static func < (left: Item, right: Item) -> Bool { (left.rank, left.place) < (right.rank, right.place) }
    }

    private var items: [Item] = []

    mutating func insert(_ item: Item) {
        items.append(item)
        var index = items.count - 1
        while index > 0, items[index] < items[(index - 1) / 2] {
            items.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func popFirst() -> Item? {
        guard let first = items.first, let last = items.popLast() else { return nil }
        guard !items.isEmpty else { return first }
        items[0] = last
        var index = 0
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < items.count && items[child] < items[least] {
                least = child
            }
            guard least != index else { return first }
            items.swapAt(index, least)
            index = least
        }
    }
}
