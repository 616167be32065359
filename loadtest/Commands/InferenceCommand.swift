import ArgumentParser
import Foundation
import Neural
import Subwords

struct InferenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inference",
        abstract: "Time the transformer encoder in each precision; with --peers, other runtimes in the same run.",
        discussion: """
            Example: loadtest inference --texts tweets.txt
            Example: GROUNDSWELL_SHARED=shared loadtest inference --texts tweets.txt --peers .peers
            A text becomes the mean of its last hidden states. Speeds are the median of all rounds; a round times each \
            engine once. Per CPU second counts what the process itself used, tokenising included, and so says \
            something on a busy machine too. With --peers, DIR holds venv-inference (made by setup.sh inference) and \
            models (made by inference/prepare.py from the same texts); the scripts are those below GROUNDSWELL_SHARED.
            """)

    @Option(help: "File with a text in each line; else generated posts.") var texts: String?
    @Option(help: "How many of the texts, evenly spread.") var count = 512
    @Option(help: "Texts given to the encoder at once.") var batch = 32
    @Option(help: "Rounds.") var rounds = 3
    @Option(help: "Numbers of threads, by commas.") var threads = "1,2"
    @Option(help: "Folder with config.json, model.safetensors and tokenizer.json.")
    var model = "Models/all-MiniLM-L6-v2"
    @Option(help: ArgumentHelp("Time other runtimes too.", valueName: "dir")) var peers: String?
    @Option(help: "Append the report to this file.") var record: String?

    private var threadCounts: [Int] { threads.split(separator: ",").compactMap { Int($0) } }

    func validate() throws {
        guard count > 0, batch > 0, rounds > 0 else {
            throw ValidationError("--count, --batch and --rounds are at least 1.")
        }
        guard !threadCounts.isEmpty, threadCounts.allSatisfy({ (1...256).contains($0) }) else {
            throw ValidationError("--threads needs numbers from 1 to 256, not \(threads).")
        }
    }

    func run() throws {
        let lines = try texts.map(Self.lines) ?? GeneratedTexts.make(posts: count)
        // The same choice as the peers' script makes.
        let chosen = Swift.stride(from: 0, to: lines.count, by: max(1, lines.count / count)).prefix(count).map {
            lines[$0]
        }
        let bench = try InferenceBench(model: model, texts: chosen, batch: batch)
        var engines: [any InferenceEngine] = Precision.allCases.map { bench.engine($0) }
        if let peers {
            guard let shared = ProcessInfo.processInfo.environment["GROUNDSWELL_SHARED"] else {
                throw LoadtestError("--peers needs GROUNDSWELL_SHARED, the folder with bench/peers")
            }
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("loadtest-texts-\(getpid())").path
            try lines.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
            engines += PeerEncoder.all(
                folder: shared + "/bench/peers", home: peers, texts: file, count: count)
        }

        var table = InferenceTable(tokensPerText: Double(bench.tokens) / Double(chosen.count))
        for _ in 0..<rounds {
            for threads in threadCounts {
                for engine in engines { table.add(engine.name, threads: threads) { try engine.run(threads: threads) } }
            }
        }
        var report = Report()
        report.addMachine()
        report.add("instructions", InstructionSet.best.rawValue)
        report.add(
            "texts",
            "\(chosen.count) of \(lines.count), \(bench.tokens) tokens, in batches of \(batch); "
                + "\(rounds) rounds")
        table.add(to: &report)
        try report.publish(record: record)
    }

    private static func lines(of path: String) throws -> [String] {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
            .filter { !$0.allSatisfy(\.isWhitespace) }
        guard !lines.isEmpty else { throw LoadtestError("\(path) holds no text") }
        return lines
    }
}
