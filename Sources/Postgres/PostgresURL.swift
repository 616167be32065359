internal import CLibPQ

/// Reads connection URLs as libpq does, and keeps their passwords out of every text.
package enum PostgresURL {
    /// `user@host:port/database`, for messages.
    package static func target(of url: String) throws(PostgresError) -> String {
        let options = try parts(of: url)
        let host = options["host"] ?? options["hostaddr"] ?? "localhost"
        let port = options["port"].map { ":\($0)" } ?? ""
        let user = options["user"].map { "\($0)@" } ?? ""
        return user + host + port + (options["dbname"].map { "/\($0)" } ?? "")
    }

    /// The text with the URL's password blotted out.
    static func redact(_ text: String, url: String) -> String {
        guard let password = (try? parts(of: url))?["password"], !password.isEmpty else { return text }
        return text.split(separator: password, omittingEmptySubsequences: false).joined(separator: "***")
    }

    private static func parts(of url: String) throws(PostgresError) -> [String: String] {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(url, &message) else {
            defer { PQfreemem(message) }
            throw .invalidURL(reason: firstWords(message.map { String(cString: $0) } ?? "out of memory"))
        }
        defer { PQconninfoFree(options) }
        var parts: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { parts[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return parts
    }

    /// libpq quotes the URL, password and all: only what stands before the quote is fit to be shown.
    private static func firstWords(_ message: String) -> String {
        let words = message.prefix { $0 != "\"" && $0 != ":" && !$0.isNewline }
        return String(words).trimmingSuffix { $0 == " " }
    }
}

extension String {
    fileprivate func trimmingSuffix(while unwanted: (Character) -> Bool) -> String {
        var text = self
        while let last = text.last, unwanted(last) { text.removeLast() }
        return text
    }
}
