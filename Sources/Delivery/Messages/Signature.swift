internal import Crypto

/// The proof that a request comes from who knows the secret, and from now.
enum Signature {
    /// `t=1795422901,v1=5257a8…`: HMAC-SHA-256 of the seconds, a point, and the body.
    static func header(of body: [UInt8], secret: String, seconds: Int64) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("\(seconds).".utf8) + body, using: SymmetricKey(data: Array(secret.utf8)))
        let digits = Array("0123456789abcdef".unicodeScalars)
        var hex = String.UnicodeScalarView()
        for byte in code {
            hex.append(digits[Int(byte >> 4)])
            hex.append(digits[Int(byte & 15)])
        }
        return "t=\(seconds),v1=\(String(hex))"
    }
}
