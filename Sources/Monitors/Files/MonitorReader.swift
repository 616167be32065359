import Domain
import Yams

/// Walks a monitor file and notes everything that is wrong with it.
struct MonitorReader {
    private(set) var problems: [MonitorError.Problem] = []
    private let document: YAMLDocument
    private var scanner = TokenScanner()

    init(_ document: YAMLDocument) { self.document = document }

    mutating func read() -> MonitorDraft {
        var draft = MonitorDraft()
        guard let root = document.root else {
            problems.append(MonitorError.Problem(line: 1, column: 1, message: "the file is empty"))
            return draft
        }
        let keys = ["name", "brands", "languages", "windows", "model", "explain", "unsure_below", "source", "alerts"]
        let required: Set<String> = ["name", "brands"]
        guard let entries = entries(of: root, "a monitor", keys: keys, required: required) else { return draft }
        if let node = entries["name"] { draft.name = name(node, "name") ?? "" }
        if let node = entries["brands"] { draft.brands = brands(node) }
        if let node = entries["languages"] { draft.languages = languages(node) }
        if let node = entries["windows"] {
            let names = choices(node, "windows", among: Grain.allCases.map(\.name))
            draft.windows = Grain.allCases.filter { names.contains($0.name) }
        }
        if let node = entries["model"] {
            let name = choice(node, "model", among: Monitor.Model.allCases.map(\.rawValue))
            draft.model = name.flatMap(Monitor.Model.init(rawValue:)) ?? .fast
        }
        if draft.model == .none, draft.brands.contains(where: { $0.head != nil }) {
            note("a brand's head needs a model: not 'model: none'", at: entries["model"] ?? root)
        }
        if let node = entries["explain"] {
            let name = choice(node, "explain", among: Monitor.Explain.allCases.map(\.rawValue))
            draft.explain = name.flatMap(Monitor.Explain.init(rawValue:)) ?? .examples
        }
        if let node = entries["unsure_below"] { draft.unsureBelow = share(node, "unsure_below") ?? 0.5 }
        if let node = entries["source"] { draft.source = source(node) }
        if let node = entries["alerts"] {
            draft.alerts = alerts(node, grains: draft.windows, hasModel: draft.model != .none)
        }
        return draft
    }

    // MARK: Brands

    private mutating func brands(_ node: Node) -> [Monitor.Brand] {
        var brands: [Monitor.Brand] = []
        var lines: [String: Int] = [:]
        guard let items = items(of: node, "brands") else { return [] }
        if items.count > Monitor.mostBrands {
            note("\(items.count) brands, at most \(Monitor.mostBrands) are allowed", at: node)
            return []
        }
        for item in items {
            let required: Set = ["name", "query"]
            guard let entries = entries(of: item, "a brand", keys: ["name", "query", "head"], required: required)
            else { continue }
            let name = entries["name"].flatMap { self.name($0, "name") }
            if let name, let node = entries["name"] {
                let folded = CaseFolding.fold(name)
                if let line = lines[folded] {
                    note("brand '\(name)' is there already, in line \(line)", at: node)
                } else {
                    lines[folded] = node.mark?.line ?? 0
                }
            }
            let query = entries["query"].flatMap { self.query($0, of: name) }
            let head = entries["head"].flatMap { text($0, "head") }
            if let name, let query { brands.append(Monitor.Brand(name: name, query: query, head: head)) }
        }
        return brands
    }

    private mutating func query(_ node: Node, of brand: String?) -> Query? {
        guard let text = text(node, "query") else { return nil }
        do {
            return try Query(text, with: &scanner)
        } catch {
            let place = error.line > 1 ? "line \(error.line), column \(error.column)" : "column \(error.column)"
            let owner = brand.map { " of brand '\($0)'" } ?? ""
            note("query\(owner), \(place): \(error.message)", at: node, excerpt: error.excerpt)
            return nil
        }
    }

    private mutating func languages(_ node: Node) -> [String] {
        var languages: [String] = []
        for item in items(of: node, "languages") ?? [] {
            guard let text = text(item, "a language") else { continue }
            let tag = text.lowercased()
            if tag.utf8.count > 3 || tag.utf8.count < 2 || !tag.utf8.allSatisfy(ByteClass.isLetter) {
                let primary = tag.prefix { $0 != "-" && $0 != "_" }
                let hint = (2...3).contains(primary.count) && primary != tag ? "; did you mean '\(primary)'?" : ""
                note("'\(text)' is no language; give two or three letters, as in en\(hint)", at: item)
            } else if languages.contains(tag) {
                note("language '\(tag)' is there already", at: item)
            } else {
                languages.append(tag)
            }
        }
        return languages
    }

    // MARK: Source

