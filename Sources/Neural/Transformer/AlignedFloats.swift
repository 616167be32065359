/// Floats on a border of 64 bytes, where vectors of the processor lie best.
///
/// They begin as whatever the memory held: clearing them took a fiftieth of an encoder's time.
struct AlignedFloats: ~Copyable {
    let base: UnsafeMutablePointer<Float>
    let count: Int

    init(count: Int) {
        base = UnsafeMutableRawPointer.allocate(byteCount: max(count, 16) * 4, alignment: 64)
            .bindMemory(to: Float.self, capacity: max(count, 16))
        self.count = count
    }

    deinit { base.deallocate() }
}
