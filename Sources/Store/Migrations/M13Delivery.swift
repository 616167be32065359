extension Migration {
    /// Messages that wait for receivers.
    ///
    /// Whoever settles an anomaly writes its messages in the same transaction; deliverers take them from here. They
    /// only call functions, so that whoever takes a deliverer over reads no post that is not in a message.
    static let delivery = Migration(
        version: 13, name: "delivery",
        sql: """
            CREATE TABLE gw.outbox (
                outbox_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                channel text NOT NULL,
                anomaly_id bigint NOT NULL,
                revision int NOT NULL,
                event text NOT NULL CHECK
                    (event IN ('opened', 'growing', 'peaked', 'closed', 'revised', 'withdrawn')),
                body jsonb NOT NULL,
                key text NOT NULL GENERATED ALWAYS AS
                    (coalesce(body ->> 'key', anomaly_id || '-' || revision || '-' || event)) STORED,
                created_at timestamptz NOT NULL DEFAULT now(),
                not_before timestamptz NOT NULL DEFAULT now(),
                attempts int NOT NULL DEFAULT 0,
                next_try timestamptz NOT NULL DEFAULT '-infinity',
                retried_at timestamptz,
                claimed_until timestamptz NOT NULL DEFAULT '-infinity',
                delivered_at timestamptz,
                dead_at timestamptz,
                last_error text,
                UNIQUE (anomaly_id, revision, event, channel));
            COMMENT ON COLUMN gw.outbox.key IS 'The same whenever the message is sent; receivers know it again by this.';
            COMMENT ON COLUMN gw.outbox.attempts IS 'Counted when a try begins, so that a message that ends its deliverer is counted.';
            COMMENT ON COLUMN gw.outbox.claimed_until IS 'A deliverer has it in hand; one that died has it no longer.';
            COMMENT ON COLUMN gw.outbox.next_try IS 'Not before, after a failure.';
            COMMENT ON COLUMN gw.outbox.retried_at IS 'When somebody gave a dead message a new life.';
            -- What waits is little, however much was delivered.
            CREATE INDEX outbox_waiting ON gw.outbox (channel, anomaly_id, revision, outbox_id)
                WHERE delivered_at IS NULL AND dead_at IS NULL;

            -- Whether somebody was, or is to be, told of an anomaly.
            CREATE FUNCTION gw.was_told(anomaly bigint) RETURNS boolean
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
                SELECT EXISTS (SELECT FROM gw.outbox o WHERE o.anomaly_id = anomaly)
            $$;
            REVOKE EXECUTE ON FUNCTION gw.was_told FROM PUBLIC;

            -- Writes a message for channels, once each.
            CREATE FUNCTION gw.tell(
                anomaly bigint, of_revision int, what text, message jsonb, earliest timestamptz, channels text[])
            RETURNS void
            LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
                INSERT INTO gw.outbox (channel, anomaly_id, revision, event, body, not_before)
                SELECT c, anomaly, of_revision, what, message, earliest FROM unnest(channels) c ON CONFLICT DO NOTHING
            $$;
            REVOKE EXECUTE ON FUNCTION gw.tell FROM PUBLIC;

            -- Takes messages of a channel in hand for some seconds: of each anomaly the first that waits, so that its
            -- receiver hears of it in order. Nobody waits for a message that another deliverer has in hand.
            CREATE FUNCTION gw.claim_messages(wanted text, most int, seconds float8) RETURNS TABLE (
                id bigint, attempt int, message_key text, message_event text, message text, age float8)
            LANGUAGE sql ROWS 10 SECURITY DEFINER SET search_path FROM CURRENT AS $$
                UPDATE gw.outbox o
                SET attempts = o.attempts + 1, claimed_until = clock_timestamp() + seconds * interval '1 s'
                FROM (
                    SELECT w.outbox_id FROM gw.outbox w
                    WHERE w.channel = wanted AND w.delivered_at IS NULL AND w.dead_at IS NULL
                        AND w.not_before <= now() AND w.next_try <= now() AND w.claimed_until <= now()
                        AND NOT EXISTS (SELECT FROM gw.outbox e
                            WHERE e.channel = w.channel AND e.anomaly_id = w.anomaly_id
                                AND e.delivered_at IS NULL AND e.dead_at IS NULL
                                AND (e.revision, e.outbox_id) < (w.revision, w.outbox_id))
                    ORDER BY w.outbox_id LIMIT most FOR UPDATE SKIP LOCKED) due
                WHERE o.outbox_id = due.outbox_id
                RETURNING o.outbox_id, o.attempts, o.key, o.event, o.body::text,
                    extract(epoch FROM now() - greatest(o.not_before, o.created_at, o.retried_at))::float8
            $$;
            REVOKE EXECUTE ON FUNCTION gw.claim_messages FROM PUBLIC;

            -- True also when it was noted before.
            CREATE FUNCTION gw.message_delivered(id bigint) RETURNS void
            LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
                UPDATE gw.outbox o SET delivered_at = coalesce(o.delivered_at, now()), dead_at = NULL, last_error = NULL
                WHERE o.outbox_id = id
            $$;
            REVOKE EXECUTE ON FUNCTION gw.message_delivered FROM PUBLIC;

            -- Puts a message off for some seconds, or sets it aside where there are none. Whoever took so long that
            -- another one has it by now changes nothing.
            CREATE FUNCTION gw.message_failed(id bigint, attempt int, reason text, seconds float8) RETURNS void
            LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
                UPDATE gw.outbox o
                SET last_error = left(reason, 500), claimed_until = '-infinity',
                    next_try = CASE WHEN seconds IS NULL THEN o.next_try ELSE now() + seconds * interval '1 s' END,
                    dead_at = CASE WHEN seconds IS NULL THEN now() END
                WHERE o.outbox_id = id AND o.attempts = attempt AND o.delivered_at IS NULL AND o.dead_at IS NULL
            $$;
            REVOKE EXECUTE ON FUNCTION gw.message_failed FROM PUBLIC;

            -- Channels with messages that wait: how many, and the seconds for which the oldest could have been sent.
            CREATE FUNCTION gw.waiting_messages() RETURNS TABLE (channel text, messages bigint, oldest float8)
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
                SELECT o.channel, count(*), extract(epoch FROM now() - min(o.not_before))::float8
                FROM gw.outbox o WHERE o.delivered_at IS NULL AND o.dead_at IS NULL AND o.not_before <= now()
                GROUP BY o.channel
            $$;
            REVOKE EXECUTE ON FUNCTION gw.waiting_messages FROM PUBLIC;

            -- What was delivered or set aside so long ago that nobody asks for it.
            CREATE FUNCTION gw.forget_messages(days int) RETURNS bigint
            LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
                WITH gone AS (
                    DELETE FROM gw.outbox o
                    WHERE coalesce(o.delivered_at, o.dead_at) < now() - greatest(days, 1) * interval '1 day' RETURNING 1)
                SELECT count(*) FROM gone
            $$;
            REVOKE EXECUTE ON FUNCTION gw.forget_messages FROM PUBLIC;

            \(deliveries.sql)
            """)

    private static let deliveries = TrendView(
        name: "deliveries",
        comment: "What receivers were told about anomalies, are to be told, and could not be told.",
        columns: [
            ("delivery", "o.outbox_id", "Number of the message to one channel: groundswell deliveries takes it."),
            ("channel", "o.channel", "Name of the channel, as the channels file has it."),
            ("monitor", "o.body ->> 'monitor'", "Name of the monitor."),
            ("brand", "o.body ->> 'brand'", "Name of the brand."),
            ("anomaly", "o.anomaly_id", "The anomaly."),
            ("revision", "o.revision", "Of the anomaly, counted from its first message on."),
            ("event", "o.event", "What happened: opened, growing, peaked, closed, revised or withdrawn."),
            (
                "state",
                """
                CASE WHEN o.delivered_at IS NOT NULL THEN 'delivered' WHEN o.dead_at IS NOT NULL THEN 'dead' \
                ELSE 'waiting' END
                """,
                "waiting; delivered: the receiver took it; dead: set aside after many tries."
            ),
            ("created_at", "o.created_at", "When it was written."),
            ("not_before", "o.not_before", "When it was to be sent: later than created_at in quiet hours."),
            ("attempts", "o.attempts", "Tries begun."),
            (
                "next_try",
                "CASE WHEN o.attempts > 0 AND o.delivered_at IS NULL AND o.dead_at IS NULL "
                    + "THEN greatest(o.next_try, o.not_before, o.claimed_until) END",
                "Of a message that failed: when it is tried again."
            ),
            ("delivered_at", "o.delivered_at", "When the receiver took it."),
            ("dead_at", "o.dead_at", "When it was set aside."),
            ("last_error", "o.last_error", "Why the last try failed."),
            ("key", "o.key", "The idempotency key, by which a receiver knows a message that came twice."),
        ], from: "FROM gw.outbox o")
}
