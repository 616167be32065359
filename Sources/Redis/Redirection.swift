/// A cluster node's word that another node has the key.
enum Redirection: Equatable, Sendable {
    /// The slot lives there now.
    case moved(HashSlot, to: RedisURL.Endpoint)
    /// The slot is on its way there: only this command goes there, after `ASKING`.
    case ask(RedisURL.Endpoint)

    /// - Parameter sender: Who said so: a node that does not know the other's name leaves the host empty, which means
    ///   its own host.
    init?(_ reply: RedisValue, from sender: RedisURL.Endpoint) {
        guard case .error(let text) = reply else { return nil }
        let words = text.split(separator: " ")
        guard words.count >= 3, let number = Int(words[1]), (0..<HashSlot.count).contains(number),
            let colon = words[2].lastIndex(of: ":"), let port = Int(words[2][words[2].index(after: colon)...]),
            let place = sender.beside(host: String(words[2][..<colon]), port: port)
        else { return nil }
        switch words[0] {
        case "MOVED": self = .moved(HashSlot(number: number), to: place)
        case "ASK": self = .ask(place)
        default: return nil
        }
    }

    var endpoint: RedisURL.Endpoint {
        switch self {
        case .moved(_, let place), .ask(let place): place
        }
    }
}

extension RedisURL.Endpoint {
    /// Another node as this one names it; `nil` where its host is unknown.
    func beside(host: String?, port: Int) -> Self? {
        guard (1...65_535).contains(port), host != "?" else { return nil }
        if let host, !host.isEmpty { return .tcp(host: host, port: port) }
        guard case .tcp(let own, _) = self else { return nil }
        return .tcp(host: own, port: port)
    }
}
