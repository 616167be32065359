import Domain
import Testing

@testable import Feeds

@Suite struct IntakeTests {
    private let line = #"{"id":"1","text":"a"}"# + "\n"

    private func intake(_ arguments: [String], inTurn: Bool = false, skipMissing: Bool = false) throws -> Intake {
        try Intake(
            arguments, format: nil, cutting: .init(bytes: 1 << 20, posts: 2, inTurn: inTurn), skipMissing: skipMissing)
    }

    @Test func shardsAreCutWhileTheyAreReadAndTheSameEachTime() throws {
        let scratch = try Scratch()
        let first = try scratch.write(String(repeating: line, count: 6), to: "a.jsonl")
        let second = try scratch.write(String(repeating: line, count: 4), to: "b.jsonl")
        let intake = try intake([first, second])
        #expect(intake.sources.map(\.name) == [first, second])
        #expect(intake.bytes == Int64(line.utf8.count * 10) && intake.estimatedPosts == 10)
        let slices = Array(intake.slices)
        #expect(slices.map(\.source) == [0, 0, 0, 1, 1] && slices == Array(intake.slices))
        #expect(slices.reduce(0) { $0 + $1.length } == intake.bytes && intake.slices.problems.isEmpty)
    }

    @Test func sourcesInTurnGiveOneShardEach() throws {
        let scratch = try Scratch()
        let paths = try [6, 2, 4].enumerated().map { index, lines in
            try scratch.write(String(repeating: line, count: lines), to: "\(index).jsonl")
        }
        let slices = Array(try intake(paths, inTurn: true).slices)
        #expect(slices.map(\.source) == [0, 1, 2, 0, 2, 0])
        let sequential = Array(try intake(paths).slices)
        #expect(slices.sorted { ($0.source, $0.offset) < ($1.source, $1.offset) } == sequential)
    }

    @Test func aSourceThatVanishedIsAProblemAndTheOthersGoOn() throws {
        let scratch = try Scratch()
        let first = try scratch.write(line, to: "a.jsonl")
        let second = try scratch.write(line, to: "b.jsonl")
        let intake = try intake([first, second])
        try scratch.remove("a.jsonl")
        let slices = intake.slices
        #expect(slices.map(\.source) == [1])
        #expect(slices.problems == [.missing(path: first)])
    }

    @Test func whatGivesNothingIsAnErrorOrANote() throws {
        let scratch = try Scratch()
        let path = try scratch.write(line, to: "a.jsonl")
        #expect(throws: IntakeError.self) { try intake([path, "/nowhere.jsonl"]) }
        #expect(
            try intake([path, "/nowhere.jsonl"], skipMissing: true).notes.contains { $0.contains("/nowhere.jsonl") })
        let header = try scratch.write("id,text\n", to: "header.csv")
        #expect(throws: IntakeError.nothing([header])) { try intake([header]) }
    }
}
