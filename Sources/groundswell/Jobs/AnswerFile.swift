import Feeds
import Foundation
import Training

/// A teacher's answers in a file: asking goes on where it was stopped, and training can be repeated without asking.
///
/// JSON Lines: `{"teacher": "VERSION"}`, then `{"text": "…", "probabilities": […]}`.
struct AnswerFile {
    private struct Head: Codable {
        var teacher: String
    }

    let path: String

    /// The teacher and its answers; nil where there is no file yet.
    func read() throws -> (teacher: String, answers: [TaughtText])? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let file = try LineFile(path: path)
        let decoder = JSONDecoder()
        guard let first = try file.next(), let head = try? decoder.decode(Head.self, from: Data(first)) else {
            throw CommandError("\(path) does not begin with {\"teacher\": …}")
        }
        var answers: [TaughtText] = []
        while let line = try file.next() {
            // A line cut short is where the asking was stopped.
            guard let answer = try? decoder.decode(TaughtText.self, from: Data(line)) else { break }
            answers.append(answer)
        }
        return (head.teacher, answers)
    }

    /// Replaces the file by these answers, and returns a handle that more can be written to.
    func begin(teacher: String, answers: [TaughtText]) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw CommandError("\(path) cannot be written") }
        try handle.write(contentsOf: Self.line(Head(teacher: teacher)))
        try Self.append(answers, to: handle)
        return handle
    }

    static func append(_ answers: [TaughtText], to handle: FileHandle) throws {
        var bytes = Data()
        for answer in answers { bytes += try line(answer) }
        try handle.write(contentsOf: bytes)
    }

    private static func line(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value) + [0x0A]
    }
}
