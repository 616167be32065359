internal import Domain
internal import Foundation
internal import Glibc

/// Posts that end or hold up the process which meets them: hooks for tests of what a cluster makes of such posts.
///
/// `GROUNDSWELL_ABORT_ON=text`: a post with this text aborts. `GROUNDSWELL_SLOW_ON=text:seconds`: one with this text keeps
/// its thread busy. Without them a batch costs two looks at `nil`.
struct Sabotage: Sendable {
    private let deadly: String?
    private let slow: (marker: String, time: Duration)?

    /// As the environment says, read once.
    static let ofEnvironment = Sabotage(ProcessInfo.processInfo.environment)

    init(_ environment: [String: String]) {
        deadly = environment["GROUNDSWELL_ABORT_ON"].flatMap { $0.isEmpty ? nil : $0 }
        slow = environment["GROUNDSWELL_SLOW_ON"].flatMap { text in
            guard let colon = text.lastIndex(of: ":"), let seconds = Double(text[text.index(after: colon)...]),
                colon > text.startIndex
            else { return nil }
            return (String(text[..<colon]), .seconds(seconds))
        }
    }

    func strike(_ posts: [Post]) {
        if let deadly, posts.contains(where: { $0.text.contains(deadly) }) { abort() }
        guard let slow else { return }
        for post in posts where post.text.contains(slow.marker) {
            let end = ContinuousClock.now + slow.time
            while ContinuousClock.now < end {}
        }
    }
}
