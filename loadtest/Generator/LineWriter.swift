/// Bytes put one after another into memory of our own: the one place here with raw pointers.
///
/// `Array.append` checks uniqueness and capacity at each of some forty calls per post; this checks capacity only.
struct LineWriter: ~Copyable {
    private var memory: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(capacity: Int) { memory = .allocate(byteCount: max(capacity, 64), alignment: 16) }

    deinit { memory.deallocate() }

    mutating func removeAll() { count = 0 }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(UnsafeRawBufferPointer(rebasing: memory[..<count]))
    }

    mutating func append(_ byte: UInt8) {
        reserve(1)
        memory[count] = byte
        count += 1
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        reserve(bytes.count)
        // `reserve` may have moved the memory, so its address is asked for after it.
        guard let source = bytes.baseAddress, let target = memory.baseAddress else { return }
        target.advanced(by: count).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
    }

    mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

    mutating func append(_ bytes: [UInt8], from start: Int, count: Int) {
        bytes.withUnsafeBytes { append(UnsafeRawBufferPointer(rebasing: $0[start..<start + count])) }
    }

    mutating func append(_ other: borrowing LineWriter) {
        append(UnsafeRawBufferPointer(rebasing: other.memory[..<other.count]))
    }

    /// The last byte written; 0 when there is none.
    var last: UInt8 { count > 0 ? memory[count - 1] : 0 }

    /// ASCII letters from `start` on become capitals.
    mutating func capitalise(from start: Int) {
        for index in start..<count where (0x61...0x7a).contains(memory[index]) { memory[index] -= 0x20 }
    }

    /// A number in base 10 or 36, lower case.
    mutating func append(number: UInt64, base: UInt64 = 10) {
        reserve(20)
        let start = count
        var rest = number
        repeat {
            let digit = UInt8(truncatingIfNeeded: rest % base)
            memory[count] = digit < 10 ? 0x30 + digit : 0x57 + digit
            count += 1
            rest /= base
        } while rest > 0
        var low = start
        var high = count - 1
        while low < high {
            memory.swapAt(low, high)
            low += 1
            high -= 1
        }
    }

    /// A number with leading zeros.
    mutating func append(number: Int, digits: Int) {
        reserve(digits)
        var rest = number
        for index in stride(from: count + digits - 1, through: count, by: -1) {
            memory[index] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += digits
    }

    /// Letters a–z and digits 2–7, five bits each, as in the identifiers of AT Protocol.
    mutating func append(base32 value: UInt64, digits: Int) {
        reserve(digits)
        var rest = value
        for index in stride(from: count + digits - 1, through: count, by: -1) {
            let digit = UInt8(truncatingIfNeeded: rest & 31)
            memory[index] = digit < 26 ? 0x61 + digit : 0x18 + digit
            rest >>= 5
        }
        count += digits
    }

    private mutating func reserve(_ extra: Int) {
        guard count + extra > memory.count else { return }
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(memory.count * 2, count + extra), alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<count]))
        memory.deallocate()
        memory = larger
    }
}
