import Logging
import Synchronization

/// The nodes of a Redis Cluster, and which of them serves which slot as far as is known.
///
/// What is known is learnt from any node that answers, and again after every sign that it is out of date: a redirection,
/// a broken connection, a refusal. Only primaries are kept connected.
final class RedisCluster: Sendable {
    private struct State {
        var map = SlotMap()
        var nodes: [RedisURL.Endpoint: RedisNode] = [:]
        /// Whether the map shall be read again before it is next used.
        var isInDoubt = true
        /// Who probably knows best: the node that a redirection pointed to.
        var informant: RedisURL.Endpoint?
        /// Whom to ask last: the node that gave trouble.
        var suspect: RedisURL.Endpoint?
        var reading: SharedAttempt<Void>
        var isClosed = false
    }

    /// Redirections of one command before it is given up for now: more mean that the nodes disagree.
    private static let redirectionLimit = 5
    /// The least time between two readings: a slot whose primary is dead stays in doubt until a replica takes over.
    private static let pause: Duration = .milliseconds(100)
    /// How long one node may take to tell the map: a hung one must not keep us from asking the next.
    private static let patience: Duration = .seconds(1)

    private let url: RedisURL
    private let settings: RedisClient.Settings
    private let logger: Logger
    private let state: Mutex<State>

    init(_ url: RedisURL, settings: RedisClient.Settings, logger: Logger) {
        self.url = url
        self.settings = settings
        self.logger = logger
        let backoff = Backoff(base: Self.pause, limit: settings.retryLimit)
        state = Mutex(State(reading: SharedAttempt(backoff)))
    }

    func close() {
        let (nodes, waiting) = state.withLock { state in
            state.isClosed = true
            defer { state.nodes = [:] }
            return (state.nodes.values, state.reading.leave())
        }
        for waiter in waiting { waiter.complete(.failure(.closed)) }
        for node in nodes { node.close() }
    }

    /// Sends commands on one slot to the node that serves it, and after the slot where it is moving or has moved.
    ///
    /// A redirected command did not run, so it is safe to send it again.
    func exchange(
        _ commands: [RedisCommand], in slot: HashSlot, shielded: Bool,
        over send: (RedisNode, [RedisCommand]) async throws(RedisError) -> [RedisValue]
    ) async throws(RedisError) -> [RedisValue] {
        var node = try await node(for: slot, shielded: shielded)
        var replies = try await watched(node, commands, send)
        for _ in 0..<Self.redirectionLimit {
            let redirections = replies.map { Redirection($0, from: node.url.endpoint) }
            guard case let redirection?? = redirections.first(where: { $0 != nil }) else { return replies }
            let redirected = redirections.indices.filter { redirections[$0] == redirection }
            node = self.node(at: redirection.endpoint)
            let again = try await follow(redirection, to: node, redirected.map { commands[$0] }, send)
            for (index, reply) in zip(redirected, again) { replies[index] = reply }
        }
        throw .server(code: "TRYAGAIN", message: "the nodes disagree where slot \(slot.number) is")
    }

    private func follow(
        _ redirection: Redirection, to node: RedisNode, _ commands: [RedisCommand],
        _ send: (RedisNode, [RedisCommand]) async throws(RedisError) -> [RedisValue]
    ) async throws(RedisError) -> [RedisValue] {
        switch redirection {
        case .moved(let slot, let place):
            state.withLock { state in
                state.map.note(slot, at: place)
                (state.isInDoubt, state.informant) = (true, place)
            }
            return try await watched(node, commands, send)
        case .ask:
            let replies = try await watched(node, commands.flatMap { [RedisCommand("ASKING"), $0] }, send)
            return stride(from: 1, to: replies.count, by: 2).map { replies[$0] }
        }
    }

    /// Sends, and takes note of trouble that a new look at the cluster may end.
    private func watched(
        _ node: RedisNode, _ commands: [RedisCommand],
        _ send: (RedisNode, [RedisCommand]) async throws(RedisError) -> [RedisValue]
    ) async throws(RedisError) -> [RedisValue] {
        do throws(RedisError) {
            let replies = try await send(node, commands)
            if replies.contains(where: \.isFromReplica) || replies.contains(where: \.isClusterDown) { doubt(node) }
            return replies
        } catch {
            if error.isTransient { doubt(node) }
            throw error
        }
    }

    private func doubt(_ node: RedisNode) {
        state.withLock { ($0.isInDoubt, $0.suspect) = (true, node.url.endpoint) }
    }
}

