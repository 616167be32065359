/// Where a server listens.
package enum ServerPlace: Equatable, Sendable {
    case unix(path: String)
    case tcp(host: String, port: Int)
}
