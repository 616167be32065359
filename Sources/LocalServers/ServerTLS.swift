/// The files with which a private server talks TLS: PEM, the certificate good for `localhost` and 127.0.0.1.
package struct ServerTLS: Sendable {
    /// Who signed the server's certificate and those of the clients.
    package var authority: String
    package var certificate: String
    package var key: String

    package init(authority: String, certificate: String, key: String) {
        self.authority = authority
        self.certificate = certificate
        self.key = key
    }

    /// What a client that shows the same certificate puts behind its URL.
    var redisQuery: String {
        "?ca=\(URLText.escaped(authority))&cert=\(URLText.escaped(certificate))&key=\(URLText.escaped(key))"
    }

    var postgresQuery: String {
        "?sslmode=verify-full&sslrootcert=\(URLText.escaped(authority))&sslcert=\(URLText.escaped(certificate))"
            + "&sslkey=\(URLText.escaped(key))"
    }
}
