extension Migration {
    /// Limits, priorities and schedules of jobs.
    static let scheduling = Migration(version: 5, name: "scheduling", sql: "SELECT 1;")
}
