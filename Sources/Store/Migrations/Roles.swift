/// The group roles, created and given their rights at each `migrate`, since rights are easily lost in a restore.
enum Roles {
    /// Owns all tables and views; nobody logs in as it.
    static let owner = "groundswell_owner"
    /// For coordinators, reducers and the command line: reads and writes rows, changes no table.
    static let writer = "groundswell_writer"
    /// For workers: calls the functions that describe shards and record troubles, and nothing else.
    static let worker = "groundswell_worker"
    /// For analysts: reads the views of schema `trends`.
    static let reader = "groundswell_reader"

    /// Creates what is missing.
    ///
    /// A migrating user without the right to create roles gets a warning with the way out.
    static let creation = #"""
        DO $$
        DECLARE
            name text;
        BEGIN
            FOREACH name IN ARRAY ARRAY['\#(owner)', '\#(writer)', '\#(worker)', '\#(reader)'] LOOP
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
                    EXECUTE format('CREATE ROLE %I NOLOGIN', name);
                END IF;
            END LOOP;
            IF NOT pg_has_role(current_user, '\#(owner)', 'USAGE') THEN
                EXECUTE format('GRANT \#(owner) TO %I', current_user);
            END IF;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;  -- made at this moment for another database
            WHEN insufficient_privilege THEN
                RAISE WARNING 'the roles \#(owner), \#(writer), \#(worker) and \#(reader) cannot be created by %: have an administrator create them (NOLOGIN), grant the first to %, and migrate again',
                    current_user, current_user;
        END $$;
        """#

    /// The two schemas, owned by the owner role where there is one.
    static let schemas = #"""
        DO $$
        BEGIN
            IF pg_has_role(current_user, (SELECT oid FROM pg_roles WHERE rolname = '\#(owner)'), 'USAGE') THEN
                EXECUTE 'CREATE SCHEMA IF NOT EXISTS gw AUTHORIZATION \#(owner)';
                EXECUTE 'CREATE SCHEMA IF NOT EXISTS trends AUTHORIZATION \#(owner)';
            ELSE
                CREATE SCHEMA IF NOT EXISTS gw;
                CREATE SCHEMA IF NOT EXISTS trends;
            END IF;
        END $$;
        """#

    /// Lets the roles use the `hll` extension where it lies in a schema that is not open to all.
    static let extensionAccess = #"""
        DO $$
        DECLARE
            place text := (SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
                WHERE e.extname = 'hll');
            role text;
        BEGIN
            FOREACH role IN ARRAY ARRAY['\#(owner)', '\#(writer)', '\#(worker)', '\#(reader)'] LOOP
                IF EXISTS (SELECT FROM pg_roles WHERE rolname = role)
                    AND NOT has_schema_privilege(role, place, 'USAGE') THEN
                    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', place, role);
                END IF;
            END LOOP;
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE WARNING 'the Groundswell roles may not use schema %, where the extension hll is: have its owner GRANT USAGE', place;
        END $$;
        """#

    /// Makes the owner role act, where it exists and owns the schema.
    static let actAsOwner = #"""
        DO $$
        DECLARE
            owner name := (SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'gw');
        BEGIN
            IF owner <> current_user::name THEN EXECUTE format('SET LOCAL ROLE %I', owner); END IF;
        END $$;
        """#

    /// Run as the owner of the schemas, after the migrations.
    static let rights = #"""
        DO $$
        BEGIN
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = '\#(writer)') THEN
                GRANT USAGE ON SCHEMA gw, trends TO \#(writer);
                GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA gw TO \#(writer);
                REVOKE INSERT, UPDATE, DELETE ON gw.schema_version, gw.platform FROM \#(writer);
                ALTER DEFAULT PRIVILEGES IN SCHEMA gw GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO \#(writer);
                GRANT SELECT ON ALL TABLES IN SCHEMA trends TO \#(writer);
                GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA gw, trends TO \#(writer);
            END IF;
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = '\#(worker)') THEN
                GRANT USAGE ON SCHEMA gw, trends TO \#(worker);
                GRANT SELECT ON trends.version TO \#(worker);
                GRANT EXECUTE ON FUNCTION gw.describe, gw.payload, gw.specification, gw.job_states,
                    gw.record_reclaims, gw.record_failure, gw.windows, gw.take_watch, gw.watch_voices, gw.watch_anomalies,
                    gw.settle_watch, gw.defer_watch TO \#(worker);
            END IF;
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = '\#(reader)') THEN
                GRANT USAGE ON SCHEMA trends TO \#(reader);
                GRANT SELECT ON ALL TABLES IN SCHEMA trends TO \#(reader);
                GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA trends TO \#(reader);
                -- What a view calls is called as its reader.
                GRANT EXECUTE ON FUNCTION gw.corrected TO \#(reader);
            END IF;
        END $$;
        """#
}
