/// A value for each Unicode scalar: two loads to find one.
///
/// Pages of 128 scalars; those of long stretches alike share one page, so that a table needs some hundred kilobytes
/// and a few milliseconds.
struct ScalarTable<Entry: Hashable & Sendable>: Sendable {
    private static var pageBits: UInt32 { 7 }

    /// The first entry of each page.
    private var pages: [UInt32] = []
    private var entries: [Entry] = []

    /// - Parameters:
    ///   - stretch: the value of all of the 128 scalars from there on; `nil` where they may differ.
    ///   - entry: the value of one scalar.
    init(stretch: (UInt32) -> Entry?, entry: (Unicode.Scalar) -> Entry) {
        let size = 1 << Self.pageBits
        var stretches: [Entry: UInt32] = [:]
        pages.reserveCapacity(0x110000 / size)
        for start in stride(from: UInt32(0), to: 0x110000, by: size) {
            let common = stretch(start)
            if let common, let page = stretches[common] {
                pages.append(page)
                continue
            }
            pages.append(UInt32(entries.count))
            if let common {
                stretches[common] = UInt32(entries.count)
                entries += repeatElement(common, count: size)
            } else {
                // Surrogates are no scalars and never asked for.
                entries += (start..<start + UInt32(size)).map { entry(Unicode.Scalar($0) ?? "\u{FFFD}") }
            }
        }
    }

    @inline(__always)
    subscript(scalar: UInt32) -> Entry {
        entries[Int(pages[Int(scalar >> Self.pageBits)]) + Int(scalar & (1 << Self.pageBits - 1))]
    }
}
