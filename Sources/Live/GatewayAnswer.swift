internal import Domain
internal import Foundation
internal import Hummingbird

/// What the gateway says to a sender: a status, and JSON for people and programs.
struct GatewayAnswer {
    private struct Body: Encodable {
        var job: Int32?
        var shard: UInt32?
        var posts: Int?
        var `repeated`: Bool?
        var error: String?
        var line: Int?
    }

    let status: HTTPResponse.Status
    private let body: Body
    /// Seconds.
    private var retryAfter: Int?

    private init(_ status: HTTPResponse.Status, _ body: Body, retryAfter: Int? = nil) {
        self.status = status
        self.body = body
        self.retryAfter = retryAfter
    }

    static func kept(_ shard: ShardID, posts: Int, repeated: Bool = false) -> Self {
        Self(
            .accepted,
            Body(job: shard.job.rawValue, shard: shard.index, posts: posts, repeated: repeated ? true : nil))
    }

    static func refused(_ status: HTTPResponse.Status, _ error: String, line: Int? = nil) -> Self {
        Self(status, Body(error: error, line: line))
    }

    static func later(_ status: HTTPResponse.Status, _ error: String, seconds: Int) -> Self {
        Self(status, Body(error: error), retryAfter: seconds)
    }

    var response: Response {
        var headers: HTTPFields = [.contentType: "application/json"]
        if let retryAfter { headers[.retryAfter] = "\(retryAfter)" }
        if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = (try? encoder.encode(body)) ?? Data()
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes + [0x0A])))
    }
}
