internal import Domain
internal import Trends

/// The views of schema `trends`.
///
/// A monitor may have been counted by several jobs (last year's archive, this week's): the views add them up.
enum TrendViews {
    typealias Column = (name: String, expression: String, comment: String)

    static let all: [TrendView] =
        [
            rollup("by_minute", .minute), rollup("by_hour", .hour), rollup("by_day", .day),
            rollup("brand_hour", .hour, byPlatform: false), rollup("brand_day", .day, byPlatform: false),
            terms("hashtags", .hashtag, "hashtag", "Hashtag without #, case-folded."),
            terms("handles", .mention, "handle", "Mentioned account without @, case-folded."),
            terms("domains", .domain, "domain", "Host of a linked page, without www."),
        ] + [examples(), jobs, quarantine, version]

    static let monitor: Column = ("monitor", "j.monitor", "Name of the monitor.")
    static let brand: Column = ("brand", "b.name", "Name of the brand.")
    private static let platform: Column = (
        "platform", "p.name", "Where the posts were published: x, bluesky, reddit, …"
    )
    private static let language: Column = (
        "language", "r.language", "Language as declared (BCP 47 primary tag); empty when unknown."
    )

    // MARK: Rollups

    static func rollup(
        _ name: String, _ grain: Grain, byPlatform: Bool = true, more: [Column] = []
    ) -> TrendView {
        let time: Column =
            grain == .day
            ? ("day", "(r.window_start AT TIME ZONE 'UTC')::date", "The UTC day.")
            : (grain.name, "r.window_start", "Start of the \(grain.name).")
        let keys = [monitor, brand] + (byPlatform ? [platform, language] : []) + [time]
        let scope = byPlatform ? "brand, platform, language and \(grain.name)" : "brand and \(grain.name)"
        return TrendView(
            name: name,
            comment:
                "Mentions by \(scope). Counts can be summed further; distinct_authors cannot, but authors can be united.",
            columns: keys + counts + sentiment + reach + more,
            from: """
                FROM gw.rollup r JOIN gw.job j USING (job_id) JOIN gw.brand b USING (job_id, brand)
                \(byPlatform ? "JOIN gw.platform p USING (platform)" : "")
                WHERE r.grain = \(grain.rawValue)
                GROUP BY j.monitor, b.name, \(byPlatform ? "p.name, r.language, " : "")r.window_start
                """)
    }

    static func sum(_ name: String, _ comment: String) -> Column {
        // What foreign records claim may add up beyond the largest number: such a sum stays there.
        (name, "least(sum(r.\(name)), \(Int64.max))::bigint", comment)
    }

    private static func mass(_ name: String) -> Column {
        (
            "\(name)_mass", "(sum(r.\(name)_sum) / 1000000)::numeric(20, 6)",
            "Sum over the scored posts of the calibrated probability that the post is \(name): less biased than the count of labels."
        )
    }

    private static let counts: [Column] = [
        sum("posts", "Posts that mention the brand, of every kind."),
        (
            "originals", "sum(r.posts - r.reposts - r.replies - r.quotes)::bigint",
            "Posts that are no repost, reply or quote."
        ),
        sum("reposts", "Reposts."),
        sum("replies", "Replies and comments."),
        sum("quotes", "Quotes."),
        sum("with_media", "Posts with pictures or video."),
    ]

    private static let scored = "sum(r.negative + r.neutral + r.positive + r.unsure)"

    private static let sentiment: [Column] = [
        ("scored", "\(scored)::bigint", "Posts whose sentiment was judged."),
        sum("negative", "Scored posts labelled negative."),
        sum("neutral", "Scored posts labelled neutral."),
        sum("positive", "Scored posts labelled positive."),
        sum("unsure", "Scored posts where the model was too unsure for a label."),
        mass("negative"), mass("neutral"), mass("positive"),
        (
            "net_sentiment",
            "round(sum(r.positive_sum - r.negative_sum) / nullif(sum(r.negative_sum + r.neutral_sum + r.positive_sum), 0), 4)",
            "(positive_mass - negative_mass) / scored, from -1 to 1; null when nothing was scored."
        ),
    ]

    private static let reach: [Column] = [
        sum("engagement", "Likes, replies, reposts and quotes that the platforms reported."),
        sum("reach", "Sum of the authors' followers where known; an author counts once for each post."),
        sum("reach_known", "Posts whose author's followers are known."),
        (
            "authors", "hll_union_agg(r.authors)",
            "Distinct authors as a sketch: unite rows with hll_union_agg, count with hll_cardinality."
        ),
        (
            "distinct_authors", "round(hll_cardinality(hll_union_agg(r.authors)))::bigint",
            "Distinct authors of this row: exact up to some hundred, about 1.6 % standard error above."
        ),
    ]

    // MARK: Terms

    private static func terms(_ name: String, _ kind: TermKind, _ column: String, _ comment: String) -> TrendView {
        TrendView(
            name: name, comment: "How often each \(column) stands in posts that mention the brand, by hour.",
            columns: [
                monitor, brand, platform, language, ("hour", "r.window_start", "Start of the hour."),
                (column, "r.term", comment), sum("posts", "Posts with it."),
            ],
            from: """
                FROM gw.term r JOIN gw.job j USING (job_id) JOIN gw.brand b USING (job_id, brand)
                JOIN gw.platform p USING (platform)
                WHERE r.kind = \(kind.rawValue)
                GROUP BY j.monitor, b.name, p.name, r.language, r.window_start, r.term
                """)
    }

    // MARK: Lists

    private static func probability(_ name: String) -> Column {
        (
            name, "(r.\(name) / 1000000.0)::numeric(7, 6)",
            "Calibrated probability that it is \(name); null when not scored."
        )
    }

