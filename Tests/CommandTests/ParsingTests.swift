import ArgumentParser
import Domain
import Testing

@testable import groundswell

struct ParsingTests {
    @Test(arguments: [
        ["submit", "posts.jsonl"], ["trends", "--by", "week"], ["trends", "--chart", "--group", "platform"],
        ["watch", "zero"], ["worker", "--threads", "0"], ["probe"], ["query", "test"],
        ["local", "up", "--workers", "0"],
        ["submit", "--monitor", "m.yaml", "--shard-posts", "0", "posts.jsonl"],
    ])
    func wrongUsageIsRefusedBeforeAnythingRuns(arguments: [String]) {
        #expect(throws: (any Error).self) { try Groundswell.parseAsRoot(arguments) }
    }

    @Test func aFullSubmissionIsUnderstood() throws {
        let command = try #require(
            try Groundswell.parseAsRoot([
                "submit", "--monitor", "m.yaml", "--key", "k", "--lane", "live", "--weight", "3", "--wait", "a", "b",
            ]) as? SubmitCommand)
        #expect(command.input.sources == ["a", "b"])
        #expect(command.options.lane == .live)
        #expect(command.options.weight == 3)
        #expect(command.wait)
    }
}
