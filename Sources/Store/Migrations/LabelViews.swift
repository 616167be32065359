/// What analysts see of labels: the labels themselves, and shares corrected by those drawn at random.
enum LabelViews {
    static let all = [labels, corrected]

    private static let names = "ARRAY['negative', 'neutral', 'positive', 'unsure']"

    private static let labels = TrendView(
        name: "labels", comment: "What people said of posts, beside what a model says of them.",
        columns: [
            ("brand", "l.brand", "Name of the brand."),
            ("text", "l.body", "The post's text."),
            ("label", "(\(names))[l.label + 1]", "What the annotator said: negative, neutral or positive."),
            ("annotator", "l.annotator", "Who labelled it."),
            ("posted_at", "l.posted_at", "When the post was published; null when unknown."),
            ("labelled_at", "l.labelled_at", "When it was labelled, for the last time."),
            (
                "is_sampled", "l.sample_weight IS NOT NULL",
                "Whether it was drawn at random: only such labels measure; the others were chosen, to teach."
            ),
            (
                "sample_weight", "l.sample_weight",
                "Of a label drawn at random: how many posts it stands for, of which only ratios count."
            ),
            (
                "answer", "(\(names))[a.choice + 1]",
                "What the model of the last job said: negative, neutral, positive or unsure; null when never asked."
            ),
            ("model_version", "a.model_version", "The version of that model."),
        ],
        from: """
            FROM gw.label l LEFT JOIN LATERAL (
                SELECT x.choice, x.model_version FROM gw.answer x WHERE x.label_id = l.label_id
                ORDER BY x.answered_at DESC, x.model_version LIMIT 1) a ON true
            """)

    private static let corrected = TrendView(
        name: "corrected",
        comment: """
            Sentiment shares by brand and month, corrected by posts that were drawn at random and labelled by people: the \
            share with a 95 % interval beside the raw one. Rows are there for brands with such labels, in monitors with day \
            windows. For another time use trends.corrected_between(since, until).
            """,
        columns: [
            ("monitor", "c.monitor", "Name of the monitor."), ("brand", "c.brand", "Name of the brand."),
            ("month", "(c.period AT TIME ZONE 'UTC')::date", "First day of the month."),
        ] + shares,
        from: "FROM gw.corrected('month', NULL, NULL) c")

    private static let shares: [TrendViews.Column] = [
        ("model_version", "c.model_version", "The model that judged the posts."),
        ("class", "(\(names))[c.class + 1]", "negative, neutral or positive."),
        ("scored", "c.scored", "Posts whose sentiment was judged."),
        ("labels", "c.labels", "Labels, drawn at random, that the correction rests on."),
        ("raw_share", "round(c.raw_share::numeric, 4)", "The class's mass by scored: what the model alone says."),
        ("share", "round(c.share::numeric, 4)", "The corrected share."),
        ("low", "round(c.low::numeric, 4)", "Lower end of its 95 % interval."),
        ("high", "round(c.high::numeric, 4)", "Upper end of its 95 % interval."),
    ]

