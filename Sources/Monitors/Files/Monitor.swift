package import Anomalies
package import Domain

/// What to look for and how to count it: brands with their queries, languages, windows, model, and how to read the source.
package struct Monitor: Sendable {
    package struct Brand: Sendable, Equatable {
        package let name: String
        package let query: Query
        /// The classifier trained from the brand's own labels: a name on the model shelf, or the classifier itself.
        package let head: String?
    }

    /// Which models read the posts.
    package enum Model: String, CaseIterable, Sendable {
        /// No sentiment: only counts.
        case none
        /// Sentiment at some hundred thousand posts a second.
        case fast
        /// The fast model, and the deep one for what it is unsure of.
        case cascade
        /// Every post by the deep model, some hundred a second: sentiment, irony, emotion, offence and hate.
        case deep
    }

    /// Which posts get reasons: the words that made the model choose their label.
    package enum Explain: String, CaseIterable, Sendable {
        case none
        /// The posts of the samples.
        case examples
        /// Those, and the words of all posts, counted by hour and sentiment.
        case all
    }

    /// Bytes of a file: 65,535 brands with 60 bytes each fit.
    package static let largestFile = 4 << 20
    /// Brand indices have 16 bits.
    package static let mostBrands = 65_535
    /// Characters of a name: names are columns in tables and rows in SQL.
    package static let longestName = 200

    package let name: String
    /// At least one, with names that differ by more than case.
    ///
    /// Rollups name a brand by its index here.
    package let brands: [Brand]
    /// BCP 47 primary tags, lower case; empty for all.
    package let languages: [String]
    /// Ascending, at least one.
    package let windows: [Grain]
    package let model: Model
    package let explain: Explain
    /// A sentiment whose class is less probable than this counts as unsure; 0 to 1.
    package let unsureBelow: Double
    package let source: SourceMapping?
    /// What is watched, and who is told; `nil` for nothing.
    package let alerts: AlertSettings?
    /// The file's text as given.
    package let yaml: String
    /// 16 hexadecimal digits that change when the meaning changes, and not with comments, order of keys or spelling of queries.
    ///
    /// See `Fingerprint`.
    package let version: String

    /// The length of the windows in which its brands are watched; `nil` without alerts.
    package var alertSeconds: Int64? { alerts?.seconds }

    /// `unsureBelow` in millionths, the unit of `Sentiment`.
    package var unsureBelowMillionths: Int64 { Int64((unsureBelow * Double(Sentiment.one)).rounded()) }

    /// Reads a monitor file.
    ///
    /// Throws all that is wrong with it at once. `fileName` is only for the messages.
    package init(yaml: String, fileName: String) throws(MonitorError) {
        let document = try YAMLDocument(yaml, fileName: fileName)
        var reader = MonitorReader(document)
        let draft = reader.read()
        guard reader.problems.isEmpty else { throw MonitorError(fileName: fileName, problems: reader.problems) }
        name = draft.name
        brands = draft.brands
        languages = draft.languages
        windows = draft.windows
        model = draft.model
        explain = draft.explain
        unsureBelow = draft.unsureBelow
        source = draft.source
        alerts = draft.alerts
        self.yaml = yaml
        version = Fingerprint(of: draft).hexadecimal
    }

    /// As `init(yaml:fileName:)` for the bytes of a file, which need not be text at all.
    package init(bytes: [UInt8], fileName: String) throws(MonitorError) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let repaired = String(decoding: bytes, as: UTF8.self).unicodeScalars
            let before = repaired.prefix { $0 != "\u{FFFD}" }
            let line = before.count(where: { $0 == "\n" }) + 1
            let column = before.reversed().prefix { $0 != "\n" }.count + 1
            let problem = MonitorError.Problem(line: line, column: column, message: "the file is not UTF-8 text here")
            throw MonitorError(fileName: fileName, problems: [problem])
        }
        try self.init(yaml: text, fileName: fileName)
    }
}

/// The parts of a monitor while its file is being read.
struct MonitorDraft {
    var name = ""
    var brands: [Monitor.Brand] = []
    var languages: [String] = []
    var windows = Grain.allCases
    var model = Monitor.Model.fast
    var explain = Monitor.Explain.examples
    var unsureBelow = 0.5
    var source: SourceMapping?
    var alerts: AlertSettings?
}
