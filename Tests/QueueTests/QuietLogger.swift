import Logging

extension Logger {
    /// For tests that make a server fail on purpose.
    static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
