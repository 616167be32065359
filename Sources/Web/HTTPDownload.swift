internal import CCurl
internal import Glibc

extension HTTPClient {
    /// Gets a file by https, http or file, goes on behind what `path` already holds, and returns its size.
    ///
    /// What has come stays in `path` when the connection breaks, so that a second call goes on from there. A server
    /// that cannot go on in the middle sends all anew. Redirects are followed, never from https to http.
    ///
    /// - Parameters:
    ///   - limit: more bytes than this are an error.
    ///   - progress: told the bytes present and the whole size, 0 while that is unknown; `false` gives up.
    package static func download(
        _ url: String, to path: String, limit: Int64, progress: (_ got: Int64, _ whole: Int64) -> Bool
    ) throws(WebError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw .failed(url: url, reason: "cannot write \(path)") }
        defer { close(descriptor) }
        let present = Int64(lseek(descriptor, 0, SEEK_END))
        do throws(WebError) {
            try receive(url, into: descriptor, from: present, limit: limit, progress)
        } catch .noSuchRange where present > 0 {
            guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else { throw .unavailable }
            try receive(url, into: descriptor, from: 0, limit: limit, progress)
        }
    }

    private static func receive(
        _ url: String, into descriptor: Int32, from start: Int64, limit: Int64,
        _ progress: (_ got: Int64, _ whole: Int64) -> Bool
    ) throws(WebError) {
        guard let handle = curl_easy_init() else { throw .unavailable }
        defer { curl_easy_cleanup(handle) }
        return try withoutActuallyEscaping(progress) { (progress) throws(WebError) in
            let sink = FileSink(descriptor, start: start, limit: limit, handle: handle, progress: progress)
            let options = [
                shim_set_string(handle, CURLOPT_URL, url),
                shim_set_string(handle, CURLOPT_PROTOCOLS_STR, "https,http,file"),
                shim_set_string(
                    handle, CURLOPT_REDIR_PROTOCOLS_STR, url.lowercased().hasPrefix("https:") ? "https" : "https,http"),
                shim_set_long(handle, CURLOPT_FOLLOWLOCATION, 1),
                shim_set_long(handle, CURLOPT_MAXREDIRS, 5),
                shim_set_long(handle, CURLOPT_FAILONERROR, 1),
                shim_set_long(handle, CURLOPT_NOSIGNAL, 1),
                shim_set_long(handle, CURLOPT_CONNECTTIMEOUT, 20),
                // A connection that brings nothing for half a minute is dead.
                shim_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1),
                shim_set_long(handle, CURLOPT_LOW_SPEED_TIME, 30),
                start > 0 ? shim_set_long(handle, CURLOPT_RESUME_FROM, Int(start)) : CURLE_OK,
                shim_set_write(handle, writeToFile, Unmanaged.passUnretained(sink).toOpaque()),
            ]
            guard options.allSatisfy({ $0 == CURLE_OK }) else { throw WebError.unavailable }
            let outcome = withExtendedLifetime(sink) { curl_easy_perform(handle) }
            var status = 0
            _ = shim_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
            switch outcome {
            case CURLE_OK: return
            case _ where sink.overflowed: throw WebError.tooLarge(url: url, limit: Int(limit))
            case _ where sink.cancelled: throw WebError.failed(url: url, reason: "given up")
            case CURLE_RANGE_ERROR, CURLE_BAD_DOWNLOAD_RESUME: throw WebError.noSuchRange(url: url)
            case CURLE_HTTP_RETURNED_ERROR:
                throw status == 416
                    ? .noSuchRange(url: url) : .failed(url: url, reason: "the server answered \(status)")
            default: throw WebError.failed(url: url, reason: String(cString: curl_easy_strerror(outcome)))
            }
        }
    }
}

/// Writes a body to a file up to a limit; libcurl hands it to the callback as an opaque pointer.
private final class FileSink {
    let descriptor: Int32
    let limit: Int64
    let handle: UnsafeMutableRawPointer
    let progress: (Int64, Int64) -> Bool
    let start: Int64
    var present: Int64
    var overflowed = false
    var cancelled = false

    init(
        _ descriptor: Int32, start: Int64, limit: Int64, handle: UnsafeMutableRawPointer,
        progress: @escaping (Int64, Int64) -> Bool
    ) {
        self.descriptor = descriptor
        self.start = start
        present = start
        self.limit = limit
        self.handle = handle
        self.progress = progress
    }

    /// Writes all of a block; `false` ends the transfer.
    func take(_ block: UnsafeRawBufferPointer) -> Bool {
        overflowed = present + Int64(block.count) > limit
        guard !overflowed else { return false }
        var rest = block[...]
        while !rest.isEmpty {
            let written = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return false }
            rest = rest.dropFirst(written)
        }
        present += Int64(block.count)
        var coming: curl_off_t = 0
        _ = shim_get_offset(handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &coming)
        cancelled = !progress(present, coming > 0 ? start + Int64(coming) : 0)
        return !cancelled
    }
}

private let writeToFile: shim_write_callback = { bytes, size, count, context in
    guard let bytes, let context else { return 0 }
    let sink = Unmanaged<FileSink>.fromOpaque(context).takeUnretainedValue()
    return sink.take(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}
