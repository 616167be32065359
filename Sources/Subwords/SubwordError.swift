/// Why a tokenizer file cannot be used.
package enum SubwordError: Error, Equatable, CustomStringConvertible {
    /// Not a tokenizer file, or one that asks for something this program does not know.
    case unusable(reason: String)

    package var description: String {
        switch self {
        case .unusable(let reason): "tokenizer: \(reason)"
        }
    }
}
