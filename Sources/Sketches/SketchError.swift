/// Why bytes are not a sketch.
package enum SketchError: Error, Equatable, CustomStringConvertible {
    /// The schema version in the first byte's upper half is not 1.
    case unknownVersion(UInt8)
    /// log2m, regwidth, expthresh or sparseon differ from ours; the two parameter bytes are given.
    case otherParameters(UInt8, UInt8)
    /// The form in the first byte's lower half is not EMPTY, EXPLICIT, SPARSE or FULL.
    case unknownForm(UInt8)
    /// The length does not fit the form.
    case wrongLength(form: String, bytes: Int)
    /// Explicit hashes or sparse registers that do not ascend, or a sparse register of zero.
    case disorder(form: String)

    package var description: String {
        switch self {
        case .unknownVersion(let version): "hll: schema version \(version) is unknown, only 1 is read"
        case .otherParameters(let first, let second):
            "hll: parameter bytes \(first) \(second) are not log2m 12, regwidth 5, expthresh -1, sparseon 1"
        case .unknownForm(let form): "hll: form \(form) is unknown"
        case .wrongLength(let form, let bytes): "hll: \(bytes) bytes do not fit the form \(form)"
        case .disorder(let form): "hll: the entries of the form \(form) do not ascend"
        }
    }
}
