import Dispatch
import Foundation
import Synchronization

/// Whether Ctrl-C or SIGTERM asked a long computation to end; while one lives, they do not end the process.
final class Interrupt: Sendable {
    private let raised = Atomic(false)
    /// Kept alive; never used again.
    nonisolated(unsafe) private var sources: [any DispatchSourceSignal] = []

    init() {
        for signal in [SIGINT, SIGTERM] {
            Foundation.signal(signal, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: signal, queue: .global())
            source.setEventHandler { [weak self] in self?.raised.store(true, ordering: .relaxed) }
            source.resume()
            sources.append(source)
        }
    }

    deinit {
        for signal in [SIGINT, SIGTERM] { Foundation.signal(signal, SIG_DFL) }
    }

    var isRaised: Bool { raised.load(ordering: .relaxed) }
}
