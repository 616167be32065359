import Monitors
import Store

/// Finds the brand that a user names, or says which ones there are.
struct BrandChoice {
    private let store: Store

    init(_ store: Store) { self.store = store }

    /// The brands that fit; `nil` fits all.
    ///
    /// - Throws: an error that names the near ones when a monitor or brand is not known.
    func brands(monitor: String?, brand: String?) async throws -> [KnownBrand] {
        try Self.fitting(try await store.knownBrands(), monitor: monitor, brand: brand)
    }

    /// The one brand of that name.
    ///
    /// - Throws: also when several monitors have it.
    func brand(monitor: String?, brand: String) async throws -> KnownBrand {
        let found = try await brands(monitor: monitor, brand: brand)
        guard let first = found.first, found.count == 1 else {
            let monitors = found.map(\.monitor).joined(separator: ", ")
            throw CommandError("several monitors have the brand '\(brand)': give --monitor, one of \(monitors)")
        }
        return first
    }

    static func fitting(_ known: [KnownBrand], monitor: String?, brand: String?) throws -> [KnownBrand] {
        guard !known.isEmpty else {
            throw CommandError("nothing was counted yet: 'groundswell submit --monitor FILE POSTS' starts a job")
        }
        let ofMonitor = known.filter { monitor == nil || $0.monitor == monitor }
        if let monitor, ofMonitor.isEmpty {
            let names = Set(known.map(\.monitor)).sorted()
            throw CommandError("no monitor '\(monitor)': \(Spelling.hint(for: monitor, among: names))")
        }
        let found = ofMonitor.filter { brand == nil || $0.brand == brand }
        if let brand, found.isEmpty {
            let names = Set(ofMonitor.map(\.brand)).sorted()
            let place = monitor.map { " in monitor '\($0)'" } ?? ""
            throw CommandError("no brand '\(brand)'\(place): \(Spelling.hint(for: brand, among: names))")
        }
        return found
    }
}
