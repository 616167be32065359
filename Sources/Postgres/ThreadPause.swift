internal import Foundation

/// Sleeping on a thread of one's own, where there is no task to suspend.
enum ThreadPause {
    static func sleep(milliseconds: Int) { Thread.sleep(forTimeInterval: Double(milliseconds) / 1000) }
}
