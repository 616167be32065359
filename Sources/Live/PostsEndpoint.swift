internal import Crypto
internal import Domain
internal import Feeds
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import Store
internal import Telemetry

/// `POST /v1/posts`: takes lines of JSON and answers 202 once no crash can lose them.
struct PostsEndpoint: Sendable {
    let input: LiveInput
    let queue: PieceQueue
    let pressure: Pressure
    /// `nil` when everybody may send.
    let token: BearerToken?
    let metrics: LiveMetrics

    private static let keyField = HTTPField.Name("Idempotency-Key")
    /// As long as senders' names for a batch get; longer ones would fill the table of keys.
    private static let keyBytes = 255
    /// By then the next batch has been kept.
    private static let soon = 1
    /// A cluster that is behind needs time.
    private static let late = 5

    func respond(to request: Request) async -> Response {
        let answer = await answer(to: request)
        metrics.countAnswer(status: answer.status.code)
        return answer.response
    }

    private func answer(to request: Request) async -> GatewayAnswer {
        // Before a byte of the body is taken in.
        if let token, !token.isShown(in: request.headers[.authorization]) {
            return .refused(.unauthorized, "no valid bearer token")
        }
        let compression: SourceDescription.Compression
        switch request.headers[.contentEncoding]?.lowercased() {
        case nil, "", "identity": compression = .none
        case "gzip", "x-gzip": compression = .gzip
        case "zstd": compression = .zstd
        case let other?: return .refused(.unsupportedMediaType, "content encoding '\(other)': use gzip, zstd or none")
        }
        let key = Self.keyField.flatMap { request.headers[$0] }
        guard key.map({ (1...Self.keyBytes).contains($0.utf8.count) }) ?? true else {
            return .refused(.badRequest, "an Idempotency-Key has 1 to \(Self.keyBytes) bytes")
        }
        let limit = input.settings.bodyBytes
        let announced = request.headers[.contentLength].flatMap { Int($0) } ?? limit
        guard announced <= limit else { return Self.tooLarge(limit) }
        switch pressure.take(announced) {
        case .held: return .later(.tooManyRequests, "too many posts wait here", seconds: Self.soon)
        case .backlog: return .later(.tooManyRequests, "the cluster is behind", seconds: Self.late)
        case nil: break
        }
        var held = announced
        defer { pressure.change(by: -held) }
        do {
            let body = try await request.body.collect(upTo: limit)
            let text = try UnpackedText.of(Array(buffer: body), compression, limit: limit)
            pressure.change(by: text.count - held)
            held = text.count
            let piece = try LivePiece(
                text, mapping: input.mapping, receivedAt: .now,
                key: key.map { ($0, digest: Array(SHA256.hash(data: text))) })
            return Self.answer(of: try await queue.put(piece))
        } catch {
            return answer(of: error, limit)
        }
    }

    private static func answer(of outcome: PieceOutcome) -> GatewayAnswer {
        switch outcome {
        case .kept(let shard, let posts): .kept(shard, posts: posts)
        case .repeated(let shard, let posts): .kept(shard, posts: posts, repeated: true)
        case .keyIsTaken: .refused(.unprocessableContent, "this Idempotency-Key was used for other posts")
        }
    }

    private func answer(of error: any Error, _ limit: Int) -> GatewayAnswer {
        switch error {
        case LivePiece.Fault.line(let fault): return .refused(.badRequest, fault.reason, line: fault.line)
        case LivePiece.Fault.empty: return .refused(.badRequest, "no posts: send one JSON object a line")
        case UnpackError.damaged(let reason): return .refused(.badRequest, reason)
        case UnpackError.tooLong, is NIOTooManyBytesError: return Self.tooLarge(limit)
        default:
            OutageLog.shared.warn(input.logger, "posts could not be kept", error)
            // Whether they were is not known: with a key the sender may send them again.
            return .later(.serviceUnavailable, "posts cannot be kept now; send them again", seconds: Self.soon)
        }
    }

    private static func tooLarge(_ limit: Int) -> GatewayAnswer {
        .refused(.contentTooLarge, "more than \(limit) bytes: send fewer posts at once")
    }
}
