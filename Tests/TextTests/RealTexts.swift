import Foundation

/// Posts of the shared data, for tests that need real ones; they are never copied into the repository.
enum RealTexts {
    private struct Record: Decodable { let text: String }

    /// The first posts of the sentiment task's validation split.
    static func sentiment(of shared: String, count: Int) throws -> [String] {
        let unzip = Process()
        unzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        unzip.arguments = ["gzip", "-dc", "\(shared)/data/text/sentiment.val.jsonl.gz"]
        let pipe = Pipe()
        unzip.standardOutput = pipe
        try unzip.run()
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        unzip.waitUntilExit()
        return try bytes.split(separator: UInt8(ascii: "\n")).prefix(count).map {
            try JSONDecoder().decode(Record.self, from: $0).text
        }
    }
}
