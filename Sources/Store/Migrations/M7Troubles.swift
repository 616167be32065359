extension Migration {
    /// What is known of shards that failed or killed their worker.
    ///
    /// A shard whose lease ended without a word is run in a trial, which protects the worker; so ten such ends are borne,
    /// and machines that die at random do not make shards dead.
    static let troubles = Migration(
        version: 7, name: "troubles",
        sql: #"""
            -- Where shards are and how they stand, in the order asked for; now also how many of their leases ended badly.
            DROP FUNCTION gw.describe(int[], int[]);
            CREATE FUNCTION gw.describe(jobs int[], shards int[]) RETURNS TABLE (
                ord bigint, state text, place smallint, name text, format smallint, compression smallint,
                columns text[], byte_offset bigint, byte_length bigint, merged boolean, dead boolean, attempt int,
                deaths int)
            LANGUAGE plpgsql STABLE ROWS 100 SECURITY DEFINER SET search_path FROM CURRENT AS $$
            BEGIN
                RETURN QUERY
                SELECT u.ord, j.state, c.place, c.name, c.format, c.compression, c.columns, s.byte_offset, s.byte_length,
                    l.idx IS NOT NULL, coalesce(t.dead, false), 1 + coalesce(t.deaths + t.errors, 0),
                    coalesce(t.deaths, 0)
                FROM unnest(jobs, shards) WITH ORDINALITY u(job_id, idx, ord)
                JOIN gw.shard s ON s.job_id = u.job_id AND s.idx = u.idx
                JOIN gw.job j ON j.job_id = u.job_id
                JOIN gw.source c ON c.job_id = u.job_id AND c.source_id = s.source_id
                LEFT JOIN gw.ledger l ON l.job_id = u.job_id AND l.idx = u.idx
                LEFT JOIN gw.trouble t ON t.job_id = u.job_id AND t.idx = u.idx;
            END $$;
            REVOKE EXECUTE ON FUNCTION gw.describe FROM PUBLIC;

            -- How jobs stand: asked again and again by workers that hold their shards.
            CREATE FUNCTION gw.job_states(jobs int[]) RETURNS TABLE (job_id int, state text)
            LANGUAGE sql STABLE ROWS 10 SECURITY DEFINER SET search_path FROM CURRENT AS
            $$ SELECT j.job_id, j.state FROM gw.job j WHERE j.job_id = ANY (jobs) $$;
            REVOKE EXECUTE ON FUNCTION gw.job_states FROM PUBLIC;

            -- Leases that ended without a word. The tenth makes a shard dead; one that is merged is left alone.
            CREATE OR REPLACE FUNCTION gw.record_reclaims(jobs int[], shards int[]) RETURNS void
            LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
            BEGIN
                INSERT INTO gw.trouble AS t (job_id, idx, deaths, reason)
                SELECT s.job_id, s.idx, 1, 'its lease ended without a result'
                FROM (SELECT DISTINCT u.job_id, u.idx FROM unnest(jobs, shards) u(job_id, idx)) s
                WHERE EXISTS (SELECT FROM gw.shard x WHERE x.job_id = s.job_id AND x.idx = s.idx)
                    AND NOT EXISTS (SELECT FROM gw.ledger l WHERE l.job_id = s.job_id AND l.idx = s.idx)
                ORDER BY s.job_id, s.idx
                ON CONFLICT (job_id, idx) DO UPDATE SET
                    deaths = t.deaths + 1, dead = t.dead OR t.deaths + 1 >= 10, updated_at = now(),
                    retry_at = CASE WHEN t.deaths + 1 >= 10 THEN NULL ELSE t.retry_at END,
                    reason = CASE WHEN t.deaths + 1 >= 10
                        THEN t.deaths + 1 || ' leases ended without a result' ELSE t.reason END;
            END $$;

            -- The few records that end each process which reads them, found without a look at the others.
            CREATE INDEX quarantine_poison ON gw.quarantine (job_id, idx) WHERE reason LIKE 'poison: %';
            """#)
}
