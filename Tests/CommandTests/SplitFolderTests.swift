import Foundation
import Harness
import Testing
import Text

@testable import groundswell

/// Splits of text tasks, and predictions in the form that TweetEval's scripts read.
struct SplitFolderTests {
    @Test func jsonLinesGiveTextsLabelsAndTargets() throws {
        try withFolder([
            "stance.val.jsonl": """
            {"text": "build the reef", "label": 2, "target": "climate"}
            {"text": "no reef, please", "label": 1, "target": "climate"}
            {"text": "who?", "label": 0, "target": "hillary"}
            """
        ]) { folder in
            let split = try #require(try SplitFolder(path: folder).split("val", of: .stance))
            #expect(split.texts == ["build the reef", "no reef, please", "who?"])
            #expect(split.labels == [2, 1, 0])
            #expect(split.distinctTargets == ["climate", "hillary"])
            #expect(try SplitFolder(path: folder).split("test", of: .stance) == nil)
            #expect(try SplitFolder(path: folder).split("val", of: .irony) == nil)
        }
    }

    @Test func theBenchmarksOwnLayoutIsReadLineByLine() throws {
        try withFolder([
            // A separator of Unicode does not end a line.
            "irony/test_text.txt": "sure\u{2028}great\nplain\n\n", "irony/test_labels.txt": "1\n0\n0\n",
            "stance/abortion/test_text.txt": "a\nb\n", "stance/hillary/test_text.txt": "c\n",
        ]) { folder in
            let irony = try #require(try SplitFolder(path: folder).split("test", of: .irony))
            #expect(irony.texts == ["sure\u{2028}great", "plain", ""])
            #expect(irony.labels == [1, 0, 0])
            let stance = try #require(try SplitFolder(path: folder).split("test", of: .stance))
            #expect(stance.targets == ["abortion", "abortion", "hillary"])
            #expect(stance.labels == nil)
        }
    }

    @Test(arguments: [
        ["irony/val_text.txt": "a\nb\n", "irony/val_labels.txt": "1\n"],
        ["irony/val_text.txt": "a\n", "irony/val_labels.txt": "2\n"],
        ["irony/val_text.txt": "a\n", "irony/val_labels.txt": "yes\n"],
        ["irony.val.jsonl": "{\"text\": \"a\", \"label\": 1}\n{\"text\": \"b\"}\n"],
        ["irony.val.jsonl": "{\"label\": 1}\n"],
    ])
    func labelsThatDoNotFitAreRefused(files: [String: String]) throws {
        try withFolder(files) { folder in
            #expect(throws: CommandError.self) { try SplitFolder(path: folder).split("val", of: .irony) }
        }
    }

    @Test func predictionsStandInFilesByTaskAndTarget() throws {
        try withFolder([:]) { folder in
            let predictions = PredictionFolder(path: folder + "/out")
            try predictions.write([1, 0], of: TaskSplit(task: .irony, texts: ["a", "b"]))
            let targets = ["climate", "atheism", "climate"]
            try predictions.write([2, 1, 0], of: TaskSplit(task: .stance, texts: ["a", "b", "c"], targets: targets))
            func contents(_ name: String) throws -> String {
                try String(contentsOfFile: "\(folder)/out/\(name)", encoding: .utf8)
            }
            #expect(try contents("irony.txt") == "1\n0\n")
            #expect(try contents("stance/climate.txt") == "2\n0\n")
            #expect(try contents("stance/atheism.txt") == "1\n")
        }
    }

    @Test func aTargetCannotLeaveTheFolder() throws {
        try withFolder([:]) { folder in
            let split = TaskSplit(task: .stance, texts: ["a"], targets: ["../../elsewhere"])
            #expect(throws: CommandError.self) { try PredictionFolder(path: folder).write([0], of: split) }
        }
    }

    private func withFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let folder = URL(fileURLWithPath: try TestFolder.make("splits"))
        for (name, text) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try body(folder.path)
    }
}
