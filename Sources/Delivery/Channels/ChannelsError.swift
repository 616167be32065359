/// Everything that is wrong with a channels file; never with a value of it, which may be a secret.
package struct ChannelsError: Error, Equatable, Sendable, CustomStringConvertible {
    package struct Problem: Equatable, Sendable {
        /// From 1.
        package let line: Int
        package let column: Int
        package let message: String
    }

    package let fileName: String
    /// At least one, in the order of the file.
    package let problems: [Problem]

    package var description: String {
        problems.map { "\(fileName):\($0.line):\($0.column): \($0.message)" }.joined(separator: "\n")
    }
}
