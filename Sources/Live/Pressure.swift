internal import Synchronization

/// Decides whether another request may be taken in.
final class Pressure: Sendable {
    /// Why not.
    enum Refusal: Sendable {
        /// Too many bytes wait here.
        case held
        /// The cluster does not keep up.
        case backlog
    }

    private struct State {
        var bytes = 0
        var isBehind = false
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    /// Takes `bytes` of the room, or says why not.
    ///
    /// Bytes that were taken must be given back.
    func take(_ bytes: Int) -> Refusal? {
        state.withLock { state in
            if state.isBehind { return .backlog }
            // One request always fits, or a large one would never.
            guard state.bytes == 0 || state.bytes + bytes <= limit else { return .held }
            state.bytes += bytes
            return nil
        }
    }

    /// A request turned out to hold more or less than was taken for it.
    func change(by bytes: Int) { state.withLock { $0.bytes += bytes } }

    func note(isBehind: Bool) { state.withLock { $0.isBehind = isBehind } }
}
