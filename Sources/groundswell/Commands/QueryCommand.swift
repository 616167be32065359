import ArgumentParser
import Foundation
import Monitors

/// `groundswell query`: try queries before a job runs with them.
struct QueryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Try brand queries on texts.",
        discussion: """
            Example: groundswell query test '(#acme OR "acme corp") NOT cartoon' 'My Acme Corp phone died #fail'
            """,
        subcommands: [Test.self])

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Show which texts a query, or each brand of a monitor, matches and where; exit code 1 when none does.",
            discussion: """
                Example: groundswell query test 'acme NOT coyote' 'I love Acme' 'Acme and the coyote'
                Example: groundswell query test --monitor brands.yaml 'I love Acme'
                Without texts, each line of standard input is one.
                """)

        @Option(help: "Take the brands of this monitor file instead of one query.") var monitor: String?
        @OptionGroup var output: OutputOptions
        @Argument(help: "The query, unless --monitor is given, then the texts.") var words: [String] = []

        func validate() throws {
            if monitor == nil && words.isEmpty { throw ValidationError("Give a query, or --monitor with a file.") }
        }

        func run() throws {
            let (queries, given) = try subjects()
            let texts = given.isEmpty ? Array(AnyIterator { readLine() }) : given
            let table = Self.table(queries, texts)
            output.show(table.rows)
            if !table.anyMatch { throw ExitCode(1) }
        }

        private func subjects() throws -> (queries: [(name: String, query: Query)], texts: [String]) {
            if let monitor {
                let brands = try MonitorFile.read(monitor).brands
                return (brands.map { ($0.name, $0.query) }, words)
            }
            do {
                return ([("query", try Query(words[0]))], Array(words.dropFirst()))
            } catch {
                throw CommandError("the query cannot be read, \(error)")
            }
        }

        private static func table(
            _ queries: [(name: String, query: Query)], _ texts: [String]
        ) -> (rows: Table, anyMatch: Bool) {
            var table = Table(["brand", "match", "because", "text"])
            var anyMatch = false
            for text in texts {
                for (name, query) in queries {
                    let explanation = query.explain(text)
                    anyMatch = anyMatch || explanation.isMatch
                    table.add([
                        .text(name), .text(explanation.isMatch ? "yes" : "no"), .text(reason(explanation, in: text)),
                        .text(marked(explanation, in: text)),
                    ])
                }
            }
            return (table, anyMatch)
        }

        private static func reason(_ explanation: Explanation, in text: String) -> String {
            let found = Set(explanation.hits.map { $0.isExcluding ? "excluded by \($0.term)" : "found \($0.term)" })
            let missing = explanation.isMatch ? [] : explanation.missing.map { "no \($0)" }
            return (found.sorted() + missing).joined(separator: ", ")
        }

        /// The text with its hits in brackets.
        private static func marked(_ explanation: Explanation, in text: String) -> String {
            var bytes = Array(text.utf8)
            var floor = bytes.count
            // From the end, so that earlier places stay where they are; of overlapping hits the last stays.
            for hit in explanation.hits.reversed() where hit.range.upperBound <= floor {
                bytes.insert(UInt8(ascii: "]"), at: hit.range.upperBound)
                bytes.insert(UInt8(ascii: "["), at: hit.range.lowerBound)
                floor = hit.range.lowerBound
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}

/// Reads monitor files for commands.
enum MonitorFile {
    /// - Parameter explain: what to explain, added to the file's text where that does not say.
    static func read(_ path: String, explain: Monitor.Explain? = nil) throws -> Monitor {
        let monitor = try read(path)
        guard let explain, explain != monitor.explain else { return monitor }
        do {
            return try Monitor(yaml: "\(monitor.yaml)\nexplain: \(explain.rawValue)\n", fileName: path)
        } catch {
            throw CommandError("\(path) says 'explain: \(monitor.explain.rawValue)': change it there")
        }
    }

    static func read(_ path: String) throws -> Monitor {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw CommandError("cannot read the monitor file \(path): no such file, or no right to read it")
        }
        return try Monitor(bytes: Array(bytes), fileName: path)
    }
}
