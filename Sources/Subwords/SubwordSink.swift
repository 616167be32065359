/// Takes the tokens of a text, in order.
protocol SubwordSink {
    /// No further token is wanted: the rest of the text need not be read.
    var isFull: Bool { get }

    /// Takes a token that covers the text's bytes `start..<end`.
    mutating func take(_ id: Int32, _ start: Int, _ end: Int)
}

/// Keeps the numbers of the first tokens.
struct NumberSink: SubwordSink {
    /// Also holds special tokens, which the caller puts there and which do not count.
    var ids: [Int32] = []
    private var left: Int

    /// - Parameter room: about how many tokens to expect.
    init(limit: Int, room: Int) {
        left = limit
        ids.reserveCapacity(min(limit, room) + 4)
    }

    var isFull: Bool { left == 0 }

    @inline(__always)
    mutating func take(_ id: Int32, _ start: Int, _ end: Int) {
        guard left > 0 else { return }
        left -= 1
        ids.append(id)
    }
}

/// Keeps the first tokens with their places.
struct PieceSink: SubwordSink {
    let limit: Int
    private(set) var pieces: [SubwordPiece] = []

    init(limit: Int) { self.limit = limit }

    var isFull: Bool { pieces.count >= limit }

    mutating func take(_ id: Int32, _ start: Int, _ end: Int) {
        if pieces.count < limit { pieces.append(SubwordPiece(id: id, bytes: start..<end)) }
    }
}
