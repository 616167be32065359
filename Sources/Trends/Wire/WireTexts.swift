/// A table of distinct texts, ascending by bytes, so that the same partial always gives the same message.
struct WireTexts {
    private(set) var texts: [String] = []
    /// The place in `texts` of each number that `intern` gave out.
    private var places: [UInt32] = []
    private var table = TextTable()

    /// A preliminary number for a text; `place(of:)` gives the final one after `sort()`.
    mutating func intern(_ text: String) -> Int { table.intern(text) }

    mutating func sort() {
        let unsorted = (0..<table.count).map { (text: table.text($0), number: $0) }
        let sorted = unsorted.sorted { $0.text.compareBytes(with: $1.text) < 0 }
        texts = sorted.map(\.text)
        places = [UInt32](repeating: 0, count: sorted.count)
        for (place, entry) in sorted.enumerated() { places[entry.number] = UInt32(place) }
    }

    func place(of number: Int) -> UInt32 { places[number] }
}