    /// One post counted by two jobs is one example: `DISTINCT ON` the rank keeps it once.
    static func examples(more: [Column] = [], columns: String = "") -> TrendView {
        TrendView(
            name: "examples",
            comment:
                "A uniform random sample of at most \(Example.sampleSize) posts by brand, platform, language and day.",
            columns: [
                ("monitor", "r.monitor", monitor.comment), ("brand", "r.brand", brand.comment),
                ("platform", "r.platform", platform.comment), language, ("day", "r.day", "The UTC day."),
                ("post_id", "r.post_id", "The post's id on its platform."),
                ("created_at", "r.created_at", "When it was published."),
                ("author", "r.author", "Handle or id of its author."),
                ("text", "r.body", "Its text, perhaps cut."),
                ("url", "r.url", "Where it can be read; null when unknown."),
                probability("negative"), probability("neutral"), probability("positive"),
                (
                    "label", "(ARRAY['negative', 'neutral', 'positive'])[r.label + 1]",
                    "The class that the model chose, also where it is unsure; null when not scored."
                ),
            ] + more,
            from: """
                FROM (
                    SELECT e.*, row_number() OVER (PARTITION BY monitor, brand, platform, language, day ORDER BY rank, post_id) AS place
                    FROM (
                        SELECT DISTINCT ON (j.monitor, b.name, p.name, x.language, x.window_start, x.rank, x.post_id)
                            j.monitor, b.name AS brand, p.name AS platform, x.language,
                            (x.window_start AT TIME ZONE 'UTC')::date AS day, x.rank, x.post_id, x.created_at, x.author,
                            x.body, x.url, x.negative, x.neutral, x.positive, x.label\(columns)
                        FROM gw.example x JOIN gw.job j USING (job_id) JOIN gw.brand b USING (job_id, brand)
                        JOIN gw.platform p USING (platform)
                        ORDER BY j.monitor, b.name, p.name, x.language, x.window_start, x.rank, x.post_id, x.job_id DESC) e) r
                WHERE r.place <= \(Example.sampleSize)
                """)
    }

    private static let jobs = TrendView(
        name: "jobs", comment: "Submitted jobs, how far they are and what they read.",
        columns: [
            ("job", "j.job_id", "Number of the job."), monitor,
            ("state", "j.state", "running, paused, cancelled, completed or completed_with_errors."),
            ("lane", "j.lane", "live or bulk."), ("shards", "j.shards", "Slices of the input."),
            ("merged", "coalesce(g.merged, 0)::bigint", "Slices counted."),
            ("dead", "coalesce(t.dead, 0)::bigint", "Slices set aside after repeated failures."),
            ("records", "coalesce(g.records, 0)::bigint", "Records read."),
            ("posts", "coalesce(g.posts, 0)::bigint", "Posts compared with the brands."),
            ("matched", "coalesce(g.matched, 0)::bigint", "Posts that mention at least one brand."),
            ("mentions", "coalesce(g.mentions, 0)::bigint", "Pairs of post and mentioned brand."),
            ("duplicates", "coalesce(g.duplicates, 0)::bigint", "Posts left out since seen before."),
            ("filtered", "coalesce(g.filtered, 0)::bigint", "Posts left out for their language."),
            ("deletions", "coalesce(g.deletions, 0)::bigint", "Records that delete a post."),
            ("quarantined", "coalesce(g.quarantined, 0)::bigint", "Records that could not be read."),
            ("bytes", "coalesce(g.bytes, 0)::bigint", "Bytes read, after decompression."),
            ("monitor_version", "j.monitor_version", "Version of the monitor file."),
            ("model_version", "j.model_version", "Version of the sentiment model; empty when none."),
            ("submitted_at", "j.submitted_at", "When it was submitted."),
            ("finished_at", "j.finished_at", "When it ended; null while it goes on."),
        ],
        from: """
            FROM gw.job j
            LEFT JOIN (
                SELECT job_id, sum(merged) merged, sum(records) records, sum(posts) posts, sum(matched) matched,
                    sum(mentions) mentions, sum(duplicates) duplicates, sum(filtered) filtered,
                    sum(deletions) deletions, sum(quarantined) quarantined, sum(bytes) bytes
                FROM gw.progress GROUP BY job_id) g USING (job_id)
            LEFT JOIN LATERAL (
                SELECT count(*) dead FROM gw.trouble t WHERE t.job_id = j.job_id AND t.dead
                    AND NOT EXISTS (SELECT FROM gw.ledger l WHERE l.job_id = t.job_id AND l.idx = t.idx)) t ON true
            """)

    private static let quarantine = TrendView(
        name: "quarantine",
        comment: "Records that could not be read, with the reason: at most \(Partial.quarantineLimit) of each slice.",
        columns: [
            ("job", "q.job_id", "Number of the job."), monitor,
            ("source", "regexp_replace(c.name, '^.*/', '')", "Name of the file, without its folder."),
            ("byte_offset", "q.byte_offset", "Where the record starts in the (decompressed) source."),
            ("reason", "q.reason", "What is wrong with it."),
            (
                "excerpt", "encode(q.excerpt, 'escape')",
                "Its first bytes; those that are no ASCII are written as octal escapes."
            ),
        ],
        from: """
            FROM gw.quarantine q JOIN gw.job j USING (job_id) JOIN gw.shard s USING (job_id, idx)
            JOIN gw.source c USING (job_id, source_id)
            """)

    private static let version = TrendView(
        name: "version", comment: "The version of this schema.",
        columns: [("version", "max(v.version)", "Grows by one with each migration.")],
        from: "FROM gw.schema_version v")
}
