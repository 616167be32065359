internal import Domain

/// A message between a worker and its trial process.
///
/// On the wire: the body's length in four bytes, lowest first, a byte for the kind, the body.
enum TrialFrame: Equatable, Sendable {
    /// To the child: run a shard. The body is a `TrialRequest` as JSON.
    case request([UInt8])
    /// To the child, behind a request that announces it: the shard's bytes.
    case payload([UInt8])
    /// The record at this offset is read next: what is known should it be the last word.
    case reading(Int64)
    /// A part of the result, as it travels to the reducer.
    case part([UInt8])
    case done
    /// The shard cannot be read: the class, and the reason.
    case failed(FailureClass, reason: String)

    /// The size of the part before the body.
    static let headBytes = 5
    /// More than any payload or part: a larger length means that the line is out of step.
    static let bodyLimit = 1 << 30

    var bytes: [UInt8] {
        let body: [UInt8]
        switch self {
        case .request(let bytes), .payload(let bytes), .part(let bytes): body = bytes
        case .reading(let offset): body = (0..<8).map { UInt8(truncatingIfNeeded: offset >> ($0 * 8)) }
        case .done: body = []
        case .failed(let failure, let reason): body = Array("\(failure.rawValue) \(reason)".utf8)
        }
        precondition(body.count <= Self.bodyLimit, "a frame of \(body.count) bytes")
        return (0..<4).map { UInt8(truncatingIfNeeded: body.count >> ($0 * 8)) } + [kind] + body
    }

    private var kind: UInt8 {
        switch self {
        case .request: 0
        case .payload: 1
        case .reading: 2
        case .part: 3
        case .done: 4
        case .failed: 5
        }
    }

    /// `nil` for what no version of this program writes.
    init?(kind: UInt8, body: ArraySlice<UInt8>) {
        switch kind {
        case 0: self = .request(Array(body))
        case 1: self = .payload(Array(body))
        case 2 where body.count == 8: self = .reading(body.reversed().reduce(0) { $0 << 8 | Int64($1) })
        case 3: self = .part(Array(body))
        case 4: self = .done
        case 5:
            let words = String(decoding: body, as: UTF8.self).split(separator: " ", maxSplits: 1)
            guard let failure = words.first.flatMap({ FailureClass(rawValue: String($0)) }) else { return nil }
            self = .failed(failure, reason: words.count > 1 ? String(words[1]) : "")
        default: return nil
        }
    }
}

/// Bytes as they come, out as whole frames.
struct FrameBuffer {
    private var bytes: [UInt8] = []
    private var start = 0

    mutating func append(_ more: some Collection<UInt8>) {
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: true)
            start = 0
        }
        bytes.append(contentsOf: more)
    }

    /// The next frame; `nil` while it is not here whole.
    ///
    /// - Throws: `TrialLineError.outOfStep` for bytes that are no frames.
    mutating func next() throws(TrialLineError) -> TrialFrame? {
        guard bytes.count - start >= TrialFrame.headBytes else { return nil }
        let length = (0..<4).reduce(0) { $0 | Int(bytes[start + $1]) << ($1 * 8) }
        guard length <= TrialFrame.bodyLimit else { throw .outOfStep }
        let end = start + TrialFrame.headBytes + length
        guard bytes.count >= end else { return nil }
        let kind = bytes[start + 4]
        guard let frame = TrialFrame(kind: kind, body: bytes[(start + TrialFrame.headBytes)..<end]) else {
            throw .outOfStep
        }
        start = end
        if start >= 1 << 20 {
            bytes.removeFirst(start)
            start = 0
        }
        return frame
    }
}

/// Why nothing more comes over the line to a trial process, or from it.
enum TrialLineError: Error, Equatable {
    /// The other side is gone.
    case ended
    case outOfStep
}