extension RedisCluster {
    /// The node at a place, which need not be reachable.
    func node(at place: RedisURL.Endpoint) -> RedisNode {
        state.withLock { state in
            if let node = state.nodes[place] { return node }
            let node = RedisNode(url.at(place), settings: settings, logger: logger)
            if state.isClosed { node.close() } else { state.nodes[place] = node }
            return node
        }
    }

    /// The primary of every slot.
    func primaries() async throws(RedisError) -> [RedisNode] {
        try await settle(shielded: false)
        return state.withLock { $0.map.primaries }.map { node(at: $0) }
    }

    private func node(for slot: HashSlot, shielded: Bool) async throws(RedisError) -> RedisNode {
        try await settle(shielded: shielded)
        guard let place = state.withLock({ $0.map[slot] }) else {
            state.withLock { $0.isInDoubt = true }
            throw .server(code: "CLUSTERDOWN", message: "no node serves slot \(slot.number)")
        }
        return node(at: place)
    }

    /// Reads the map again if it is in doubt and was not read just now; waits for the reading under way.
    private func settle(shielded: Bool) async throws(RedisError) {
        let waiter = Waiter<Void>()
        let mustRead = state.withLock { state in
            if state.isClosed {
                waiter.complete(.failure(.closed))
            } else if state.isInDoubt || state.reading.isUnderWay {
                return state.reading.join(waiter)
            } else {
                waiter.complete(.success(()))
            }
            return false
        }
        // Unstructured, since the reading serves all who wait and outlives the task that began it. It is bounded by the
        // number of known nodes and `patience` for each.
        if mustRead { Task { await read() } }
        try await waiter.value(shielded: shielded)
    }

    private func read() async {
        if let moment = state.withLock({ $0.reading.notBefore }) { try? await Task.sleep(until: moment) }
        let outcome: Waiter<SlotMap>.Outcome
        do throws(RedisError) {
            outcome = .success(try await newMap())
        } catch {
            outcome = .failure(error)
            logger.debug("\(error)")
        }
        let waiting = state.withLock { state in
            if case .success(let map) = outcome {
                (state.map, state.isInDoubt, state.informant, state.suspect) = (map, false, nil, nil)
                // A node that is left out closes its connection when the last command on it is done.
                let primaries = Set(map.primaries)
                state.nodes = state.nodes.filter { primaries.contains($0.key) }
            }
            return state.reading.end(succeeded: outcome.isSuccess, pause: Self.pause)
        }
        for waiter in waiting { waiter.complete(outcome.map { _ in }) }
    }

    /// Asks the informant first, then each known node, then those that the URL names, and the suspect last.
    private func newMap() async throws(RedisError) -> SlotMap {
        let (informant, known, suspect) = state.withLock { ($0.informant, $0.map.nodes, $0.suspect) }
        var places: [RedisURL.Endpoint] = []
        // Shuffled, so that the processes of a fleet do not all ask the same node.
        for place in (informant.map { [$0] } ?? []) + known.shuffled() + url.seeds.shuffled()
        where place != suspect && !places.contains(place) {
            places.append(place)
        }
        if let suspect { places.append(suspect) }
        var failure = RedisError.connection("\(url): no node is known")
        for place in places {
            do throws(RedisError) {
                return try await map(from: place)
            } catch {
                // A wrong password is the same everywhere, and hides behind the last node's silence otherwise.
                guard error.isTransient else { throw error }
                failure = error
            }
        }
        throw failure
    }

    private func map(from place: RedisURL.Endpoint) async throws(RedisError) -> SlotMap {
        let connection = try await RedisConnection.open(url.at(place), name: settings.name, patience: Self.patience)
        defer { connection.close() }
        let command = RedisCommand("CLUSTER", "SLOTS")
        let request = Request([command], patience: Self.patience)
        connection.send(request)
        do throws(RedisError) {
            let reply = try RedisClient.only(try await request.waiter.value(shielded: true), to: command)
            return try SlotMap(reply, from: place)
        } catch .server("ERR", let message) {
            throw .server(code: "ERR", message: "\(message); leave cluster=true out of the URL of a server alone")
        }
    }
}

extension RedisValue {
    /// The refusal of a node that knows a slot or a majority to be missing.
    fileprivate var isClusterDown: Bool {
        guard case .error(let text) = self else { return false }
        return text.hasPrefix("CLUSTERDOWN")
    }
}
