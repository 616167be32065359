internal import Domain

/// What the views of schema `trends` show of the deep model's readings.
enum ReadingViews {
    /// The views of rollups with more columns, at their end.
    static let changed: [TrendView] = [
        TrendViews.rollup("by_minute", .minute, more: columns), TrendViews.rollup("by_hour", .hour, more: columns),
        TrendViews.rollup("by_day", .day, more: columns),
        TrendViews.rollup("brand_hour", .hour, byPlatform: false, more: columns),
        TrendViews.rollup("brand_day", .day, byPlatform: false, more: columns),
    ]

    private static func mass(_ name: String, _ comment: String) -> TrendViews.Column {
        ("\(name)_mass", "(sum(r.\(name)_sum) / 1000000)::numeric(20, 6)", comment)
    }

    private static let columns: [TrendViews.Column] = [
        TrendViews.sum(
            "unsupported", "Posts in a language that no model reads: they count as posts and are never scored."),
        TrendViews.sum(
            "read_deep",
            """
            Posts that the deep model read, the whole that ironic, offensive, hateful and the emotions are parts of. With \
            "model: cascade" these are the posts that the fast model was unsure of, no fair sample of all; with \
            "model: deep" all that are scored.
            """),
        TrendViews.sum("ironic", "Posts read deeply that the model takes for ironic."),
        TrendViews.sum("offensive", "Posts read deeply that the model takes for offensive."),
        TrendViews.sum(
            "hateful",
            "Posts read deeply with a flag for hate: a reason to look, never a verdict. On new topics the flag is often wrong."
        ),
        mass("ironic", "Expected number of ironic posts among those read deeply: the sum of their probabilities."),
        mass(
            "offensive", "Expected number of offensive posts among those read deeply: the sum of their probabilities."),
        mass(
            "hateful",
            "Expected number of hateful posts among those read deeply: far from hateful means that the flags are uncertain."
        ),
    ]

    static let emotions = TrendView(
        name: "emotions",
        comment: """
            Emotions by brand and day, of the posts that the deep model read (see by_day.read_deep). Every post gets \
            shares of these four, also one that shows none.
            """,
        columns: [
            TrendViews.monitor, TrendViews.brand,
            ("day", "(r.window_start AT TIME ZONE 'UTC')::date", "The UTC day."),
            ("emotion", "e.emotion", "anger, joy, optimism or sadness."),
            (
                "posts", "sum(e.posts)::bigint",
                "Posts whose most probable emotion is this one, if at least as probable as unsure_below."
            ),
            (
                "mass", "(sum(e.millionths) / 1000000)::numeric(20, 6)",
                "Sum over the posts read deeply of the calibrated probability of the emotion."
            ),
            ("read_deep", "sum(r.read_deep)::bigint", "Posts that the deep model read."),
            ("share", "round(sum(e.millionths) / 1000000 / sum(r.read_deep), 4)", "mass / read_deep, from 0 to 1."),
        ],
        from: """
            FROM gw.rollup r JOIN gw.job j USING (job_id) JOIN gw.brand b USING (job_id, brand)
            CROSS JOIN LATERAL (VALUES ('anger', r.anger, r.anger_sum), ('joy', r.joy, r.joy_sum),
                ('optimism', r.optimism, r.optimism_sum), ('sadness', r.sadness, r.sadness_sum)) e(emotion, posts, millionths)
            WHERE r.grain = \(Grain.day.rawValue) AND r.read_deep > 0
            GROUP BY j.monitor, b.name, r.window_start, e.emotion
            """)
}
