extension Migration {
    /// Rows for each of the reducers that merge at once, so that they never wait for each other.
    ///
    /// Every batch of results touches the rows of its brands' hours and days: with one row for all, the second reducer
    /// waits until the first commits, and two are no faster than one. A transaction takes the lowest free slot, so a lone
    /// reducer writes slot 0 only and the tables have no more rows than before. All readers add rows up by key anyway.
    static let slots = Migration(
        version: 6, name: "slots",
        sql: #"""
            ALTER TABLE gw.rollup ADD COLUMN slot smallint NOT NULL DEFAULT 0;
            ALTER TABLE gw.rollup DROP CONSTRAINT rollup_pkey;
            ALTER TABLE gw.rollup ADD CONSTRAINT rollup_pkey
                PRIMARY KEY (job_id, brand, window_start, platform, language, grain, slot);
            COMMENT ON COLUMN gw.rollup.slot IS 'A key''s count is the sum over its slots: merges that meet use different ones.';

            ALTER TABLE gw.term ADD COLUMN slot smallint NOT NULL DEFAULT 0;
            ALTER TABLE gw.term DROP CONSTRAINT term_pkey;
            ALTER TABLE gw.term ADD CONSTRAINT term_pkey
                PRIMARY KEY (job_id, brand, window_start, kind, term, platform, language, slot);
            COMMENT ON COLUMN gw.term.slot IS 'As in gw.rollup.';

            -- The lowest slot that no other transaction uses, ours until the transaction ends. Beyond sixteen merges at
            -- once some share one and wait for each other, which costs time and nothing else.
            CREATE FUNCTION gw.take_slot() RETURNS smallint LANGUAGE plpgsql AS $$
            BEGIN
                FOR slot IN 0..15 LOOP
                    IF pg_try_advisory_xact_lock(1735552885, slot) THEN RETURN slot; END IF;
                END LOOP;
                RETURN pg_backend_pid() % 16;
            END $$;
            REVOKE EXECUTE ON FUNCTION gw.take_slot FROM PUBLIC;
            """#)
}
