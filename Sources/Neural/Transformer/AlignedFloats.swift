/// Floats on a border of 64 bytes, where vectors of the processor lie best; zeros at first.
struct AlignedFloats: ~Copyable {
    let base: UnsafeMutablePointer<Float>
    let count: Int

    init(count: Int) {
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: max(count, 16) * 4, alignment: 64)
        base = bytes.initializeMemory(as: Float.self, repeating: 0, count: max(count, 16))
        self.count = count
    }

    deinit { base.deallocate() }
}
