extension Migration {
    /// What a worker may do: it calls these functions and needs no right on any table.
    ///
    /// In PL/pgSQL, since it keeps its plans for the session.
    static let functions = Migration(
        version: 3, name: "functions",
        sql: #"""
            -- Where shards are and how they stand, in the order asked for.
            CREATE FUNCTION gw.describe(jobs int[], shards int[]) RETURNS TABLE (
                ord bigint, state text, place smallint, name text, format smallint, compression smallint,
                columns text[], byte_offset bigint, byte_length bigint, merged boolean, dead boolean, attempt int)
            LANGUAGE plpgsql STABLE ROWS 100 SECURITY DEFINER SET search_path FROM CURRENT AS $$
            BEGIN
                RETURN QUERY
                SELECT u.ord, j.state, c.place, c.name, c.format, c.compression, c.columns, s.byte_offset, s.byte_length,
                    l.idx IS NOT NULL, coalesce(t.dead, false), 1 + coalesce(t.deaths + t.errors, 0)
                FROM unnest(jobs, shards) WITH ORDINALITY u(job_id, idx, ord)
                JOIN gw.shard s ON s.job_id = u.job_id AND s.idx = u.idx
                JOIN gw.job j ON j.job_id = u.job_id
                JOIN gw.source c ON c.job_id = u.job_id AND c.source_id = s.source_id
                LEFT JOIN gw.ledger l ON l.job_id = u.job_id AND l.idx = u.idx
                LEFT JOIN gw.trouble t ON t.job_id = u.job_id AND t.idx = u.idx;
            END $$;

            CREATE FUNCTION gw.payload(job int, payload text) RETURNS bytea
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS
            $$ SELECT p.body FROM gw.payload p WHERE p.job_id = job AND p.name = payload $$;

            CREATE FUNCTION gw.specification(job int) RETURNS TABLE (
                monitor_yaml text, monitor_version text, model_version text, submitted_at timestamptz)
            LANGUAGE sql STABLE ROWS 1 SECURITY DEFINER SET search_path FROM CURRENT AS
            $$ SELECT j.monitor_yaml, j.monitor_version, j.model_version, j.submitted_at FROM gw.job j WHERE j.job_id = job $$;

            -- Leases that ended without a word. The third makes a shard dead; one that is merged is left alone.
            CREATE FUNCTION gw.record_reclaims(jobs int[], shards int[]) RETURNS void
            LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
            BEGIN
                INSERT INTO gw.trouble AS t (job_id, idx, deaths, reason)
                SELECT s.job_id, s.idx, 1, 'its lease ended without a result'
                FROM (SELECT DISTINCT u.job_id, u.idx FROM unnest(jobs, shards) u(job_id, idx)) s
                WHERE EXISTS (SELECT FROM gw.shard x WHERE x.job_id = s.job_id AND x.idx = s.idx)
                    AND NOT EXISTS (SELECT FROM gw.ledger l WHERE l.job_id = s.job_id AND l.idx = s.idx)
                ORDER BY s.job_id, s.idx
                ON CONFLICT (job_id, idx) DO UPDATE SET
                    deaths = t.deaths + 1, dead = t.dead OR t.deaths + 1 >= 3, updated_at = now(),
                    retry_at = CASE WHEN t.deaths + 1 >= 3 THEN NULL ELSE t.retry_at END,
                    reason = CASE WHEN t.deaths + 1 >= 3
                        THEN t.deaths + 1 || ' leases ended without a result' ELSE t.reason END;
            END $$;

            -- An error: the fifth, or a permanent one, makes the shard dead. Else it is due again after a random time
            -- below 1 s, 2 s, 4 s, … at most 5 min. True when the shard is dead.
            CREATE FUNCTION gw.record_failure(job int, shard int, why text, permanent boolean) RETURNS boolean
            LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
            DECLARE
                died boolean;
            BEGIN
                IF NOT EXISTS (SELECT FROM gw.shard s WHERE s.job_id = job AND s.idx = shard)
                    OR EXISTS (SELECT FROM gw.ledger l WHERE l.job_id = job AND l.idx = shard) THEN
                    RETURN false;
                END IF;
                INSERT INTO gw.trouble AS t (job_id, idx, errors, dead, reason, retry_at)
                VALUES (job, shard, 1, permanent, left(why, 2000),
                    CASE WHEN NOT permanent THEN now() + random() * interval '1 s' END)
                ON CONFLICT (job_id, idx) DO UPDATE SET
                    errors = t.errors + 1, dead = t.dead OR permanent OR t.errors + 1 >= 5, reason = left(why, 2000),
                    updated_at = now(),
                    retry_at = CASE WHEN NOT (t.dead OR permanent OR t.errors + 1 >= 5)
                        THEN now() + random() * least(interval '1 s' * 2 ^ t.errors, interval '5 min') END
                RETURNING t.dead INTO died;
                RETURN died;
            END $$;

            REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA gw FROM PUBLIC;
            """#)
}
