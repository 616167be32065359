internal import Foundation
internal import Monitors

/// The channels of a deliverer.
package struct ChannelsFile: Equatable, Sendable {
    /// At least one, names unique.
    package let channels: [Channel]
    /// Whether a secret stands in it, and not in the environment alone.
    package let holdsSecrets: Bool

    /// - Parameter environment: what `${NAME}` stands for.
    package init(yaml: String, fileName: String, environment: [String: String]) throws(ChannelsError) {
        let document: YAMLDocument
        do throws(MonitorError) {
            document = try YAMLDocument(yaml, fileName: fileName)
        } catch {
            throw ChannelsError(
                fileName: fileName,
                problems: error.problems.map { .init(line: $0.line, column: $0.column, message: $0.message) })
        }
        var reader = ChannelReader(document, environment: environment)
        channels = reader.read()
        holdsSecrets = reader.holdsSecrets
        guard reader.problems.isEmpty else {
            throw ChannelsError(
                fileName: fileName, problems: reader.problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) })
        }
    }

    /// Reads a file, and refuses one with secrets that everybody on the machine may read, or that others may write.
    package static func read(
        _ path: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ChannelsError) -> Self {
        func failure(_ message: String) -> ChannelsError {
            ChannelsError(fileName: path, problems: [.init(line: 1, column: 1, message: message)])
        }
        guard let file = FileHandle(forReadingAtPath: path) else { throw failure("the file cannot be read") }
        defer { try? file.close() }
        var status = stat()
        // Of the open file: the path may be another one by now.
        guard fstat(file.fileDescriptor, &status) == 0, let data = try? file.read(upToCount: 4 << 20) else {
            throw failure("the file cannot be read")
        }
        let mode = String(status.st_mode & 0o777, radix: 8)
        guard status.st_mode & 0o002 == 0 else {
            throw failure("everybody may write this file (mode \(mode)): 'chmod 600 \(path)'")
        }
        let channels = try Self(yaml: String(decoding: data, as: UTF8.self), fileName: path, environment: environment)
        guard !channels.holdsSecrets || status.st_mode & 0o004 == 0 else {
            throw failure(
                "everybody may read the secrets in this file (mode \(mode)): 'chmod 600 \(path)', or write ${NAME} and "
                    + "set them in the environment")
        }
        return channels
    }
}
