extension Migration {
    /// What the deep model says: counts of flags and emotions, sums of their probabilities, and posts nobody could read.
    static let readings = Migration(
        version: 9, name: "readings",
        sql: """
            -- All 0 where the monitor asks for no deep model: old rows need no rewriting.
            ALTER TABLE gw.rollup
                ADD COLUMN unsupported bigint NOT NULL DEFAULT 0,
                ADD COLUMN read_deep bigint NOT NULL DEFAULT 0,
                ADD COLUMN ironic bigint NOT NULL DEFAULT 0,
                ADD COLUMN offensive bigint NOT NULL DEFAULT 0,
                ADD COLUMN hateful bigint NOT NULL DEFAULT 0,
                ADD COLUMN anger bigint NOT NULL DEFAULT 0,
                ADD COLUMN joy bigint NOT NULL DEFAULT 0,
                ADD COLUMN optimism bigint NOT NULL DEFAULT 0,
                ADD COLUMN sadness bigint NOT NULL DEFAULT 0,
                ADD COLUMN ironic_sum bigint NOT NULL DEFAULT 0,
                ADD COLUMN offensive_sum bigint NOT NULL DEFAULT 0,
                ADD COLUMN hateful_sum bigint NOT NULL DEFAULT 0,
                ADD COLUMN anger_sum bigint NOT NULL DEFAULT 0,
                ADD COLUMN joy_sum bigint NOT NULL DEFAULT 0,
                ADD COLUMN optimism_sum bigint NOT NULL DEFAULT 0,
                ADD COLUMN sadness_sum bigint NOT NULL DEFAULT 0;
            \(ReadingViews.changed.map(\.sqlWithMoreColumns).joined(separator: "\n"))
            \(ReadingViews.emotions.sql)
            """)
}
