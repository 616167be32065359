/// A text in a normalised form that knows for each of its bytes which bytes of the original it stands for.
struct OriginText {
    private(set) var bytes: [UInt8] = []
    /// Where the part of the original begins and ends that a byte stands for; empty for what was put in.
    private var starts: [Int] = []
    private var ends: [Int] = []

    var count: Int { bytes.count }

    mutating func reserveCapacity(_ count: Int) {
        bytes.reserveCapacity(count)
        starts.reserveCapacity(count)
        ends.reserveCapacity(count)
    }

    @inline(__always)
    mutating func append(_ byte: UInt8, from start: Int, to end: Int) {
        bytes.append(byte)
        starts.append(start)
        ends.append(end)
    }

    /// Appends bytes that together stand for one part of the original.
    mutating func append(_ form: some Sequence<UInt8>, from start: Int, to end: Int) {
        for byte in form { append(byte, from: start, to: end) }
    }

    /// Appends a part of another form of the same original.
    mutating func append(_ range: Range<Int>, of other: OriginText) {
        bytes += other.bytes[range]
        starts += other.starts[range]
        ends += other.ends[range]
    }

    /// The original bytes that a range stands for; where it is empty, the place where it stands.
    func origin(_ range: Range<Int>) -> Range<Int> {
        guard let first = range.first, let last = range.last else {
            let place = range.lowerBound > 0 ? ends[range.lowerBound - 1] : starts.first ?? 0
            return place..<place
        }
        return starts[first]..<max(starts[first], ends[last])
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }
}
