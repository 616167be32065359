extension Migration {
    /// What is kept: jobs and their shards, the ledger, and the merged rollups.
    ///
    /// Hot tables (shard, ledger, rollup, term, example) have their primary key as only index and no foreign key: each
    /// further index or check would be paid for by every merged row. Text in keys is compared by bytes (`COLLATE "C"`),
    /// which is fast and the same on every machine.
    static let tables = Migration(
        version: 1, name: "tables",
        sql: #"""
            CREATE TABLE gw.platform (platform smallint PRIMARY KEY, name text NOT NULL UNIQUE);
            INSERT INTO gw.platform VALUES (0, 'generic'), (1, 'x'), (2, 'bluesky'), (3, 'mastodon'), (4, 'reddit'),
                (5, 'youtube'), (6, 'instagram'), (7, 'facebook');

            -- The generation of a lane: when Redis shows another one, it has lost its data.
            CREATE TABLE gw.lane (lane text PRIMARY KEY, generation bigint NOT NULL DEFAULT 0);
            INSERT INTO gw.lane (lane) VALUES ('live'), ('bulk'), ('series');

            CREATE TABLE gw.job (
                job_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                key text UNIQUE,
                monitor text NOT NULL,
                monitor_yaml text NOT NULL,
                monitor_version text NOT NULL,
                model_version text NOT NULL,
                lane text NOT NULL REFERENCES gw.lane,
                weight int NOT NULL CHECK (weight >= 1),
                state text NOT NULL DEFAULT 'running'
                    CHECK (state IN ('running', 'paused', 'cancelled', 'completed', 'completed_with_errors')),
                shards int NOT NULL DEFAULT 0,
                next_shard int NOT NULL DEFAULT 0,
                settled_below int NOT NULL DEFAULT 0,
                submitted_at timestamptz NOT NULL DEFAULT now(),
                finished_at timestamptz,
                CHECK (0 <= next_shard AND next_shard <= shards));
            CREATE INDEX job_open ON gw.job (lane, job_id) WHERE state = 'running';
            COMMENT ON COLUMN gw.job.next_shard IS 'Cursor: shards below it were sent to the queue at least once.';
            COMMENT ON COLUMN gw.job.settled_below IS 'Shards below it are merged or dead: sweeps start here.';

            CREATE TABLE gw.source (
                job_id int NOT NULL REFERENCES gw.job ON DELETE CASCADE,
                source_id int NOT NULL,
                place smallint NOT NULL,
                name text NOT NULL,
                format smallint NOT NULL,
                compression smallint NOT NULL,
                columns text[] NOT NULL,
                PRIMARY KEY (job_id, source_id));
            COMMENT ON COLUMN gw.source.place IS '0: name is a path; 1: name is the name of a payload.';

            -- Payloads come compressed: the server need not try again.
            CREATE TABLE gw.payload (
                job_id int NOT NULL REFERENCES gw.job ON DELETE CASCADE,
                name text NOT NULL,
                body bytea NOT NULL,
                PRIMARY KEY (job_id, name));
            ALTER TABLE gw.payload ALTER COLUMN body SET STORAGE EXTERNAL;

            CREATE TABLE gw.brand (
                job_id int NOT NULL REFERENCES gw.job ON DELETE CASCADE,
                brand int NOT NULL,
                name text NOT NULL,
                query text NOT NULL,
                PRIMARY KEY (job_id, brand));

            CREATE TABLE gw.shard (
                job_id int NOT NULL,
                idx int NOT NULL,
                source_id int NOT NULL,
                byte_offset bigint NOT NULL,
                byte_length bigint NOT NULL,
                PRIMARY KEY (job_id, idx));

            CREATE TABLE gw.ledger (
                job_id int NOT NULL,
                idx int NOT NULL,
                attempt smallint NOT NULL,
                digest bytea,
                merged_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (job_id, idx));
            COMMENT ON TABLE gw.ledger IS 'Merged shards. A row is written in the transaction that merges the shard.';

            -- A row only where something went wrong.
            CREATE TABLE gw.trouble (
                job_id int NOT NULL,
                idx int NOT NULL,
                deaths int NOT NULL DEFAULT 0,
                errors int NOT NULL DEFAULT 0,
                dead boolean NOT NULL DEFAULT false,
                reason text NOT NULL DEFAULT '',
                retry_at timestamptz,
                updated_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (job_id, idx));
            CREATE INDEX trouble_due ON gw.trouble (retry_at) WHERE retry_at IS NOT NULL;
            COMMENT ON COLUMN gw.trouble.deaths IS 'Leases that ended without a word: the worker may have died of the shard.';

            -- What was counted, in several rows a job: reducers that merge at once each add to a row of their own. The
            -- two samples tell the recent pace.
            CREATE TABLE gw.progress (
                job_id int NOT NULL,
                slot smallint NOT NULL,
                merged bigint NOT NULL DEFAULT 0,
                records bigint NOT NULL DEFAULT 0,
                posts bigint NOT NULL DEFAULT 0,
                matched bigint NOT NULL DEFAULT 0,
                mentions bigint NOT NULL DEFAULT 0,
                duplicates bigint NOT NULL DEFAULT 0,
                filtered bigint NOT NULL DEFAULT 0,
                deletions bigint NOT NULL DEFAULT 0,
                quarantined bigint NOT NULL DEFAULT 0,
                bytes bigint NOT NULL DEFAULT 0,
                first_at timestamptz NOT NULL DEFAULT now(),
                last_at timestamptz NOT NULL DEFAULT now(),
                sample_at timestamptz NOT NULL DEFAULT now(),
                sample_merged bigint NOT NULL DEFAULT 0,
                sample_records bigint NOT NULL DEFAULT 0,
                before_at timestamptz NOT NULL DEFAULT now(),
                before_merged bigint NOT NULL DEFAULT 0,
                before_records bigint NOT NULL DEFAULT 0,
                PRIMARY KEY (job_id, slot)) WITH (fillfactor = 20);

            CREATE TABLE gw.quarantine (
                job_id int NOT NULL,
                idx int NOT NULL,
                ordinal int NOT NULL,
                byte_offset bigint NOT NULL,
                reason text NOT NULL,
                excerpt bytea NOT NULL,
                PRIMARY KEY (job_id, idx, ordinal));

            -- Sums of probabilities are in millionths.
            CREATE TABLE gw.rollup (
                window_start timestamptz NOT NULL,
                posts bigint NOT NULL,
                reposts bigint NOT NULL,
                replies bigint NOT NULL,
                quotes bigint NOT NULL,
                with_media bigint NOT NULL,
                negative bigint NOT NULL,
                neutral bigint NOT NULL,
                positive bigint NOT NULL,
                unsure bigint NOT NULL,
                negative_sum bigint NOT NULL,
                neutral_sum bigint NOT NULL,
                positive_sum bigint NOT NULL,
                engagement bigint NOT NULL,
                reach bigint NOT NULL,
                reach_known bigint NOT NULL,
                job_id int NOT NULL,
                brand int NOT NULL,
                platform smallint NOT NULL,
                grain smallint NOT NULL,
                language text COLLATE "C" NOT NULL,
                authors hll(12, 5, -1, 1) NOT NULL,
                PRIMARY KEY (job_id, brand, window_start, platform, language, grain)) PARTITION BY LIST (grain);

            CREATE TABLE gw.term (
                window_start timestamptz NOT NULL,
                posts bigint NOT NULL,
                job_id int NOT NULL,
                brand int NOT NULL,
                platform smallint NOT NULL,
                kind smallint NOT NULL,
                term text COLLATE "C" NOT NULL,
                language text COLLATE "C" NOT NULL,
                PRIMARY KEY (job_id, brand, window_start, kind, term, platform, language))
                PARTITION BY RANGE (window_start);
            COMMENT ON COLUMN gw.term.kind IS '0: hashtag, 1: mentioned handle, 2: domain of a link.';

            -- May hold more than a sample's posts until the job ends; readers take the lowest ranks.
            CREATE TABLE gw.example (
                window_start timestamptz NOT NULL,
                rank bigint NOT NULL,
                created_at timestamptz NOT NULL,
                negative int,
                neutral int,
                positive int,
                job_id int NOT NULL,
                brand int NOT NULL,
                label smallint,
                platform smallint NOT NULL,
                language text COLLATE "C" NOT NULL,
                post_id text COLLATE "C" NOT NULL,
                author text COLLATE "C" NOT NULL,
                body text COLLATE "C" NOT NULL,
                url text COLLATE "C",
                PRIMARY KEY (job_id, brand, window_start, platform, language, rank, post_id));
            """#)
}
