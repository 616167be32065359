extension Migration {
    /// What is known of shards that failed or killed their worker.
    static let troubles = Migration(version: 7, name: "troubles", sql: "SELECT 1;")
}
