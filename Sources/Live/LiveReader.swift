package import Domain
internal import Feeds
internal import Store
internal import Telemetry

/// Reads one stream into the live job: standard input, a file, or a file that grows.
///
/// A file is read from where it was last left, whichever process that was; standard input from its beginning.
package struct LiveReader: Sendable {
    /// What a stream is read from.
    package enum Origin: Sendable {
        /// A descriptor; `run` names this one reading of it.
        case descriptor(Int32, name: String, run: String)
        case file(path: String, grows: Bool)
    }

    /// What was read and kept.
    package struct Tally: Equatable, Sendable {
        package var job: JobID
        package var posts = 0
        package var batches = 0
        package var bytes: Int64 = 0
    }

    /// How soon something new is seen: a tenth of what a batch waits.
    private static let look = Duration.milliseconds(100)

    private let input: LiveInput
    private let origin: Origin
    private let metrics = LiveMetrics()

    package init(input: LiveInput, origin: Origin) {
        self.input = input
        self.origin = origin
    }

    /// Reads until the stream ends; one that grows has no end.
    package func run() async throws -> Tally {
        var tally = Tally(job: try await input.job())
        switch origin {
        case .descriptor(let descriptor, let name, let run):
            let stream = LiveStream(
                descriptor: descriptor, name: name, format: input.format, bytes: input.settings.batchBytes,
                records: input.settings.batchPosts)
            guard let first = try await next(of: stream) else { return tally }
            let writer = try await input.writer(of: name, identity: run, format: first.chunk.format, into: tally.job)
            try await keep(first, of: stream, with: writer, &tally)
        case .file(let path, let grows):
            repeat {
                try await read(path, grows: grows, &tally)
                if grows { try await Task.sleep(for: Self.look) }
            } while grows
        }
        return tally
    }

    /// Reads the file that has this name now.
    private func read(_ path: String, grows: Bool, _ tally: inout Tally) async throws {
        guard let identity = try Self.identity(of: path, grows: grows) else { return }
        let writer = try await input.writer(of: path, identity: identity, into: tally.job)
        let stream = LiveStream(
            path: path, from: writer.source.position, grows: grows, bytes: input.settings.batchBytes,
            records: input.settings.batchPosts)
        guard let first = try await next(of: stream) else { return }
        try await keep(first, of: stream, with: writer, &tally)
    }

    /// `nil` between two files of one name, and before the first line is written.
    private static func identity(of path: String, grows: Bool) throws(FeedError) -> String? {
        do throws(FeedError) {
            return try LiveStream.identity(of: path, grows: grows)
        } catch {
            if grows, case .missing = error { return nil }
            throw error
        }
    }

    /// The next batch, once it is full or has waited long enough; `nil` at the end.
    private func next(of stream: LiveStream) async throws -> LiveChunk? {
        var due: ContinuousClock.Instant?
        while true {
            let outcome = try stream.gather()
            let now = ContinuousClock.now
            if stream.isEmpty {
                if outcome == .ended { return nil }
                try await Task.sleep(for: Self.look)
                continue
            }
            let end = due ?? now + input.settings.linger
            due = end
            if outcome != .quiet || now >= end { return try stream.take() }
            try await Task.sleep(for: min(end - now, Self.look))
        }
    }

    /// Keeps batch after batch until the stream ends.
    private func keep(
        _ first: LiveChunk, of stream: LiveStream, with writer: LiveWriter, _ tally: inout Tally
    ) async throws {
        var writer = writer
        var chunk: LiveChunk? = first
        while let present = chunk {
            try await keep(present, with: &writer, &tally)
            chunk = try await next(of: stream)
        }
    }

    private func keep(_ chunk: LiveChunk, with writer: inout LiveWriter, _ tally: inout Tally) async throws {
        while try await input.store.backlog(of: tally.job) > input.settings.backlog {
            try await Task.sleep(for: Self.look)
        }
        let now = Timestamp.now
        let payload = chunk.chunk.payload
        let census = try PostCensus(
            payload, format: chunk.chunk.format, compression: .zstd, mapping: input.mapping, receivedAt: now)
        let started = ContinuousClock.now
        let position = writer.source.position
        let batch = LiveBatch(
            payload: payload, length: chunk.end - position, shift: chunk.chunk.offset - position,
            latest: census.latest, receivedAt: now)
        _ = try await writer.keep(batch)
        metrics.countBatch(posts: census.posts, took: ContinuousClock.now - started)
        tally.posts += census.posts
        tally.batches += 1
        tally.bytes += batch.length
    }
}
