internal import Compression
internal import Domain
internal import Feeds
internal import Foundation
internal import Glibc
internal import Monitors
internal import Trends

/// The child's side of a trial: runs the shards that its worker sends, naming each record before it reads it.
///
/// The same pipeline as in the worker, one record at a time: whatever ends the process, the record named last was read.
package final class TrialServer {
    private let line: TrialLine
    private var buffer = FrameBuffer()
    private var memory = [UInt8](repeating: 0, count: 64 << 10)
    private var context: JobContext?
    private var models = ModelShelf(folder: "")

    /// - Parameter descriptor: the socket to the worker.
    package init(descriptor: Int32) { line = TrialLine(descriptor: descriptor) }

    /// Serves until the worker is gone.
    package func run() {
        InferenceThreads.lower(by: InferenceThreads.backgroundNiceness)
        // A core dump of each poisonous record would fill the disk, and the worker's own death left one.
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        endWithWorker()
        do throws(TrialLineError) {
            while true { try serve() }
        } catch {
            // The worker is gone, or speaks another language; nobody waits for anything.
        }
    }

    /// A record that takes for ever must not keep the process when its worker has died.
    private func endWithWorker() {
        let thread = Thread { [line] in
            line.waitForEnd()
            _exit(0)
        }
        thread.name = "trial-end"
        thread.start()
    }

    private func serve() throws(TrialLineError) {
        guard case .request(let bytes) = try receive() else { throw .outOfStep }
        let request: TrialRequest
        do { request = try TrialRequest(encoded: bytes) } catch { throw .outOfStep }
        var payload: [UInt8]?
        if request.hasPayload {
            guard case .payload(let bytes) = try receive() else { throw .outOfStep }
            payload = bytes
        }
        do {
            try run(request, payload: payload)
        } catch let error as TrialLineError {
            throw error
        } catch {
            try line.send(.failed(FailureClass(of: error), reason: "\(error)"))
            return
        }
        try line.send(.done)
    }

    private func run(_ request: TrialRequest, payload: [UInt8]?) throws {
        var pipeline = ShardPipeline(context: try context(of: request), batchSize: 1)
        pipeline.skipped = request.poison
        pipeline.willRead = { [line] offset in
            // Without a listener there is no sense in going on.
            do throws(TrialLineError) { try line.send(.reading(offset)) } catch { _exit(0) }
        }
        try pipeline.run(
            request.shard, payload: payload,
            emit: { try line.send(.part(ZstdFrame.compressed($0.encoded()))) })
    }

    private func context(of request: TrialRequest) throws -> JobContext {
        let job = JobID(rawValue: request.job)
        if let context, context.job == job, models.folder == request.models { return context }
        if models.folder != request.models { models = ModelShelf(folder: request.models) }
        let made = try JobContext(
            job: job, monitorYAML: request.monitorYAML, models: models,
            submitted: Timestamp(milliseconds: request.submittedMilliseconds))
        context = made
        return made
    }

    private func receive() throws(TrialLineError) -> TrialFrame {
        while true {
            if let frame = try buffer.next() { return frame }
            _ = try line.receive(into: &buffer, &memory)
        }
    }
}
