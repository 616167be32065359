internal import CCurl

/// Hands one mail to a mail server over libcurl.
///
/// Call it from a thread that may wait.
package enum SMTPClient {
    /// How to reach a mail server.
    package struct Server: Equatable, Sendable {
        /// `smtp://host:port` or, for TLS from the first byte, `smtps://host:port`.
        package var url: String
        package var user: String?
        package var password: String?
        /// Whether `smtp://` must turn to TLS before anything is said; without, the mail goes in the clear.
        package var needsTLS: Bool
        /// File of the authorities that may vouch for the server; the system's where it is `nil`.
        package var authority: String?

        package init(
            url: String, user: String? = nil, password: String? = nil, needsTLS: Bool = true, authority: String? = nil
        ) {
            self.url = url
            self.user = user
            self.password = password
            self.needsTLS = needsTLS
            self.authority = authority
        }
    }

    /// Why a mail was not taken, in words that hold no password.
    package struct Failure: Error, Equatable, CustomStringConvertible {
        /// The server's last answer, such as 550; 0 when there was none.
        package let code: Int
        package let description: String
    }

    /// Returns when the server has taken the mail for all recipients; it is taken for all or none.
    ///
    /// - Parameters:
    ///   - sender: an address alone, as are the recipients.
    ///   - message: headers and body with CRLF at the ends of lines.
    package static func send(
        _ message: [UInt8], from sender: String, to recipients: [String], by server: Server, timeoutSeconds: Int = 30
    ) throws(Failure) {
        guard let handle = curl_easy_init() else { throw Failure(code: 0, description: "libcurl could not be started") }
        defer { curl_easy_cleanup(handle) }
        var list: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(list) }
        for recipient in recipients { list = curl_slist_append(list, "<\(recipient)>") }
        let source = Source(message)
        // The size is part of libcurl's interface.
        let reason = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        reason.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        defer { reason.deallocate() }
        let tls = server.needsTLS ? CURLUSESSL_ALL : CURLUSESSL_NONE
        var options = [
            shim_set_string(handle, CURLOPT_URL, server.url),
            shim_set_string(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps"),
            shim_set_long(handle, CURLOPT_USE_SSL, Int(tls.rawValue)),
            shim_set_string(handle, CURLOPT_MAIL_FROM, "<\(sender)>"),
            shim_set_pointer(handle, CURLOPT_MAIL_RCPT, list),
            shim_set_long(handle, CURLOPT_UPLOAD, 1),
            shim_set_long(handle, CURLOPT_TIMEOUT, timeoutSeconds),
            shim_set_long(handle, CURLOPT_NOSIGNAL, 1),
            shim_set_pointer(handle, CURLOPT_ERRORBUFFER, reason),
            shim_set_read(handle, give, Unmanaged.passUnretained(source).toOpaque()),
        ]
        if let user = server.user { options.append(shim_set_string(handle, CURLOPT_USERNAME, user)) }
        if let password = server.password { options.append(shim_set_string(handle, CURLOPT_PASSWORD, password)) }
        if let authority = server.authority { options.append(shim_set_string(handle, CURLOPT_CAINFO, authority)) }
        guard options.allSatisfy({ $0 == CURLE_OK }) else {
            throw Failure(code: 0, description: "libcurl does not take these settings")
        }
        let outcome = withExtendedLifetime(source) { curl_easy_perform(handle) }
        guard outcome != CURLE_OK else { return }
        var code = 0
        _ = shim_get_long(handle, CURLINFO_RESPONSE_CODE, &code)
        let told = String(cString: reason)
        throw Failure(code: code, description: told.isEmpty ? String(cString: curl_easy_strerror(outcome)) : told)
    }
}

/// A message that libcurl fetches piece by piece; it gets this as an opaque pointer.
private final class Source {
    private let bytes: [UInt8]
    private var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func fill(_ room: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(room.count, bytes.count - at)
        room.copyBytes(from: bytes[at..<at + count])
        at += count
        return count
    }
}

private let give: shim_write_callback = { bytes, size, count, context in
    guard let bytes, let context else { return 0 }
    let source = Unmanaged<Source>.fromOpaque(context).takeUnretainedValue()
    return source.fill(UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
}
