import ArgumentParser
import Feeds
import Foundation
import Languages

struct LanguagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "languages",
        abstract: "Score and time language identification on texts whose language is known.",
        discussion: """
            Example: loadtest languages umsab.train.jsonl.gz umsab.val.jsonl.gz
            Lines are JSON with 'text' and 'lang', a tag or an English name; without 'lang' give --language.
            """)

    @Option(help: "The language of all texts.") var language: String?
    @Option(help: "Show languages with at least as many texts.") var least = 100
    @Option(help: "Append the report to this file.") var record: String?
    @Argument(help: "JSON Lines, plain or compressed.") var files: [String]

    private struct Score {
        var texts = 0
        var right = 0
        var english = 0
        var unknown = 0
        var wordless = 0
    }

    func run() throws {
        var texts: [(language: String, text: String)] = []
        for path in files {
            let file = try LineFile(path: path)
            while let line = try file.next() {
                guard let object = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any],
                    let text = object["text"] as? String
                else { continue }
                texts.append((language ?? Self.tag(object["lang"] as? String ?? ""), text))
            }
        }
        guard !texts.isEmpty else { throw LoadtestError("no line holds a text") }
        let started = threadNanoseconds()
        let found = texts.map { LanguageIdentifier.language(of: $0.text) }
        let seconds = Double(threadNanoseconds() - started) / 1e9
        var scores: [String: Score] = [:]
        for ((language, _), found) in zip(texts, found) {
            scores[language, default: Score()].texts += 1
            switch found {
            case .known(let tag):
                if tag == language { scores[language]?.right += 1 }
                if tag == "en" { scores[language]?.english += 1 }
            case .unknown: scores[language]?.unknown += 1
            case .wordless: scores[language]?.wordless += 1
            }
        }
        var report = Report()
        report.addMachine()
        let bytes = texts.reduce(0) { $0 + $1.text.utf8.count } / texts.count
        report.add("speed", Double(texts.count) / seconds, "texts/s on one core, \(bytes) bytes each")
        for (language, score) in scores.sorted(by: { $0.key < $1.key }) where score.texts >= least {
            func share(_ count: Int) -> String { String(format: "%.1f %%", 100 * Double(count) / Double(score.texts)) }
            report.add(
                language,
                "\(score.texts) texts: \(share(score.right)) right, \(share(score.english)) taken for English, "
                    + "\(share(score.unknown)) unknown, \(share(score.wordless)) without words")
        }
        try report.publish(record: record)
    }

    private static func tag(_ name: String) -> String { tags[name.lowercased()] ?? name.lowercased() }

    private static let tags: [String: String] = {
        let locale = Locale(identifier: "en")
        let codes = Locale.LanguageCode.isoLanguageCodes.map(\.identifier).filter { $0.utf8.count == 2 }
        let names = codes.compactMap { code in
            locale.localizedString(forLanguageCode: code).map { ($0.lowercased(), code) }
        }
        return Dictionary(names, uniquingKeysWith: { first, _ in first })
    }()
}
