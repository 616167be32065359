package import Yams

/// A parsed YAML file whose nodes know their lines, safe to walk.
///
/// The YAML library stops at the first repeated key and says only where its first use is. Here the first use is renamed and
/// the file parsed again, so that repeated keys are reported with everything else.
package struct YAMLDocument {
    let fileName: String
    package let root: Node?
    /// Keys that the file has twice, by the name they were given instead.
    private let renamed: [String: String]

    /// Aliases in a file.
    ///
    /// Nested ones multiply, and the library compares keys in full: nine lines could ask for a billion comparisons.
    /// Monitors hardly need any.
    private static let mostAliases = 16
    /// Repeated keys reported at once: each costs a pass over the file.
    private static let mostRepeats = 16
    /// Begins the name of a renamed key: a private-use character, so that lines and columns stay.
    private static let placeholder: Unicode.Scalar = "\u{F8FF}"

    package init(_ text: String, fileName: String) throws(MonitorError) {
        self.fileName = fileName
        func failure(_ line: Int, _ column: Int, _ message: String) -> MonitorError {
            MonitorError(
                fileName: fileName,
                problems: [MonitorError.Problem(line: max(line, 1), column: max(column, 1), message: message)])
        }
        let size = text.utf8.count
        guard size <= Monitor.largestFile else {
            throw failure(1, 1, "the file has \(size) bytes, at most \(Monitor.largestFile) are allowed")
        }
        if let line = Self.lineWithTooManyAliases(text) {
            throw failure(line, 1, "more than \(Self.mostAliases) YAML aliases (*name); write the values out")
        }
        var text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
        var renamed: [String: String] = [:]
        while true {
            do {
                root = try Parser(yaml: text, encoding: .utf8).singleRoot()
                self.renamed = renamed
                return
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                let key = keys.first ?? ""
                guard renamed.count < Self.mostRepeats, let mended = Self.rename(key, at: context.mark, in: text) else {
                    throw failure(context.mark.line, context.mark.column, "'\(key)' is given more than once")
                }
                renamed[mended.name] = key
                text = mended.text
            } catch let error as YamlError {
                let (line, column, message) = Self.place(of: error, in: text)
                throw failure(line, column, message)
            } catch {
                throw failure(1, 1, "\(error)")
            }
        }
    }

    /// The key's name in the file and whether it is used again further down.
    package func key(_ scalar: Node.Scalar) -> (name: String, isRepeated: Bool) {
        renamed[scalar.string].map { ($0, true) } ?? (scalar.string, false)
    }

    /// The line of the alias that is one too many.
    ///
    /// Whatever looks like an alias counts, in comments and texts too: where those end is for the parser to say, and
    /// this runs before it.
    private static func lineWithTooManyAliases(_ text: String) -> Int? {
        var aliases = 0
        var line = 1
        var previous = newline
        var isStar = false
        for byte in text.utf8 {
            if isStar, byte != UInt8(ascii: " "), byte != newline { aliases += 1 }
            if aliases > mostAliases { return line }
            if byte == newline { line += 1 }
            isStar = byte == UInt8(ascii: "*") && separators.contains(previous)
            previous = byte
        }
        return nil
    }

    private static let newline = UInt8(ascii: "\n")
    /// What may stand right before an alias.
    private static let separators = Set(" \t\r\n[{,:?-".utf8)

    /// Replaces the first character of the key at a place.
    private static func rename(_ key: String, at mark: Mark, in text: String) -> (text: String, name: String)? {
        var scalars = Array(text.unicodeScalars)
        var line = 1
        var index = 0
        while index < scalars.count, line < mark.line {
            if scalars[index] == "\n" { line += 1 }
            index += 1
        }
        index += mark.column - 1
        if index < scalars.count, scalars[index] == "\"" || scalars[index] == "'" { index += 1 }
        guard let first = key.unicodeScalars.first, index < scalars.count, scalars[index] == first else { return nil }
        scalars[index] = placeholder
        var mended = String.UnicodeScalarView()
        mended.append(contentsOf: scalars)
        var name = String.UnicodeScalarView()
        name.append(placeholder)
        name.append(contentsOf: key.unicodeScalars.dropFirst())
        return (String(mended), String(name))
    }

    private static func place(of error: YamlError, in text: String) -> (line: Int, column: Int, message: String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _):
            return (mark.line, mark.column, "this is not YAML: \(problem)")
        case .composer(_, let problem, let mark, _):
            return (mark.line, mark.column, problem)
        case .reader(let problem, let offset, _, _):
            let before = text.prefix(offset ?? 0)
            let column = before.reversed().prefix { $0 != "\n" && $0 != "\r\n" }.count + 1
            return (before.count(where: \.isNewline) + 1, column, "this is not YAML: \(problem)")
        default:
            return (1, 1, "this is not YAML: \(error)")
        }
    }
}
