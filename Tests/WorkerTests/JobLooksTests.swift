import Domain
import Store
import Testing

@testable import Worker

struct JobLooksTests {
    private let jobs = (1...4).map { JobID(rawValue: $0) }

    @Test func noShardOfAStoppedJobBegins() {
        let looks = JobLooks()
        let now = ContinuousClock.now
        #expect(looks.allowsStart(of: jobs[0], describedAt: now))
        looks.note(
            [jobs[0]: .running, jobs[1]: .paused, jobs[2]: .cancelled], of: Set(jobs), askedAt: now + .seconds(1))
        #expect(jobs.map { looks.allowsStart(of: $0, describedAt: now) } == [true, false, false, false])
        // A job that is gone is as good as cancelled; those in flight of a paused one end.
        #expect(jobs.map { looks.isCancelled($0) } == [false, false, true, true])
    }

    @Test func aShardDescribedAfterTheLookIsNotHeldBackByIt() {
        let looks = JobLooks()
        let now = ContinuousClock.now
        looks.note([jobs[0]: .paused], of: [jobs[0]], askedAt: now)
        #expect(looks.allowsStart(of: jobs[0], describedAt: now + .milliseconds(1)))
    }
}
