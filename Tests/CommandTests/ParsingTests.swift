import ArgumentParser
import Domain
import Testing
import Text

@testable import groundswell

struct ParsingTests {
    @Test(arguments: [
        ["submit", "posts.jsonl"], ["trends", "--by", "week"], ["trends", "--chart", "--group", "platform"],
        ["watch", "zero"], ["worker", "--threads", "0"], ["probe"], ["query", "test"],
        ["local", "up", "--workers", "0"], ["evaluate", "text", "--task", "colour", "folder"],
        ["evaluate", "text", "--split", "all", "folder"],
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

    @Test func evaluateTakesAFileAtOnceOrATask() throws {
        let labels = try #require(
            try Groundswell.parseAsRoot(["evaluate", "--output", "json", "labels.jsonl"]) as? EvaluateLabelsCommand)
        #expect(labels.file == "labels.jsonl")
        let text = try #require(
            try Groundswell.parseAsRoot(["evaluate", "text", "--task", "irony", "folder"]) as? EvaluateTextCommand)
        #expect(text.task == .one(.irony))
        #expect(text.folder == "folder")
    }
}
