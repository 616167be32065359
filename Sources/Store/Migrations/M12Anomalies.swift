internal import Domain

extension Migration {
    /// Which brands are watched, what was found, and the samples in which its drivers are looked for.
    ///
    /// A brand's series have one owner at a time: the worker whose transaction holds the lock of the watch's row. The states,
    /// the anomalies and what is to be told are written in that transaction, so no crash can leave one without the other,
    /// and no work is done twice.
    static let anomalies = Migration(
        version: 12, name: "anomalies",
        sql: #"""
            ALTER TABLE gw.job ADD COLUMN windows_from timestamptz, ADD COLUMN windows_until timestamptz;
            COMMENT ON COLUMN gw.job.windows_from IS 'Of a job of a watched monitor: start of its first window.';
            COMMENT ON COLUMN gw.job.windows_until IS 'Of an ended job of a watched monitor: end of its last window.';

            -- Monitors with alerts, as they were submitted last.
            CREATE TABLE gw.alerting (monitor text PRIMARY KEY, monitor_yaml text NOT NULL);

            CREATE TABLE gw.watch (
                watch_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                monitor text NOT NULL,
                brand text NOT NULL,
                seconds int NOT NULL CHECK (seconds > 0),
                -- What is to be judged; moved on by the coordinator.
                due_jobs int[] NOT NULL DEFAULT '{}',
                due_from timestamptz,
                due_until timestamptz,
                -- What was judged.
                jobs int[] NOT NULL DEFAULT '{}',
                judged_until timestamptz,
                state bytea,
                retry_at timestamptz,
                due boolean GENERATED ALWAYS AS (due_until IS NOT NULL
                    AND (jobs <> due_jobs OR judged_until IS NULL OR judged_until < due_until)) STORED,
                UNIQUE (monitor, brand)) WITH (fillfactor = 50);
            CREATE INDEX watch_due ON gw.watch (due_until, watch_id) WHERE due;
            ALTER TABLE gw.watch ALTER COLUMN state SET STORAGE EXTERNAL;
            COMMENT ON COLUMN gw.watch.seconds IS 'The length of a window.';
            COMMENT ON COLUMN gw.watch.jobs IS 'The jobs whose counts were judged: what others change is judged anew.';
            COMMENT ON COLUMN gw.watch.state IS 'Of all series of the brand, at the time until which late posts may revise.';

            CREATE TABLE gw.anomaly (
                anomaly_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                monitor text NOT NULL,
                brand text NOT NULL,
                platform smallint NOT NULL,
                metric smallint NOT NULL,
                seconds int NOT NULL,
                started_at timestamptz NOT NULL,
                ended_at timestamptz NOT NULL,
                kind text NOT NULL,
                stage text NOT NULL,
                peak_at timestamptz NOT NULL,
                peak_value float8 NOT NULL,
                value float8 NOT NULL,
                expected float8 NOT NULL,
                return_days float8 NOT NULL,
                budget_days float8 NOT NULL,
                news_at timestamptz NOT NULL,
                posts bigint NOT NULL,
                drivers jsonb NOT NULL,
                examples jsonb NOT NULL,
                detector text NOT NULL,
                revision int NOT NULL,
                found_at timestamptz NOT NULL DEFAULT now(),
                updated_at timestamptz NOT NULL DEFAULT now(),
                UNIQUE (monitor, brand, platform, metric, seconds, started_at));
            COMMENT ON COLUMN gw.anomaly.platform IS '-1: all together.';
            COMMENT ON COLUMN gw.anomaly.news_at IS 'Start of the window that was news last.';

            CREATE TABLE gw.voices (
                window_start timestamptz NOT NULL,
                job_id int NOT NULL,
                brand int NOT NULL,
                slot smallint NOT NULL,
                body bytea NOT NULL,
                PRIMARY KEY (job_id, brand, window_start, slot));
            COMMENT ON TABLE gw.voices IS
                'A sample of each brand''s hour, as a message Voices of partial.proto; slots as in gw.rollup.';

            -- What was counted of a brand by some jobs, in windows of any length that the kept grains allow.
            CREATE FUNCTION gw.windows(
                jobs int[], of_brand text, of_platform smallint, seconds int, since timestamptz, until timestamptz,
                with_authors boolean) RETURNS TABLE (
                window_start timestamptz, posts bigint, authors bigint, negative bigint, neutral bigint, positive bigint,
                engagement bigint, reach bigint)
            LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
            BEGIN
                RETURN QUERY
                SELECT date_bin(make_interval(secs => seconds), r.window_start, '1970-01-01 00:00:00Z'),
                    sum(r.posts)::bigint,
                    CASE WHEN with_authors THEN round(hll_cardinality(hll_union_agg(r.authors)))::bigint ELSE 0 END,
                    sum(r.negative)::bigint, sum(r.neutral)::bigint, sum(r.positive)::bigint,
                    least(sum(r.engagement), 9223372036854775807)::bigint, least(sum(r.reach), 9223372036854775807)::bigint
                FROM gw.brand b JOIN gw.rollup r ON r.job_id = b.job_id AND r.brand = b.brand
                WHERE b.job_id = ANY(jobs) AND b.name = of_brand
                    AND r.grain = CASE WHEN seconds < 3600 THEN 0 WHEN seconds < 86400 THEN 1 ELSE 2 END
                    AND r.window_start >= since AND r.window_start < until
                    AND (of_platform IS NULL OR r.platform = of_platform)
                GROUP BY 1 ORDER BY 1;
            END $$;
            REVOKE EXECUTE ON FUNCTION gw.windows FROM PUBLIC;

            CREATE FUNCTION trends.windows(
                monitor text, brand text, platform text, seconds int, since timestamptz, until timestamptz)
            RETURNS TABLE (
                window_start timestamptz, posts bigint, authors bigint, negative bigint, neutral bigint, positive bigint,
                engagement bigint, reach bigint)
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
                SELECT w.* FROM gw.windows(
                    coalesce(
                        (SELECT a.jobs FROM gw.watch a
                            WHERE a.monitor = windows.monitor AND a.brand = windows.brand AND a.judged_until IS NOT NULL),
                        (SELECT array_agg(j.job_id) FROM gw.job j WHERE j.monitor = windows.monitor)),
                    windows.brand, (SELECT p.platform FROM gw.platform p WHERE p.name = windows.platform),
                    windows.seconds, coalesce(windows.since, '-infinity'), coalesce(windows.until, 'infinity'), true) w
                WHERE windows.platform IS NULL OR EXISTS (SELECT FROM gw.platform p WHERE p.name = windows.platform)
            $$;
            REVOKE EXECUTE ON FUNCTION trends.windows FROM PUBLIC;
            COMMENT ON FUNCTION trends.windows IS
                'What was counted of a brand in windows of so many seconds (60 to 86400) in [since, until); NULL for all platforms, and leaves an end open. Windows without posts are left out. These are the numbers that anomalies are found in.';

            -- Tells the watches what can be judged: the jobs that have ended, and live ones up to their watermark.
            CREATE FUNCTION gw.mark_due(lateness interval) RETURNS void
            LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
            BEGIN
                UPDATE gw.job j SET windows_from = r.first, windows_until = CASE WHEN NOT j.arriving THEN r.last END
                FROM (SELECT j.job_id, min(m.first) AS first, max(m.last) AS last
                    FROM gw.job j JOIN gw.brand b USING (job_id)
                    CROSS JOIN LATERAL (SELECT
                        (SELECT r.window_start FROM gw.rollup r WHERE r.job_id = b.job_id AND r.brand = b.brand
                            AND r.grain = g.grain ORDER BY r.window_start LIMIT 1) AS first,
                        (SELECT r.window_start FROM gw.rollup r WHERE r.job_id = b.job_id AND r.brand = b.brand
                            AND r.grain = g.grain ORDER BY r.window_start DESC LIMIT 1) + g.length AS last
                        FROM (VALUES (0, interval '1 minute'), (1, '1 hour'), (2, '1 day')) g(grain, length)) m
                    WHERE j.monitor IN (SELECT w.monitor FROM gw.watch w)
                        AND (j.state LIKE 'completed%' AND j.windows_until IS NULL
                            OR j.arriving AND j.reached IS NOT NULL AND j.windows_from IS NULL)
                    GROUP BY 1) r
                WHERE j.job_id = r.job_id AND r.first IS NOT NULL;

                UPDATE gw.watch w SET due_jobs = n.jobs, due_from = n.first, due_until = n.until
                FROM (SELECT w.watch_id, m.jobs,
                        date_bin(make_interval(secs => w.seconds), m.first, '1970-01-01 00:00:00Z') AS first,
                        CASE WHEN m.live IS NOT NULL
                            THEN date_bin(make_interval(secs => w.seconds), m.live - lateness, '1970-01-01 00:00:00Z')
                            ELSE date_bin(make_interval(secs => w.seconds),
                                m.last + make_interval(secs => w.seconds - 1), '1970-01-01 00:00:00Z') END AS until
                    FROM gw.watch w JOIN (
                        SELECT j.monitor, array_agg(j.job_id ORDER BY j.job_id) AS jobs, min(j.windows_from) AS first,
                            min(j.reached) FILTER (WHERE j.arriving) AS live, max(j.windows_until) AS last
                        FROM gw.job j
                        WHERE j.windows_from IS NOT NULL AND (j.arriving AND j.state = 'running' OR j.state LIKE 'completed%')
                        GROUP BY j.monitor) m USING (monitor)) n
                WHERE w.watch_id = n.watch_id AND (n.until > coalesce(w.due_until, '-infinity') OR n.jobs <> w.due_jobs);
            END $$;
            REVOKE EXECUTE ON FUNCTION gw.mark_due FROM PUBLIC;

            -- The watch that waits longest and that nobody else judges, locked until the transaction ends; with the time from
            -- which other jobs than those that were judged have changed its counts.
            CREATE FUNCTION gw.take_watch() RETURNS TABLE (
                watch_id int, monitor text, brand text, seconds int, jobs int[], due_jobs int[], due_from timestamptz,
                due_until timestamptz, changed_from timestamptz, state bytea, monitor_yaml text)
            LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
                SELECT w.watch_id, w.monitor, w.brand, w.seconds, w.jobs, w.due_jobs, w.due_from, w.due_until,
                    CASE WHEN w.jobs <@ w.due_jobs
                        THEN (SELECT min(j.windows_from) FROM gw.job j
                            WHERE j.job_id = ANY (w.due_jobs) AND j.job_id <> ALL (w.jobs))
                        ELSE w.due_from END,
                    w.state, a.monitor_yaml
                FROM gw.watch w JOIN gw.alerting a USING (monitor) WHERE w.due AND coalesce(w.retry_at <= now(), true)
                ORDER BY w.due_until, w.watch_id LIMIT 1 FOR NO KEY UPDATE OF w SKIP LOCKED
            $$;
            REVOKE EXECUTE ON FUNCTION gw.take_watch FROM PUBLIC;

            CREATE FUNCTION gw.watch_voices(jobs int[], of_brand text, since timestamptz, until timestamptz)
            RETURNS TABLE (window_start timestamptz, body bytea)
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
                SELECT v.window_start, v.body FROM gw.brand b JOIN gw.voices v ON v.job_id = b.job_id AND v.brand = b.brand
                WHERE b.job_id = ANY(jobs) AND b.name = of_brand AND v.window_start >= since AND v.window_start < until
                ORDER BY v.window_start, v.job_id, v.slot
            $$;
            REVOKE EXECUTE ON FUNCTION gw.watch_voices FROM PUBLIC;

            -- The anomalies of a watched brand that were not over at a time.
            CREATE FUNCTION gw.watch_anomalies(watch int, since timestamptz) RETURNS SETOF gw.anomaly
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
                SELECT a.* FROM gw.anomaly a JOIN gw.watch w USING (monitor, brand, seconds)
                WHERE w.watch_id = watch AND (a.ended_at > since OR a.stage NOT IN ('closed', 'withdrawn'))
                ORDER BY a.anomaly_id
            $$;
            REVOKE EXECUTE ON FUNCTION gw.watch_anomalies FROM PUBLIC;

            -- Writes what was judged. Anomalies that have a number are changed, the others are new.
            CREATE FUNCTION gw.settle_watch(watch int, judged int[], until timestamptz, new_state bytea, anomalies jsonb)
            RETURNS TABLE (place int, id bigint, found_then timestamptz, updated_now timestamptz)
            LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
            DECLARE
                f record;
            BEGIN
                UPDATE gw.watch w SET jobs = judged, judged_until = until, state = new_state, retry_at = NULL
                WHERE w.watch_id = watch;
                place := 0;
                FOR f IN SELECT * FROM jsonb_to_recordset(anomalies) AS (anomaly bigint, platform smallint, metric smallint,
                    started_at bigint, ended_at bigint, kind text, stage text, peak_at bigint, peak_value float8, value float8,
                    expected float8, return_days float8, budget_days float8, news_at bigint, posts bigint, drivers jsonb,
                    examples jsonb, detector text, revision int)
                LOOP
                    IF f.anomaly IS NULL THEN
                        INSERT INTO gw.anomaly AS t (monitor, brand, seconds, platform, metric, started_at, ended_at, kind,
                            stage, peak_at, peak_value, value, expected, return_days, budget_days, news_at, posts,
                            drivers, examples, detector, revision)
                        SELECT w.monitor, w.brand, w.seconds, f.platform, f.metric, to_timestamp(f.started_at),
                            to_timestamp(f.ended_at), f.kind, f.stage, to_timestamp(f.peak_at), f.peak_value, f.value,
                            f.expected, f.return_days, f.budget_days, to_timestamp(f.news_at), f.posts, f.drivers, f.examples,
                            f.detector, f.revision
                        FROM gw.watch w WHERE w.watch_id = watch
                        RETURNING t.anomaly_id, t.found_at, t.updated_at INTO id, found_then, updated_now;
                    ELSE
                        UPDATE gw.anomaly t SET started_at = to_timestamp(f.started_at), ended_at = to_timestamp(f.ended_at),
                            kind = f.kind, stage = f.stage, peak_at = to_timestamp(f.peak_at), peak_value = f.peak_value,
                            value = f.value, expected = f.expected, return_days = f.return_days, budget_days = f.budget_days,
                            news_at = to_timestamp(f.news_at), posts = f.posts, drivers = f.drivers, examples = f.examples,
                            detector = f.detector, revision = f.revision, updated_at = now()
                        FROM gw.watch w
                        WHERE t.anomaly_id = f.anomaly AND w.watch_id = watch AND w.monitor = t.monitor AND w.brand = t.brand
                        RETURNING t.anomaly_id, t.found_at, t.updated_at INTO id, found_then, updated_now;
                    END IF;
                    RETURN NEXT;
                    place := place + 1;
                END LOOP;
            END $$;
            REVOKE EXECUTE ON FUNCTION gw.settle_watch FROM PUBLIC;

            -- Puts a watch off that could not be judged, so that the others have their turn.
            CREATE FUNCTION gw.defer_watch(watch int) RETURNS void
            LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
                UPDATE gw.watch w SET retry_at = now() + interval '30 seconds' WHERE w.watch_id = watch
            $$;
            REVOKE EXECUTE ON FUNCTION gw.defer_watch FROM PUBLIC;
            """# + "\n" + AnomalyViews.anomalies.sql)
}

/// What analysts see of anomalies.
enum AnomalyViews {
    static let anomalies = TrendView(
        name: "anomalies",
        comment: """
            Times at which a brand's figures were far from what its history leads to expect, each once, with what drove it. \
            Filled for monitors that have alerts.
            """,
        columns: [
            ("anomaly", "a.anomaly_id", "Its number: groundswell explain anomaly NUMBER."),
            ("monitor", "a.monitor", "Name of the monitor."), ("brand", "a.brand", "Name of the brand."),
            ("platform", "p.name", "Where the posts were published; null for all platforms together."),
            (
                "metric",
                "(ARRAY['mentions', 'authors', 'negative_share', 'net_sentiment', 'engagement', 'reach'])[a.metric + 1]",
                "mentions, authors, engagement or reach: counts that rose; negative_share: rose; net_sentiment: fell."
            ),
            ("window_seconds", "a.seconds", "Length of the windows that were compared."),
            (
                "kind", "a.kind",
                "spike: more than usual; crisis: more, with more of it negative; mood: worse sentiment without more posts."
            ),
            ("stage", "a.stage", "open, growing, peaked, closed; withdrawn when late posts showed that it was none."),
            ("started_at", "a.started_at", "Start of the first window that was worth an alert."),
            ("ended_at", "a.ended_at", "End of the last window beyond the ordinary, so far."),
            ("peak_at", "a.peak_at", "Start of its rarest window."),
            ("peak_value", "a.peak_value", "The metric in that window."),
            ("value", "a.value", "Sum of the metric over its windows; of a share or net sentiment the mean."),
            ("expected", "a.expected", "What was expected of these windows, in the same way."),
            ("excess", "a.value - a.expected", "value - expected."),
            (
                "return_days", "a.return_days",
                "A window this far from the ordinary comes once in so many days for this brand."
            ),
            ("severity", "ln(1 + a.return_days)", "ln(1 + return_days)."),
            ("budget_days", "a.budget_days", "What comes at least this rarely was worth an alert."),
            ("posts", "a.posts", "Posts about the brand from its start to its end."),
            (
                "drivers", "a.drivers",
                """
                What drove it, strongest first: kind, key, posts and authors (estimated from a sample of each hour), posts \
                expected, share of the excess, score (log likelihood ratio).
                """
            ),
            ("examples", "a.examples", "Posts of the strongest driver."),
            ("detector", "a.detector", "Version of the detector's weights."),
            ("revision", "a.revision", "How often it was told anew, from 1."),
            ("found_at", "a.found_at", "When it was found."),
            ("updated_at", "a.updated_at", "When its row changed last."),
        ],
        from: "FROM gw.anomaly a LEFT JOIN gw.platform p ON p.platform = a.platform")
}
