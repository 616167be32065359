import Domain
import Feeds
import Store
import Testing

@testable import Worker

struct SabotageTests {
    private static func post(_ text: String) -> Post {
        Post(platform: .x, id: "1", createdAt: Timestamp(seconds: 0), text: text, author: Post.Author(id: "a"))
    }

    @Test func aMarkedPostEndsTheProcess() async {
        await #expect(processExitsWith: .signal(6)) {
            Sabotage(["GROUNDSWELL_ABORT_ON": "boom"]).strike([Self.post("here it goes boom")])
        }
    }

    @Test func otherPostsAndOtherEnvironmentsDoNothing() {
        Sabotage(["GROUNDSWELL_ABORT_ON": "boom", "GROUNDSWELL_SLOW_ON": "slow:1000"]).strike([Self.post("fine")])
        for environment in [[:], ["GROUNDSWELL_ABORT_ON": ""], ["GROUNDSWELL_SLOW_ON": "slow"]] {
            Sabotage(environment).strike([Self.post("slow boom")])
        }
    }

    @Test func errorsAreClassedByWhetherTimeAloneMayMendThem() {
        #expect(FailureClass(of: FeedError(code: 5, path: "/data/a")) == .transient)
        #expect(FailureClass(of: FeedError.missing(path: "/data/a")) == .permanent)
        #expect(FailureClass(of: StoreError.unknownPayload(name: "p", job: JobID(rawValue: 1))) == .permanent)
        #expect(FailureClass(of: CancellationError()) == .transient)
    }
}
