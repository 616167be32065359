internal import Domain
package import Monitors
internal import Store
internal import Synchronization
package import Text

/// Loads sentiment models once per process.
package final class ModelShelf: Sendable {
    package let folder: String
    private let loaded = Mutex<[String: SentimentModel]>([:])

    /// - Parameter folder: holds one folder per model, such as `fast-sentiment`.
    package init(folder: String) { self.folder = folder }

    /// The model that a monitor asks for; `nil` when it asks for none.
    ///
    /// - Throws: `ModelError` when the weights are missing or broken.
    package func model(for choice: Monitor.Model) throws -> SentimentModel? {
        switch choice {
        case .none: return nil
        case .fast: return try load("fast-sentiment")
        }
    }

    private func load(_ name: String) throws -> SentimentModel {
        // Held while loading, so that threads that start together load once.
        try loaded.withLock { loaded in
            if let model = loaded[name] { return model }
            let model = try SentimentModel(directory: "\(folder)/\(name)")
            loaded[name] = model
            return model
        }
    }
}

/// The jobs this process works on, compiled once each.
actor JobCatalog {
    /// A compiled monitor of a hundred brands is some 100 KiB; jobs come and go.
    private static let capacity = 64

    private let store: Store
    private let models: ModelShelf
    private var contexts: [JobID: JobContext] = [:]
    private var order: [JobID] = []

    init(store: Store, models: ModelShelf) {
        self.store = store
        self.models = models
    }

    func context(of job: JobID) async throws -> JobContext {
        if let context = contexts[job] { return context }
        let specification = try await store.specification(of: job)
        let context = try JobContext(
            job: job, monitorYAML: specification.monitorYAML, models: models, submitted: specification.submittedAt)
        if contexts.updateValue(context, forKey: job) == nil { order.append(job) }
        if order.count > Self.capacity { contexts[order.removeFirst()] = nil }
        return context
    }
}
