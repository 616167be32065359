package import Domain
import Sketches

/// Hashes of authors and posts: MurmurHash3 of the platform's name, a colon and the native id.
///
/// SQL has the same number: `hll_hash_text('x:' || id)`.
package enum PostHash {
    package static func hash(_ platform: Platform, _ id: String) -> UInt64 {
        id.withBytes { id in
            let prefix = prefixes[Int(platform.rawValue)]
            let count = prefix.count + id.count
            return withUnsafeTemporaryAllocation(byteCount: count, alignment: 8) { buffer in
                buffer.copyBytes(from: prefix)
                UnsafeMutableRawBufferPointer(rebasing: buffer[prefix.count...]).copyMemory(from: id)
                return MurmurHash3.hash128(UnsafeRawBufferPointer(buffer)).low
            }
        }
    }

    /// Nil for an author without id, who is unknown and cannot be told from others.
    static func author(_ platform: Platform, _ id: String) -> UInt64? { id.isEmpty ? nil : hash(platform, id) }

    /// By raw value, which are consecutive from 0.
    private static let prefixes: [[UInt8]] = Platform.allCases.map { Array("\($0.name):".utf8) }
}
