/// The name of a stream entry: the server's milliseconds and a running number.
package struct EntryID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let milliseconds: UInt64
    package let sequence: UInt64

    package init(milliseconds: UInt64, sequence: UInt64) {
        self.milliseconds = milliseconds
        self.sequence = sequence
    }

    /// Reads `milliseconds-sequence`.
    package init?(_ text: some Sequence<UInt8>) {
        var parts: [UInt64] = [0]
        for byte in text {
            if byte == UInt8(ascii: "-") {
                parts.append(0)
                continue
            }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            let last = parts.count - 1
            let (tens, high) = parts[last].multipliedReportingOverflow(by: 10)
            let (sum, low) = tens.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
            guard !high, !low else { return nil }
            parts[last] = sum
        }
        guard parts.count == 2 else { return nil }
        (milliseconds, sequence) = (parts[0], parts[1])
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.milliseconds, left.sequence) < (right.milliseconds, right.sequence)
    }

    package var description: String { "\(milliseconds)-\(sequence)" }
}
