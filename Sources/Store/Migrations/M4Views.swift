extension Migration {
    /// The stable face: the views that analysts read.
    ///
    /// Columns are only ever added to them.
    static let views = Migration(
        version: 4, name: "views",
        sql: """
            COMMENT ON SCHEMA trends IS
                'What Groundswell counted. Stable: columns are only added within a major version. All times are UTC.';
            \(TrendViews.all.map(\.sql).joined(separator: "\n"))
            """)
}

/// A view of schema `trends` with a comment on it and on each column.
struct TrendView: Sendable {
    var name: String
    var comment: String
    /// Name, expression and comment of each column, in order.
    var columns: [(name: String, expression: String, comment: String)]
    /// All that follows the columns.
    var from: String

    var sql: String { sql(creating: "CREATE VIEW") }

    /// The view with columns added behind those that it has: whatever reads it stays.
    var sqlWithMoreColumns: String { sql(creating: "CREATE OR REPLACE VIEW") }

    private func sql(creating: String) -> String {
        let list = columns.map { "    \($0.expression) AS \($0.name)" }.joined(separator: ",\n")
        let comments = columns.map { "COMMENT ON COLUMN trends.\(name).\($0.name) IS \(Self.literal($0.comment));" }
        return """
            \(creating) trends.\(name) AS SELECT
            \(list)
            \(from);
            COMMENT ON VIEW trends.\(name) IS \(Self.literal(comment));
            \(comments.joined(separator: "\n"))
            """
    }

    private static func literal(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
}
