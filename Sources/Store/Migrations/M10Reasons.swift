extension Migration {
    /// Why examples got their label.
    static let reasons = Migration(
        version: 10, name: "reasons",
        sql: """
            ALTER TABLE gw.example ADD COLUMN reasons jsonb;
            \(ReasonViews.examples.sqlWithMoreColumns)
            """)
}

/// What the views of schema `trends` show of reasons.
enum ReasonViews {
    static let examples = TrendViews.examples(
        more: [
            (
                "reasons", "r.reasons",
                """
                The words that weigh most, heaviest first: [{"word": …, "weight": …}]. Above 0 a word speaks for the \
                label, below 0 against it; a weight of 1 multiplies the label's odds by about 2.7. Null where the deep \
                model decided, until 'groundswell explain examples' adds them, and where nothing was scored.
                """
            )
        ], columns: ", x.reasons")
}
