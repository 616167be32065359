/// What an HTTP server answered.
package struct HTTPResponse: Sendable, Equatable {
    package let status: Int
    package let body: [UInt8]
    /// By name in lower case; empty where the request did not ask for them.
    package var headers: [String: String] = [:]
}

/// Why an HTTP request gave no answer.
package enum WebError: Error, Equatable, CustomStringConvertible {
    /// libcurl could not be started.
    case unavailable
    /// No answer: the address, and libcurl's reason.
    case failed(url: String, reason: String)
    /// The body is longer than the caller allows.
    case tooLarge(url: String, limit: Int)
    /// The server cannot go on behind the bytes already here.
    case noSuchRange(url: String)

    package var description: String {
        switch self {
        case .unavailable: "libcurl could not be started"
        case .failed(let url, let reason): "\(url): \(reason)"
        case .tooLarge(let url, let limit): "\(url): the answer is longer than \(limit) bytes"
        case .noSuchRange(let url): "\(url): the server cannot go on in the middle of the file"
        }
    }
}
