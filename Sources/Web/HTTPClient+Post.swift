internal import CCurl

extension HTTPClient {
    /// Sends `body` over http or https, without following redirects.
    ///
    /// - Parameters:
    ///   - headers: lines such as `Content-Type: application/json`.
    ///   - limit: bytes of the answer.
    ///   - mayCut: an answer longer than that is cut off, and no error.
    /// - Throws: `WebError` when no answer came within `timeoutSeconds`, or one longer than `limit` bytes.
    package static func post(
        _ url: String, headers: [String], body: [UInt8], timeoutSeconds: Int = 30, limit: Int = 1 << 20,
        mayCut: Bool = false
    ) throws(WebError) -> HTTPResponse {
        guard let handle = curl_easy_init() else { throw .unavailable }
        defer { curl_easy_cleanup(handle) }
        var list: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(list) }
        // "Expect: 100-continue" would cost a second with servers that do not know it.
        for header in ["Expect:"] + headers { list = curl_slist_append(list, header) }
        let sink = Sink(limit: limit)
        let fields = Fields()
        let options = [
            shim_set_string(handle, CURLOPT_URL, url),
            shim_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https"),
            shim_set_long(handle, CURLOPT_TIMEOUT, timeoutSeconds),
            shim_set_long(handle, CURLOPT_NOSIGNAL, 1),
            shim_set_pointer(handle, CURLOPT_HTTPHEADER, list),
            shim_set_long(handle, CURLOPT_POST, 1),
            shim_set_long(handle, CURLOPT_POSTFIELDSIZE, body.count),
            shim_set_write(handle, receive, Unmanaged.passUnretained(sink).toOpaque()),
            shim_set_header_write(handle, receiveField, Unmanaged.passUnretained(fields).toOpaque()),
        ]
        guard options.allSatisfy({ $0 == CURLE_OK }) else { throw .unavailable }
        let outcome = body.withUnsafeBytes { bytes in
            // libcurl only reads what it is to send.
            _ = shim_set_pointer(handle, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            return curl_easy_perform(handle)
        }
        guard !sink.overflowed || mayCut else { throw .tooLarge(url: url, limit: limit) }
        guard outcome == CURLE_OK || sink.overflowed else {
            throw .failed(url: url, reason: String(cString: curl_easy_strerror(outcome)))
        }
        var status = 0
        _ = shim_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        return HTTPResponse(status: status, body: sink.bytes, headers: fields.values)
    }
}

/// Collects the fields of an answer's head.
private final class Fields {
    var values: [String: String] = [:]
}

private let receiveField: shim_write_callback = { bytes, size, count, context in
    guard let bytes, let context else { return 0 }
    let fields = Unmanaged<Fields>.fromOpaque(context).takeUnretainedValue()
    let line = String(decoding: UnsafeRawBufferPointer(start: bytes, count: size * count), as: UTF8.self)
    let parts = line.split(separator: ":", maxSplits: 1)
    if parts.count == 2 {
        let value = parts[1].drop { $0 == " " }
        fields.values[parts[0].lowercased()] = String(value.prefix { !$0.isNewline })
    }
    return size * count
}
