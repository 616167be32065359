internal import Trends

extension Migration {
    /// Why examples got their label, and which words made posts negative or positive.
    static let reasons = Migration(
        version: 10, name: "reasons",
        sql: """
            ALTER TABLE gw.example ADD COLUMN reasons jsonb;
            COMMENT ON COLUMN gw.term.kind IS
                '0: hashtag, 1: mentioned handle, 2: domain of a link, 3: word that made a post negative, 4: positive.';
            \(ReasonViews.examples.sqlWithMoreColumns)
            \(ReasonViews.words.sql)
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
                label, below 0 against it; a weight of 1 multiplies the label's odds by about 2.7. Null where nothing \
                was scored, and where the deep model decided, until groundswell explain examples adds them.
                """
            )
        ], columns: ", x.reasons")

    static let words = TrendView(
        name: "reasons",
        comment: """
            The words that made posts negative or positive, by hour; filled where the monitor says "explain: all". At \
            most three of each post: of those that the fast model decided and was sure of.
            """,
        columns: [
            TrendViews.monitor, TrendViews.brand, ("platform", "p.name", "Where the posts were published."),
            ("language", "r.language", "Language as declared; empty when unknown."),
            ("hour", "r.window_start", "Start of the hour."),
            (
                "label", "CASE r.kind WHEN \(TermKind.blame.rawValue) THEN 'negative' ELSE 'positive' END",
                "What the posts are."
            ),
            ("word", "r.term", "The word in lower case, or an emoji."),
            TrendViews.sum("posts", "Posts with that label for which it is one of the heaviest words."),
        ],
        from: """
            FROM gw.term r JOIN gw.job j USING (job_id) JOIN gw.brand b USING (job_id, brand)
            JOIN gw.platform p USING (platform)
            WHERE r.kind IN (\(TermKind.blame.rawValue), \(TermKind.praise.rawValue))
            GROUP BY j.monitor, b.name, p.name, r.language, r.window_start, r.kind, r.term
            """)
}
