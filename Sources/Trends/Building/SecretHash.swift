/// A quick hash for the builder's tables.
///
/// Its secret differs from process to process, so that nobody can prepare input whose keys collide. Nothing that leaves
/// the process depends on it. Bytes are folded eight at a time with a full 128-bit multiplication, as in wyhash.
enum SecretHash {
    private static let secret: (UInt64, UInt64) = (.random(in: .min ... .max) | 1, .random(in: .min ... .max) | 1)

    static func hash(_ first: UInt64, _ second: UInt64 = 0) -> UInt64 {
        let secret = secret
        return fold(fold(first ^ secret.0, second ^ secret.1), secret.0)
    }

    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let secret = secret
        var state = secret.0 ^ UInt64(truncatingIfNeeded: bytes.count)
        var offset = 0
        while bytes.count - offset >= 8 {
            state = fold(state ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self), secret.1)
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < bytes.count {
            rest = rest << 8 | UInt64(bytes[offset])
            offset += 1
        }
        return fold(fold(state ^ rest, secret.1), secret.0)
    }

    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
