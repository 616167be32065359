extension Migration {
    /// Rollups by grain and then by time, terms by time, so that old windows can be dropped without a DELETE.
    ///
    /// Minutes and terms are kept by month, hours by year, days in one table (a brand has some thousand rows a year).
    /// Reducers call `gw.ensure_partition` before they write and then write to the partition itself: there is no routing
    /// to pay for, and no default partition whose rows would have to move. Times before 2000 and from 2100 on share one
    /// partition each, so that bad dates cannot make thousands.
    static let partitions = Migration(
        version: 2, name: "partitions",
        sql: #"""
            CREATE TABLE gw.rollup_minute PARTITION OF gw.rollup FOR VALUES IN (0) PARTITION BY RANGE (window_start);
            CREATE TABLE gw.rollup_hour PARTITION OF gw.rollup FOR VALUES IN (1) PARTITION BY RANGE (window_start);
            CREATE TABLE gw.rollup_day PARTITION OF gw.rollup FOR VALUES IN (2)
                WITH (fillfactor = 50, toast_tuple_target = 8160);

            -- The table for a family's windows around a moment; makes it when it is missing.
            --
            -- ATTACH rather than CREATE … PARTITION OF: it lets others go on reading and writing the family.
            CREATE FUNCTION gw.ensure_partition(family text, moment timestamptz) RETURNS text
            LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
            DECLARE
                unit text := CASE family WHEN 'rollup_minute' THEN 'month' WHEN 'term' THEN 'month'
                    WHEN 'rollup_hour' THEN 'year' END;
                first timestamptz := date_trunc(unit, moment, 'UTC');
                leaf text;
                range text;
            BEGIN
                IF unit IS NULL THEN RAISE EXCEPTION 'no family of partitions is called %', family; END IF;
                IF moment < '2000-01-01 00:00:00Z' THEN
                    leaf := family || '_early';
                    range := $r$(MINVALUE) TO ('2000-01-01 00:00:00Z')$r$;
                ELSIF moment >= '2100-01-01 00:00:00Z' THEN
                    leaf := family || '_late';
                    range := $r$('2100-01-01 00:00:00Z') TO (MAXVALUE)$r$;
                ELSE
                    leaf := family || to_char(first AT TIME ZONE 'UTC', CASE unit WHEN 'year' THEN '_YYYY' ELSE '_YYYY_MM' END);
                    range := format('(%L) TO (%L)', first,
                        (first AT TIME ZONE 'UTC' + ('1 ' || unit)::interval) AT TIME ZONE 'UTC');
                END IF;
                IF to_regclass('gw.' || leaf) IS NULL THEN
                    -- A table lock and no advisory one: only with it the look after the wait sees what others made.
                    EXECUTE format('LOCK TABLE ONLY gw.%I IN SHARE UPDATE EXCLUSIVE MODE', family);
                    IF to_regclass('gw.' || leaf) IS NULL THEN
                        EXECUTE format('CREATE TABLE gw.%I (LIKE gw.%I INCLUDING ALL) WITH (fillfactor = 70)', leaf, family);
                        IF family <> 'term' THEN
                            EXECUTE format('ALTER TABLE gw.%I SET (toast_tuple_target = 8160)', leaf);
                        END IF;
                        EXECUTE format('ALTER TABLE gw.%I ATTACH PARTITION gw.%I FOR VALUES FROM %s', family, leaf, range);
                    END IF;
                END IF;
                RETURN leaf;
            END $$;
            REVOKE EXECUTE ON FUNCTION gw.ensure_partition FROM PUBLIC;
            """#)
}
