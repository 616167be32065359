internal import Crypto

/// The secret that senders show.
///
/// Only its digest is kept, so no log, dump or error can tell it.
package struct BearerToken: Sendable {
    private let digest: SHA256Digest

    package init(_ secret: String) { digest = SHA256.hash(data: Array(secret.utf8)) }

    /// Whether the value of an `Authorization` header shows it.
    ///
    /// Digests are compared, in constant time: how long it takes tells nothing of the secret, its length included.
    package func isShown(in header: String?) -> Bool {
        let words = header?.split(separator: " ", maxSplits: 1) ?? []
        let shown = SHA256.hash(data: Array((words.count == 2 ? words[1] : "").utf8))
        // Both are looked at, whatever the first says.
        let (isSame, isBearer) = (shown == digest, words.first?.lowercased() == "bearer")
        return isSame && isBearer
    }
}
