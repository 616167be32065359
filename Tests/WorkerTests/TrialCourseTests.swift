import Domain
import Testing

@testable import Worker

struct TrialCourseTests {
    private static let crash = "killed its process (signal 6)"

    @Test func aSingleEndBlamesNobody() {
        var course = TrialCourse()
        #expect(course.ended(at: 100, cause: Self.crash) == .again)
        #expect(course.poison.isEmpty)
    }

    @Test func aSecondEndAtTheSameRecordIsPoison() {
        var course = TrialCourse()
        #expect(course.ended(at: 100, cause: Self.crash) == .again)
        #expect(course.ended(at: 100, cause: Self.crash) == .again)
        #expect(course.poison == [100: "poison: killed its process (signal 6)"])
    }

    @Test func manyPoisonousRecordsAreFoundOneAfterTheOther() {
        var course = TrialCourse()
        for offset in Int64(1)...100 {
            for _ in 1...2 { #expect(course.ended(at: offset, cause: Self.crash) == .again) }
        }
        #expect(course.poison.count == TrialCourse.poisonLimit)
        #expect(course.ended(at: 101, cause: Self.crash) == .again)
        guard case .failed(_, .permanent) = course.ended(at: 101, cause: Self.crash) else {
            Issue.record("a hundred and one poisonous records were borne")
            return
        }
    }

    @Test func endsAtThreeDifferentPlacesAreNoRecordsFault() {
        var course = TrialCourse()
        #expect(course.ended(at: nil, cause: Self.crash) == .again)
        #expect(course.ended(at: 5, cause: Self.crash) == .again)
        guard case .failed(_, .transient) = course.ended(at: nil, cause: Self.crash) else {
            Issue.record("three ends at different places were borne")
            return
        }
        #expect(course.poison.isEmpty)
    }

    @Test func anEarlierSuspectIsStillKnownAfterAnotherWasFound() {
        var course = TrialCourse()
        for offset: Int64 in [7, 9, 9, 7] { #expect(course.ended(at: offset, cause: Self.crash) == .again) }
        #expect(Set(course.poison.keys) == [7, 9])
    }

    @Test func aRecordThatEndsTheProcessThoughLeftOutFailsTheShardForGood() {
        var course = TrialCourse()
        for _ in 1...2 { _ = course.ended(at: 100, cause: Self.crash) }
        guard case .failed(_, .permanent) = course.ended(at: 100, cause: Self.crash) else {
            Issue.record("the trial goes on for ever")
            return
        }
    }
}
