internal import Dispatch
internal import Domain
internal import Feeds
internal import Logging
internal import Monitors
internal import Store

/// Submits the jobs of schedules when they are due.
///
/// A firing's job has the schedule's name and time as its key, so however many coordinators fire it, it is submitted
/// once. Times that passed while no coordinator ran are made up for by the latest of them only.
struct ScheduleKeeper {
    let store: Store
    let logger: Logger

    /// One look at all schedules; those that are due fire one after the other.
    func round() async throws {
        let (schedules, now) = try await store.schedules()
        for schedule in schedules {
            do {
                let cron = try CronExpression(schedule.cron)
                guard let time = cron.latest(after: schedule.firedAt, notAfter: now) else { continue }
                try await fire(schedule.name, at: time)
            } catch let error as CronError {
                // Stored by a version that knew more.
                try await fail(schedule.name, at: now, "\(error)")
            }
        }
    }

    private func fire(_ name: String, at time: Timestamp) async throws {
        guard let schedule = try await store.schedule(named: name) else { return }
        let monitor: Monitor
        let intake: Intake
        do {
            monitor = try Monitor(yaml: schedule.monitorYAML, fileName: "monitor of schedule \(name)")
            intake = try await Self.intake(schedule, monitor, at: CivilTime(time))
        } catch {
            return try await fail(name, at: time, "\(error)")
        }
        let submission = JobSubmission(
            key: "schedule:\(name)@\(CivilTime(time).text)", monitor: monitor, modelVersion: schedule.modelVersion,
            lane: schedule.lane, share: schedule.share, intake: intake)
        let slices = intake.slices
        let outcome = try await store.submit(submission, shards: slices)
        for note in intake.notes + slices.problems.map({ "cannot read \($0)" }) {
            logger.info("a schedule's sources: \(note)", metadata: ["schedule": "\(name)"])
        }
        try await store.recordFiring(of: name, at: time, job: outcome.job, error: nil)
        logger.info("a schedule fired", metadata: ["schedule": "\(name)", "job": "\(outcome.job)"])
    }

    /// What cannot be read now is not tried again before the next time: nobody may have mended it sooner.
    private func fail(_ name: String, at time: Timestamp, _ reason: String) async throws {
        logger.warning("a schedule found nothing to do", metadata: ["schedule": "\(name)", "reason": "\(reason)"])
        try await store.recordFiring(of: name, at: time, job: nil, error: reason)
    }

    /// Finding and sampling files blocks: it gets a thread of its own, so that no lane waits for a slow disk.
    private static func intake(
        _ schedule: JobSchedule, _ monitor: Monitor, at time: CivilTime
    ) async throws -> Intake {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "intake").async {
                continuation.resume(
                    with: Result {
                        try Intake(
                            schedule.sources.map(time.filling), format: monitor.source?.format,
                            cutting: .init(
                                bytes: schedule.shardBytes, posts: schedule.shardPosts,
                                inTurn: schedule.share.sourceRate != nil),
                            skipMissing: schedule.skipMissing)
                    })
            }
        }
    }
}
