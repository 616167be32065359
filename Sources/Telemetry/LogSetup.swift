package import Logging

/// Sets up the process's log: plain lines on standard error, so that standard output holds data only.
package enum LogSetup {
    /// Call once, before the first logger is made.
    package static func start(level: Logger.Level) {
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
    }
}
