internal import Domain
internal import Store

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
