extension Migration {
    /// Limits, priorities and schedules of jobs.
    static let scheduling = Migration(
        version: 5, name: "scheduling",
        sql: #"""
            ALTER TABLE gw.job
                ADD COLUMN priority smallint NOT NULL DEFAULT 0 CHECK (priority BETWEEN -100 AND 100),
                ADD COLUMN max_in_flight int CHECK (max_in_flight >= 1),
                ADD COLUMN source_rate float8 CHECK (source_rate > 0),
                ADD COLUMN resend int NOT NULL DEFAULT 0;
            COMMENT ON COLUMN gw.job.source_rate IS 'Shards sent a second of each source at most.';
            COMMENT ON COLUMN gw.job.resend IS
                'Raised by each resume: what was sent and is not merged is sent again, then this is 0 again.';

            -- How many more shards of a job may be in flight; NULL for a job without a limit. A shard is in flight from
            -- its sending until it is merged, dead, or waits for another try.
            CREATE FUNCTION gw.room(job int) RETURNS bigint
            LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
                SELECT greatest(0, j.max_in_flight - j.next_shard
                    + (SELECT coalesce(sum(g.merged), 0)::bigint FROM gw.progress g WHERE g.job_id = j.job_id)
                    + (SELECT count(*) FROM gw.trouble t WHERE t.job_id = j.job_id AND (t.dead OR t.retry_at IS NOT NULL)
                        AND NOT EXISTS (SELECT FROM gw.ledger l WHERE l.job_id = t.job_id AND l.idx = t.idx)))
                FROM gw.job j WHERE j.job_id = job AND j.max_in_flight IS NOT NULL
            $$;
            REVOKE EXECUTE ON FUNCTION gw.room FROM PUBLIC;

            -- Jobs to be submitted again and again. The monitor is kept as it was when the schedule was made.
            CREATE TABLE gw.schedule (
                name text PRIMARY KEY,
                cron text NOT NULL,
                monitor text NOT NULL,
                monitor_yaml text NOT NULL,
                model_version text NOT NULL,
                sources text[] NOT NULL,
                shard_bytes bigint NOT NULL,
                shard_posts int NOT NULL,
                skip_missing boolean NOT NULL,
                lane text NOT NULL REFERENCES gw.lane,
                weight int NOT NULL CHECK (weight >= 1),
                priority smallint NOT NULL CHECK (priority BETWEEN -100 AND 100),
                max_in_flight int CHECK (max_in_flight >= 1),
                source_rate float8 CHECK (source_rate > 0),
                made_at timestamptz NOT NULL DEFAULT now(),
                fired_at timestamptz NOT NULL DEFAULT now(),
                job_id int,
                last_error text);
            COMMENT ON COLUMN gw.schedule.fired_at IS 'The last firing time that was dealt with; at first when it was made.';
            COMMENT ON COLUMN gw.schedule.job_id IS 'The job of the last firing that made one.';
            """#)
}
