extension Migration {
    /// Holds the place of the tables of anomalies.
    static let anomalies = Migration(version: 12, name: "anomalies", sql: "SELECT")
}
