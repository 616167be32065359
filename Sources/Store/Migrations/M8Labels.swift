extension Migration {
    /// What people say of posts, what models say of the same posts, and shares corrected by the two.
    static let labels = Migration(
        version: 8, name: "labels",
        sql: """
            CREATE TABLE gw.label (
                label_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                brand text COLLATE "C" NOT NULL,
                body text COLLATE "C" NOT NULL,
                label smallint NOT NULL CHECK (label BETWEEN 0 AND 2),
                annotator text NOT NULL,
                posted_at timestamptz,
                sample_weight float8 CHECK (sample_weight > 0),
                labelled_at timestamptz NOT NULL DEFAULT now());
            CREATE UNIQUE INDEX label_text ON gw.label (brand, md5(body));
            COMMENT ON COLUMN gw.label.sample_weight IS
                'Of a label drawn at random: how many posts it stands for; only ratios count. NULL for a label that was chosen: it teaches a head and must not measure one.';

            -- What the model of a job says of a labelled text. It depends on the monitor too: its heads, and how unsure
            -- an answer may be.
            CREATE TABLE gw.answer (
                label_id bigint NOT NULL REFERENCES gw.label ON DELETE CASCADE,
                monitor_version text NOT NULL,
                model_version text NOT NULL,
                choice smallint NOT NULL CHECK (choice BETWEEN 0 AND 3),
                negative int NOT NULL,
                neutral int NOT NULL,
                positive int NOT NULL,
                answered_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (label_id, monitor_version, model_version));
            COMMENT ON COLUMN gw.answer.choice IS '0: negative, 1: neutral, 2: positive, 3: unsure.';

            \(LabelViews.correction)
            \(LabelViews.all.map(\.sql).joined(separator: "\n"))
            \(LabelViews.between)
            """)
}