    /// The estimate of `Training.ShareCorrection`: post-stratification by the model's choice, Wilson's intervals within
    /// strata, joined by their distances.
    static let correction = #"""
        -- Corrected shares in [since, until), by period when a unit is given.
        CREATE FUNCTION gw.corrected(unit text, since timestamptz, until timestamptz) RETURNS TABLE (
            monitor text, brand text, period timestamptz, model_version text, class int, scored bigint, labels bigint,
            raw_share float8, share float8, low float8, high float8)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
            WITH population AS (
                SELECT j.monitor, b.name, j.monitor_version, j.model_version, p.period,
                    sum(r.negative) n0, sum(r.neutral) n1, sum(r.positive) n2, sum(r.unsure) n3,
                    ARRAY[sum(r.negative_sum), sum(r.neutral_sum), sum(r.positive_sum)] AS masses
                FROM gw.rollup r JOIN gw.job j USING (job_id) JOIN gw.brand b USING (job_id, brand)
                CROSS JOIN LATERAL (SELECT CASE WHEN unit IS NOT NULL THEN date_trunc(unit, r.window_start, 'UTC') END) p(period)
                WHERE r.grain = 2 AND (since IS NULL OR r.window_start >= since) AND (until IS NULL OR r.window_start < until)
                    AND b.name IN (SELECT l.brand FROM gw.label l WHERE l.sample_weight IS NOT NULL)
                GROUP BY 1, 2, 3, 4, 5),
            keyed AS (SELECT row_number() OVER () AS key, n0 + n1 + n2 + n3 AS scored, * FROM population
                WHERE n0 + n1 + n2 + n3 > 0),
            drawn AS (
                SELECT k.key, a.choice, l.label, l.sample_weight AS weight
                FROM keyed k JOIN gw.label l ON l.brand = k.name AND l.sample_weight IS NOT NULL
                    AND (since IS NULL OR l.posted_at >= since) AND (until IS NULL OR l.posted_at < until)
                    AND (unit IS NULL OR date_trunc(unit, l.posted_at, 'UTC') = k.period)
                JOIN gw.answer a ON a.label_id = l.label_id AND a.monitor_version = k.monitor_version
                    AND a.model_version = k.model_version),
            -- Each choice with its posts and what its labels say.
            cells AS (
                SELECT k.key, c.choice, c.posts, count(d.key) AS n, coalesce(sum(d.weight), 0) AS w,
                    coalesce(sum(d.weight * d.weight), 0) AS ww,
                    ARRAY[coalesce(sum(d.weight) FILTER (WHERE d.label = 0), 0),
                        coalesce(sum(d.weight) FILTER (WHERE d.label = 1), 0),
                        coalesce(sum(d.weight) FILTER (WHERE d.label = 2), 0)] AS found
                FROM keyed k CROSS JOIN LATERAL (VALUES (0, n0), (1, n1), (2, n2), (3, n3)) c(choice, posts)
                LEFT JOIN drawn d ON d.key = k.key AND d.choice = c.choice
                WHERE c.posts > 0 GROUP BY 1, 2, 3),
            -- Choices with fewer than five labels are put together, and with the next larger one while they are still few.
            grouped AS (
                SELECT *, CASE WHEN sum(n) OVER (PARTITION BY key ORDER BY n, choice) - n < 5 THEN -1 ELSE choice END AS stratum
                FROM cells),
            strata AS (
                SELECT g.key, g.stratum, k.class, sum(g.posts)::float8 AS posts, sum(g.n) AS n,
                    sum(g.found[k.class + 1]) / nullif(sum(g.w), 0) AS rate,
                    -- Of a small number of posts much is seen already: fewer are left to be uncertain about.
                    sum(g.w) ^ 2 / nullif(sum(g.ww), 0) * greatest(sum(g.posts) - 1, 1)::float8
                        / nullif(greatest(sum(g.posts) - sum(g.n), 0), 0)::float8 AS worth
                FROM grouped g CROSS JOIN (VALUES (0), (1), (2)) k(class) GROUP BY 1, 2, 3),
            limits AS (
                SELECT s.*,
                    CASE WHEN s.worth IS NULL THEN s.rate ELSE greatest(0, (s.rate + z / s.worth / 2
                        - sqrt(z * (s.rate * (1 - s.rate) + z / s.worth / 4) / s.worth)) / (1 + z / s.worth)) END AS low,
                    CASE WHEN s.worth IS NULL THEN s.rate ELSE least(1, (s.rate + z / s.worth / 2
                        + sqrt(z * (s.rate * (1 - s.rate) + z / s.worth / 4) / s.worth)) / (1 + z / s.worth)) END AS high
                FROM strata s CROSS JOIN (VALUES (1.959963984540054::float8 ^ 2)) q(z)),
            joined AS (
                SELECT l.key, l.class, sum(l.n)::bigint AS labels, sum(l.posts * l.rate) / sum(l.posts) AS share,
                    sqrt(sum((l.posts * (l.rate - l.low)) ^ 2)) / sum(l.posts) AS below,
                    sqrt(sum((l.posts * (l.high - l.rate)) ^ 2)) / sum(l.posts) AS above
                FROM limits l GROUP BY 1, 2 HAVING sum(l.n) > 0)
            SELECT k.monitor, k.name, k.period, k.model_version, j.class, k.scored::bigint, j.labels,
                (k.masses[j.class + 1] / 1000000.0 / k.scored)::float8, j.share, greatest(0, j.share - j.below),
                least(1, j.share + j.above)
            FROM joined j JOIN keyed k USING (key) ORDER BY 1, 2, 3, 4, 5
        $$;
        REVOKE EXECUTE ON FUNCTION gw.corrected FROM PUBLIC;
        """#

    /// Corrected shares of any time, for analysts.
    static let between = """
        CREATE FUNCTION trends.corrected_between(since timestamptz, until timestamptz) RETURNS TABLE (
            monitor text, brand text, model_version text, class text, scored bigint, labels bigint, raw_share numeric,
            share numeric, low numeric, high numeric)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
            SELECT c.monitor, c.brand, \(shares.map(\.expression).joined(separator: ", "))
            FROM gw.corrected(NULL, since, until) c
        $$;
        REVOKE EXECUTE ON FUNCTION trends.corrected_between FROM PUBLIC;
        COMMENT ON FUNCTION trends.corrected_between IS
            'Sentiment shares as in trends.corrected, of the days in [since, until); NULL leaves an end open.';
        """
}
