import ArgumentParser
import Foundation

/// How data is printed on standard output.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table
    case tsv
    case csv
    case json
}

/// The `--output` option of every command that prints data.
struct OutputOptions: ParsableArguments {
    @Option(help: "table, tsv, csv or json; a table on a terminal, tsv in a pipe.")
    var output: OutputFormat?

    var format: OutputFormat { output ?? (Terminal.isOutputTerminal ? .table : .tsv) }

    func show(_ table: Table) { Terminal.write(table.printed(as: format)) }
}

/// Standard output carries data, standard error everything said to a person.
enum Terminal {
    static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    static func write(_ text: String) { put(text, to: STDOUT_FILENO) }

    static func say(_ text: String) { put(text + "\n", to: STDERR_FILENO) }

    /// Replaces the current line of a terminal; does nothing elsewhere.
    static func update(_ line: String) {
        guard isErrorTerminal else { return }
        put("\r\u{1B}[2K" + line, to: STDERR_FILENO)
    }

    /// How wide the terminal is: as it says, as `COLUMNS` says, or 80.
    static var columns: Int {
        var size = winsize()
        if isOutputTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
            return Int(size.ws_col)
        }
        let said = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) } ?? 80
        return (30...1000).contains(said) ? said : 80
    }

    /// Text without control characters, which could do anything to a terminal.
    static func visible(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }

    private static func put(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                bytes = bytes.dropFirst(written)
            } else if errno != EINTR {
                // Nobody reads any more (a closed pipe, a full disk): a data command that lost data must not say 0.
                if descriptor == STDOUT_FILENO { _exit(errno == EPIPE ? 0 : 1) }
                return
            }
        }
    }
}
