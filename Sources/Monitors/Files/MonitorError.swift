/// Everything that is wrong with a monitor file.
package struct MonitorError: Error, Equatable, Sendable, CustomStringConvertible {
    package struct Problem: Equatable, Sendable {
        /// From 1, as editors count.
        package let line: Int
        /// Characters (Unicode scalars), from 1.
        package let column: Int
        package let message: String
        /// For queries: the part around the error, and below it a caret.
        package let excerpt: String?

        package init(line: Int, column: Int, message: String, excerpt: String? = nil) {
            self.line = line
            self.column = column
            self.message = message
            self.excerpt = excerpt
        }
    }

    /// Problems shown: nobody mends more before trying again.
    private static let mostShown = 50

    package let fileName: String
    /// At least one, in the order of the file.
    package let problems: [Problem]

    init(fileName: String, problems: [Problem]) {
        self.fileName = fileName
        self.problems = problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
    }

    package var description: String {
        var lines: [String] = []
        for problem in problems.prefix(Self.mostShown) {
            lines.append("\(fileName):\(problem.line):\(problem.column): \(problem.message)")
            if let excerpt = problem.excerpt { lines.append(excerpt) }
        }
        if problems.count > Self.mostShown { lines.append("… and \(problems.count - Self.mostShown) more problems") }
        return lines.joined(separator: "\n")
    }
}
