package import Domain
package import Logging
internal import Synchronization

/// Runs shards that may have ended a worker, each in a child process, and sets the records aside that do it again.
///
/// The processes are started when there is something to try, and ended when there is nothing more.
package final class TrialRoom: Sendable {
    /// What became of a shard.
    package enum Verdict: Equatable, Sendable {
        case finished(parts: [[UInt8]])
        case failed(reason: String, FailureClass)
        case cancelled
    }

    private struct State {
        var idle: [TrialChild] = []
        /// Shards that wait for a process or run in one.
        var open = 0
    }

    private let program: TrialProgram
    private let models: String
    private let patience: Duration
    private let logger: Logger
    private let state = Mutex(State())

    /// - Parameters:
    ///   - models: the folder of model weights.
    ///   - patience: how long one record may take.
    package init(program: TrialProgram, models: String, patience: Duration, logger: Logger) {
        self.program = program
        self.models = models
        self.patience = patience
        self.logger = logger
    }

    /// A shard is about to come.
    func open() { state.withLock { $0.open += 1 } }

    /// A shard is done with; after the last one the processes end.
    func close() {
        let idle = state.withLock { state -> [TrialChild] in
            state.open -= 1
            guard state.open == 0 else { return [] }
            defer { state.idle = [] }
            return state.idle
        }
        for child in idle { child.end() }
    }

    /// Runs one shard to its verdict; blocks the thread.
    ///
    /// - Parameter isCancelled: asked about every tenth of a second.
    package func run(
        _ shard: ShardDescription, of context: JobContext, payload: [UInt8]?, isCancelled: () -> Bool
    ) -> Verdict {
        var logger = logger
        logger[metadataKey: "shard"] = "\(shard.id)"
        var course = TrialCourse()
        while !isCancelled() {
            let request = TrialRequest(
                shard, monitorYAML: context.monitorYAML, models: models, submitted: context.submitted,
                poison: course.poison)
            do {
                let child = try takeChild()
                switch try child.run(request, payload: payload, patience: patience, isCancelled: isCancelled) {
                case .finished(let parts):
                    giveBack(child)
                    if !course.poison.isEmpty {
                        logger.warning(
                            "poisonous records were set aside", metadata: ["count": "\(course.poison.count)"])
                    }
                    return .finished(parts: parts)
                case .failed(let reason, let failure):
                    giveBack(child)
                    return .failed(reason: reason, failure)
                case .cancelled: return .cancelled
                case .died(let offset, let cause):
                    let place = offset.map { "byte \($0)" } ?? "before the first record"
                    logger.warning("a trial ended early", metadata: ["at": "\(place)", "cause": "\(cause)"])
                    guard case .failed(let reason, let failure) = course.ended(at: offset, cause: cause) else {
                        continue
                    }
                    return .failed(reason: reason, failure)
                }
            } catch {
                return .failed(reason: "no trial: \(error)", .transient)
            }
        }
        return .cancelled
    }

    private func takeChild() throws -> TrialChild {
        if let child = state.withLock({ $0.idle.popLast() }) { return child }
        return try TrialChild(program)
    }

    private func giveBack(_ child: TrialChild) {
        let isWanted = state.withLock { state in
            guard state.open > 0 else { return false }
            state.idle.append(child)
            return true
        }
        if !isWanted { child.end() }
    }
}