    private mutating func source(_ node: Node) -> SourceMapping? {
        let keys = ["format", "platform", "fields", "values"]
        guard let entries = entries(of: node, "source", keys: keys) else { return nil }
        var mapping = SourceMapping()
        if let node = entries["format"] {
            let name = choice(node, "format", among: ["jsonl", "csv"])
            mapping.format = name.map { $0 == "csv" ? .csv : .jsonLines }
        }
        if let node = entries["platform"] {
            let name = choice(node, "platform", among: Platform.allCases.map(\.name))
            mapping.platform = name.flatMap { Platform(name: $0) }
        }
        if let node = entries["fields"] {
            for (target, value) in self.entries(of: node, "fields") ?? [:] {
                mapping.fields[target] = text(value, "field '\(target)'")
            }
        }
        if let node = entries["values"] {
            for (target, replacements) in self.entries(of: node, "values") ?? [:] {
                for (from, to) in self.entries(of: replacements, "values of '\(target)'") ?? [:] {
                    mapping.values[target, default: [:]][from] = text(to, "value '\(from)'", allowsEmpty: true)
                }
            }
        }
        return mapping
    }

    // MARK: Scalars

    mutating func name(_ node: Node, _ what: String) -> String? {
        guard let text = text(node, what) else { return nil }
        if text.unicodeScalars.count > Monitor.longestName {
            note(
                "\(what) has \(text.unicodeScalars.count) characters, at most \(Monitor.longestName) are allowed",
                at: node)
            return nil
        }
        if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            note("\(what) holds a line break or another control character", at: node)
            return nil
        }
        return text
    }

    /// A scalar's text, without surrounding spaces.
    ///
    /// Numbers and words such as `no` are texts here too.
    mutating func text(_ node: Node, _ what: String, allowsEmpty: Bool = false) -> String? {
        guard let scalar = node.scalar else {
            note("\(what) must be a text, not \(Self.kind(of: node))", at: node)
            return nil
        }
        let isNull = scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
        let text = scalar.string.trimmingWhitespace()
        if isNull || (text.isEmpty && !allowsEmpty) {
            note("\(what) is empty", at: node)
            return nil
        }
        return text
    }

    private mutating func share(_ node: Node, _ what: String) -> Double? {
        guard let text = text(node, what) else { return nil }
        guard let number = Double(text), (0...1).contains(number) else {
            note("\(what) must be a number from 0 to 1, not '\(text.prefix(40))'", at: node)
            return nil
        }
        return number
    }

    mutating func choice(_ node: Node, _ what: String, among known: [String]) -> String? {
        guard let text = text(node, what) else { return nil }
        if known.contains(text) { return text }
        note("\(what) cannot be '\(text.prefix(40))': \(Spelling.hint(for: text, among: known))", at: node)
        return nil
    }

    mutating func choices(_ node: Node, _ what: String, among known: [String]) -> [String] {
        var chosen: [String] = []
        for item in items(of: node, what) ?? [] {
            guard let name = choice(item, what, among: known) else { continue }
            if chosen.contains(name) { note("\(what) has '\(name)' already", at: item) }
            chosen.append(name)
        }
        return chosen
    }
}

// MARK: - Collections

extension MonitorReader {
    /// The values of a mapping by key.
    ///
    /// Notes unknown, missing and repeated keys; any key is fine where none are named.
    mutating func entries(
        of node: Node, _ what: String, keys: [String]? = nil, required: Set<String> = []
    ) -> [String: Node]? {
        guard let mapping = node.mapping else {
            note("\(what) must be a mapping (key: value), not \(Self.kind(of: node))", at: node)
            return nil
        }
        var entries: [String: Node] = [:]
        var repeated: Set<String> = []
        for (key, value) in mapping {
            guard let scalar = key.scalar else {
                note("a key of \(what) must be a text, not \(Self.kind(of: key))", at: key)
                continue
            }
            let (name, isRepeated) = document.key(scalar)
            if let keys, !keys.contains(name) {
                note("unknown key '\(name.prefix(60))' in \(what): \(Spelling.hint(for: name, among: keys))", at: key)
            } else if name.isEmpty {
                note("a key of \(what) is empty", at: key)
            } else if repeated.contains(name) {
                note("'\(name)' is given more than once", at: key)
            }
            if isRepeated { repeated.insert(name) }
            entries[name] = value
        }
        for name in required.subtracting(entries.keys).sorted() {
            note("\(what) needs the key '\(name)'", at: node)
        }
        return entries
    }

    /// The items of a list that must not be empty.
    mutating func items(of node: Node, _ what: String) -> [Node]? {
        guard let sequence = node.sequence else {
            note("\(what) must be a list, not \(Self.kind(of: node))", at: node)
            return nil
        }
        if sequence.isEmpty { note("\(what) is an empty list", at: node) }
        return Array(sequence)
    }

    mutating func note(_ message: String, at node: Node, excerpt: String? = nil) {
        let mark = node.mark
        problems.append(
            MonitorError.Problem(
                line: mark?.line ?? 1, column: mark?.column ?? 1, message: message, excerpt: excerpt))
    }

    private static func kind(of node: Node) -> String {
        switch node {
        case .scalar: "a single value"
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .alias: "an alias"
        }
    }
}

extension String {
    fileprivate func trimmingWhitespace() -> String {
        let start = firstIndex { !$0.isWhitespace } ?? endIndex
        let end = lastIndex { !$0.isWhitespace } ?? startIndex
        return start < endIndex ? String(self[start...end]) : ""
    }
}
