extension Migration {
    /// Jobs whose shards keep arriving.
    ///
    /// A batch of posts is a shard like any other, and a payload. Both are written in the transaction that moves its
    /// source on, so that a batch which is written again, since nobody knows whether the first try was, is noticed.
    static let live = Migration(
        version: 11, name: "live",
        sql: #"""
            ALTER TABLE gw.job ADD COLUMN arriving boolean NOT NULL DEFAULT false, ADD COLUMN reached timestamptz;
            COMMENT ON COLUMN gw.job.reached IS
                'Of a live job: all posts up to this time are counted that came when they were expected. Never goes back.';
            COMMENT ON COLUMN gw.job.arriving IS 'Shards may still be added: the job does not end.';
            -- One for each way to count: any number of gateways write into the same.
            CREATE UNIQUE INDEX job_arriving ON gw.job (monitor, monitor_version, model_version) WHERE arriving;

            ALTER TABLE gw.source
                ADD COLUMN identity text,
                ADD COLUMN position bigint NOT NULL DEFAULT 0,
                ADD COLUMN reached timestamptz,
                ADD COLUMN heard_at timestamptz;
            CREATE UNIQUE INDEX source_identity ON gw.source (job_id, name, identity) WHERE identity IS NOT NULL;
            COMMENT ON COLUMN gw.source.place IS
                '0: name is a path; 1: name is the name of a payload; 2: shards arrive, each with a payload of its own.';
            COMMENT ON COLUMN gw.source.identity IS 'Of a live source: which stream of this name, since files are replaced.';
            COMMENT ON COLUMN gw.source.position IS 'Of a live source: bytes of the stream that were accepted.';
            COMMENT ON COLUMN gw.source.reached IS 'Of a live source: time of the latest post below the job''s settled_below.';
            COMMENT ON COLUMN gw.source.heard_at IS 'When the last batch below settled_below was accepted.';

            ALTER TABLE gw.shard ADD COLUMN received_at timestamptz, ADD COLUMN latest timestamptz;
            COMMENT ON COLUMN gw.shard.received_at IS 'Of a live shard: when its posts were accepted.';
            COMMENT ON COLUMN gw.shard.latest IS 'Of a live shard: the time of its latest post, not after received_at.';

            -- What senders were told, for those who ask again.
            CREATE TABLE gw.receipt (
                job_id int NOT NULL REFERENCES gw.job ON DELETE CASCADE,
                key text COLLATE "C" NOT NULL,
                digest bytea NOT NULL,
                idx int NOT NULL,
                posts int NOT NULL,
                received_at timestamptz NOT NULL,
                PRIMARY KEY (job_id, key));
            CREATE INDEX receipt_age ON gw.receipt (received_at);

            -- Where shards are and how they stand; now also when a live one was received.
            DROP FUNCTION gw.describe(int[], int[]);
            CREATE FUNCTION gw.describe(jobs int[], shards int[]) RETURNS TABLE (
                ord bigint, state text, place smallint, name text, format smallint, compression smallint,
                columns text[], byte_offset bigint, byte_length bigint, merged boolean, dead boolean, attempt int,
                deaths int, received_at timestamptz)
            LANGUAGE plpgsql STABLE ROWS 100 SECURITY DEFINER SET search_path FROM CURRENT AS $$
            BEGIN
                RETURN QUERY
                SELECT u.ord, j.state, c.place, c.name, c.format, c.compression, c.columns, s.byte_offset, s.byte_length,
                    l.idx IS NOT NULL, coalesce(t.dead, false), 1 + coalesce(t.deaths + t.errors, 0),
                    coalesce(t.deaths, 0), s.received_at
                FROM unnest(jobs, shards) WITH ORDINALITY u(job_id, idx, ord)
                JOIN gw.shard s ON s.job_id = u.job_id AND s.idx = u.idx
                JOIN gw.job j ON j.job_id = u.job_id
                JOIN gw.source c ON c.job_id = u.job_id AND c.source_id = s.source_id
                LEFT JOIN gw.ledger l ON l.job_id = u.job_id AND l.idx = u.idx
                LEFT JOIN gw.trouble t ON t.job_id = u.job_id AND t.idx = u.idx;
            END $$;
            REVOKE EXECUTE ON FUNCTION gw.describe FROM PUBLIC;

            -- How many shards of a job are neither merged nor dead.
            CREATE FUNCTION gw.backlog(job int) RETURNS bigint
            LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
                SELECT j.shards
                    - (SELECT coalesce(sum(g.merged), 0)::bigint FROM gw.progress g WHERE g.job_id = j.job_id)
                    - (SELECT count(*) FROM gw.trouble t WHERE t.job_id = j.job_id AND t.dead
                        AND NOT EXISTS (SELECT FROM gw.ledger l WHERE l.job_id = t.job_id AND l.idx = t.idx))
                FROM gw.job j WHERE j.job_id = job
            $$;
            REVOKE EXECUTE ON FUNCTION gw.backlog FROM PUBLIC;

            -- Moves up the mark below which every shard of a live job is merged or dead, and notes for each source how
            -- far the posts below it reach.
            CREATE FUNCTION gw.settle_arriving(job int) RETURNS void
            LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
            DECLARE
                low int;
                high int;
                settled int;
            BEGIN
                SELECT j.settled_below, j.next_shard INTO low, high FROM gw.job j WHERE j.job_id = job FOR NO KEY UPDATE;
                SELECT coalesce(min(s.idx), high) INTO settled FROM gw.shard s
                WHERE s.job_id = job AND s.idx >= low AND s.idx < high
                    AND NOT EXISTS (SELECT FROM gw.ledger l WHERE l.job_id = s.job_id AND l.idx = s.idx)
                    AND NOT EXISTS (SELECT FROM gw.trouble t WHERE t.job_id = s.job_id AND t.idx = s.idx AND t.dead);
                IF settled <= low THEN RETURN; END IF;
                UPDATE gw.source c SET reached = greatest(c.reached, n.reached), heard_at = greatest(c.heard_at, n.heard_at)
                FROM (SELECT s.source_id, max(s.latest) AS reached, max(s.received_at) AS heard_at FROM gw.shard s
                    WHERE s.job_id = job AND s.idx >= low AND s.idx < settled GROUP BY s.source_id) n
                WHERE c.job_id = job AND c.source_id = n.source_id;
                UPDATE gw.job j SET settled_below = settled WHERE j.job_id = job;
            END $$;
            REVOKE EXECUTE ON FUNCTION gw.settle_arriving FROM PUBLIC;
            """#)
}
