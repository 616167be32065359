internal import Compression
internal import Domain
internal import Feeds
internal import Logging
internal import Queue
internal import Store
internal import Synchronization
internal import Telemetry
internal import Trends

extension LaneWorker {
    /// Runs one shard: on an inference thread, or in a trial when it may have ended a worker.
    func perform(_ assignment: Assignment) async -> Outcome {
        let shard = assignment.shard
        var payload: [UInt8]?
        if case .payload(let name) = shard.source.place {
            do {
                payload = try await store.payload(named: name, of: shard.id.job)
            } catch {
                return Outcome(of: error)
            }
        }
        let outcome: Outcome?
        if shard.deaths > 0 {
            trials.open()
            outcome = await undertakings.value(on: trialThreads) { [payload] in self.tried(assignment, payload) }
            trials.close()
        } else {
            outcome = await undertakings.value(on: threads) { [payload] in self.worked(assignment, payload) }
        }
        return outcome ?? .abandoned
    }

    private func worked(_ assignment: Assignment, _ payload: [UInt8]?) -> Outcome {
        guard mayStart(assignment) else { return .settled }
        guard !isUseless(assignment) else { return .abandoned }
        metrics.countStarted()
        let started = ContinuousClock.now
        var pipeline = ShardPipeline(context: assignment.context)
        var parts: [[UInt8]] = []
        do {
            try pipeline.run(
                assignment.shard, payload: payload, isCancelled: { isUseless(assignment) },
                emit: { parts.append(try ZstdFrame.compressed($0.encoded())) })
        } catch {
            return Outcome(of: error)
        }
        readings.show()
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        claimSize.withLock { $0.observed(seconds: seconds) }
        return .finished(parts: parts)
    }

    private func tried(_ assignment: Assignment, _ payload: [UInt8]?) -> Outcome {
        guard mayStart(assignment) else { return .settled }
        metrics.countStarted()
        let verdict = trials.run(
            assignment.shard, of: assignment.context, payload: payload, isCancelled: { isUseless(assignment) })
        switch verdict {
        case .finished(let parts): return .finished(parts: parts)
        case .failed(let reason, let failure): return .failed(reason: reason, failure)
        case .cancelled: return .abandoned
        }
    }

    /// Whether the shard's job still runs.
    private func mayStart(_ assignment: Assignment) -> Bool {
        looks.allowsStart(of: assignment.shard.id.job, describedAt: assignment.described)
    }

    /// Whether nobody waits for the result any more.
    private func isUseless(_ assignment: Assignment) -> Bool {
        held.isAbandoned(assignment.lease) || looks.isCancelled(assignment.shard.id.job)
    }

    /// Asks how the jobs stand whose shards are held, until cancelled.
    func lookAtJobs() async {
        var backoff = Backoff()
        while !Task.isCancelled {
            try? await Task.sleep(for: JobLooks.interval)
            let jobs = held.jobs
            guard !jobs.isEmpty, !Task.isCancelled else { continue }
            do {
                let now = ContinuousClock.now
                looks.note(try await store.states(of: jobs), of: jobs, askedAt: now)
                backoff.reset()
            } catch {
                // Who claims says what is wrong.
                await backoff.wait()
            }
        }
    }

    // MARK: Settle

    /// Tells the store and the queue what became of leases.
    ///
    /// A result that cannot be told before its lease ends is refused by the queue and made again by another worker.
    func settle(_ batch: [(lease: Lease, outcome: Outcome)]) async {
        var finished: [Finished] = []
        var settled: [Lease] = []
        var abandoned: [Lease] = []
        for (lease, outcome) in batch {
            switch outcome {
            case .finished(let parts): finished.append(Finished(lease: lease, parts: parts))
            case .settled: settled.append(lease)
            case .abandoned: abandoned.append(lease)
            case .failed(let reason, let failure):
                metrics.countFailed(failure.rawValue)
                logger.warning("a shard failed", metadata: ["shard": "\(lease.shard)", "reason": "\(reason)"])
                let isTold = await untilHeard {
                    _ = try await store.recordFailure(
                        lease.shard, reason: reason, isPermanent: failure != .transient)
                }
                if isTold { settled.append(lease) } else { abandoned.append(lease) }
            }
        }
        // Each may be said twice, but what was heard is not said again: it would look like a late result.
        _ = await untilHeard { [finished] in
            let accepted = try await queue.finish(finished).count { $0 }
            metrics.countFinished(accepted)
            guard accepted < finished.count else { return }
            metrics.countRefused(finished.count - accepted)
            logger.warning("late results were refused", metadata: ["count": "\(finished.count - accepted)"])
        }
        _ = await untilHeard { [settled] in try await queue.acknowledge(settled) }
        _ = await untilHeard { [abandoned] in
            metrics.countHandedBack(try await queue.release(abandoned).count { $0 })
        }
        held.end(batch.map(\.lease))
        room.send()
    }

    /// Tries until the servers listen.
    ///
    /// While stopping nobody waits for an absent server: the leases run out by themselves.
    private func untilHeard(_ body: () async throws -> Void) async -> Bool {
        var backoff = Backoff()
        while true {
            do {
                try await body()
                return true
            } catch {
                if held.isStopping { return false }
                await backoff.wait(logger, "cannot tell what became of shards", error)
            }
        }
    }

    // MARK: Heartbeat

    /// Renews every lease in time until cancelled.
    func beat() async {
        var backoff = Backoff()
        while !Task.isCancelled {
            try? await Task.sleep(for: held.pause(after: .now))
            let now = ContinuousClock.now
            let due = held.takeDue(at: now)
            guard !due.isEmpty else { continue }
            do {
                let lost = try await queue.beat(due)
                held.settle(sent: due, lost: lost, sentAt: now)
                metrics.countLeasesLost(lost.count)
                if !lost.isEmpty { logger.warning("leases were lost", metadata: ["count": "\(lost.count)"]) }
                backoff.reset()
            } catch {
                await backoff.wait(logger, "cannot renew leases", error)
            }
        }
    }
}
