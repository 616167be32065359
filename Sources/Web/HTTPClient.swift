internal import CCurl

/// One blocking HTTP request over libcurl.
///
/// Call it from a thread that may wait.
package enum HTTPClient {
    /// Gets `url` over http or https, without following redirects.
    ///
    /// - Throws: `WebError` when no answer came within `timeoutSeconds`, or one longer than `limit` bytes.
    package static func get(
        _ url: String, timeoutSeconds: Int = 5, limit: Int = 1 << 20
    ) throws(WebError) -> HTTPResponse {
        guard let handle = curl_easy_init() else { throw .unavailable }
        defer { curl_easy_cleanup(handle) }
        let sink = Sink(limit: limit)
        let options = [
            shim_set_string(handle, CURLOPT_URL, url),
            shim_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https"),
            shim_set_long(handle, CURLOPT_TIMEOUT, timeoutSeconds),
            shim_set_long(handle, CURLOPT_NOSIGNAL, 1),
            shim_set_write(handle, receive, Unmanaged.passUnretained(sink).toOpaque()),
        ]
        guard let setUp = options.first(where: { $0 != CURLE_OK }) ?? options.last, setUp == CURLE_OK else {
            throw .unavailable
        }
        let outcome = curl_easy_perform(handle)
        guard !sink.overflowed else { throw .tooLarge(url: url, limit: limit) }
        guard outcome == CURLE_OK else {
            throw .failed(url: url, reason: String(cString: curl_easy_strerror(outcome)))
        }
        var status = 0
        _ = shim_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        return HTTPResponse(status: status, body: sink.bytes)
    }
}

/// Collects a body up to its limit; libcurl hands it to the callback as an opaque pointer.
final class Sink {
    let limit: Int
    var bytes: [UInt8] = []
    var overflowed = false

    init(limit: Int) { self.limit = limit }
}

let receive: shim_write_callback = { bytes, size, count, context in
    guard let bytes, let context else { return 0 }
    let sink = Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
    let length = size * count
    guard sink.bytes.count + length <= sink.limit else {
        sink.overflowed = true
        return 0
    }
    sink.bytes.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: length))
    return length
}
