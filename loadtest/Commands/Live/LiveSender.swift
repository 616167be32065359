import Domain
import Foundation
import Web

/// Sends requests to a gateway until each is accepted, as a careful sender does: with a key, again after a pause.
struct LiveSender {
    private struct Answer: Decodable {
        var job: Int32?
        var shard: UInt32?
    }

    let port: Int
    let track: LiveTrack

    func send(_ body: [UInt8], due: ContinuousClock.Instant) async throws {
        let url = "http://127.0.0.1:\(port)/v1/posts"
        let headers = ["Idempotency-Key: \(UUID().uuidString)", "Content-Type: application/x-ndjson"]
        while true {
            let response = try await Self.onOwnThread { try HTTPClient.post(url, headers: headers, body: body) }
            if response.status == 202 {
                let answer = try JSONDecoder().decode(Answer.self, from: Data(response.body))
                guard let job = answer.job, let shard = answer.shard else { throw LoadtestError("202 without a shard") }
                let id = ShardID(job: JobID(rawValue: job), index: shard)
                return track.note(.init(shard: id, due: due, accepted: .now))
            }
            guard response.status == 429 || response.status == 503 else {
                throw LoadtestError(
                    "the gateway said \(response.status): \(String(decoding: response.body, as: UTF8.self))")
            }
            track.noteRepeat()
            try await Task.sleep(for: .seconds(response.headers["retry-after"].flatMap { Int($0) } ?? 1))
        }
    }

    /// libcurl waits for the answer, up to the time that a batch waits.
    private static func onOwnThread<Result: Sendable>(
        _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Swift.Result { try work() }) }.start()
        }
    }
}
