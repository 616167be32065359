internal import Domain
internal import Foundation
internal import Store
internal import Telemetry

/// Turns the pieces that wait into batches, and batches into shards of the live job, one after the other.
struct GatewayKeeper {
    private let input: LiveInput
    private let queue: PieceQueue
    private let metrics: LiveMetrics
    /// Names this process's stream, whose position tells whether a batch was kept.
    private let identity = UUID().uuidString
    /// `nil` at first, and while nobody knows whether the last batch was kept.
    private var writer: LiveWriter?

    init(input: LiveInput, queue: PieceQueue, metrics: LiveMetrics) {
        self.input = input
        self.queue = queue
        self.metrics = metrics
    }

    /// Works until the queue is closed and empty.
    mutating func run() async {
        while let waiting = await queue.next() {
            // A key that comes twice in one batch is known when its second piece has its turn.
            var keys: Set<String> = []
            let firsts = waiting.map { $0.piece.key.map { keys.insert($0.name).inserted } ?? true }
            await keep(zip(waiting, firsts).filter(\.1).map(\.0))
            await keep(zip(waiting, firsts).filter { !$0.1 }.map(\.0))
        }
    }

    /// Keeps all but pieces whose keys are known, and tells every sender.
    private mutating func keep(_ waiting: [PieceQueue.Waiting]) async {
        var waiting = waiting
        while let oldest = waiting.first {
            let started = ContinuousClock.now
            do {
                let batch = try LiveBatch(waiting.map(\.piece), at: .now)
                switch try await write(batch, until: oldest.since + input.settings.patience) {
                case .accepted(let shard):
                    metrics.countBatch(
                        posts: waiting.reduce(0) { $0 + $1.piece.posts }, took: ContinuousClock.now - started)
                    for sender in waiting { sender.reply.resume(returning: .kept(shard, posts: sender.piece.posts)) }
                    return
                case .known(let receipts): waiting = Self.told(receipts, waiting)
                }
            } catch {
                for sender in waiting { sender.reply.resume(throwing: error) }
                return
            }
        }
    }

    private mutating func write(
        _ batch: LiveBatch, until deadline: ContinuousClock.Instant
    ) async throws -> LiveOutcome {
        var wasClosed = false
        while true {
            do {
                if writer == nil { writer = try await open() }
                guard var writer else { continue }
                self.writer = nil
                let outcome = try await writer.keep(batch, until: deadline)
                self.writer = writer
                return outcome
            } catch StoreError.notLive where !wasClosed {
                // Somebody closed the job: the next posts begin another.
                wasClosed = true
            }
        }
    }

    private func open() async throws -> LiveWriter {
        let job = try await input.job()
        return try await input.writer(of: "gateway", identity: identity, into: job)
    }

    /// Answers those whose keys are known and returns the others.
    private static func told(_ receipts: [LiveReceipt], _ waiting: [PieceQueue.Waiting]) -> [PieceQueue.Waiting] {
        waiting.filter { sender in
            guard let key = sender.piece.key, let receipt = receipts.first(where: { $0.key.name == key.name }) else {
                return true
            }
            let isSame = receipt.key.digest == key.digest
            sender.reply.resume(
                returning: isSame ? .repeated(receipt.shard, posts: receipt.key.posts) : .keyIsTaken)
            return false
        }
    }
}

extension Timestamp {
    /// This moment by the system's clock.
    static var now: Self {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
