internal import Postgres

/// A brand of a monitor that something was counted of.
package struct KnownBrand: Hashable, Sendable {
    package var monitor: String
    package var brand: String

    package init(monitor: String, brand: String) {
        self.monitor = monitor
        self.brand = brand
    }
}

extension TrendStore {
    /// The brands that something was counted of, in order.
    ///
    /// Reads the public views only, so the reader role suffices.
    package func knownBrands() async throws -> [KnownBrand] {
        try await connection.use { session in
            try session.query("SELECT DISTINCT monitor, brand FROM trends.by_day ORDER BY monitor, brand").map {
                KnownBrand(monitor: $0.text(0), brand: $0.text(1))
            }
        }
    }
}
