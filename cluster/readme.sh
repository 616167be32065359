#!/usr/bin/env bash
# Runs the commands of README.md as they stand there: "Your own data" against a private cluster with sample posts, then
# every SQL statement.
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
bin=$root/${GROUNDSWELL_BIN:-.build/release}
folder=$(mktemp -d "${TMPDIR:-/tmp}/groundswell-readme.XXXXXX")
chmod 755 "$folder"
cd "$folder"
unset GROUNDSWELL_REDIS GROUNDSWELL_POSTGRES GROUNDSWELL_CONFIG
export GROUNDSWELL_MODELS="$root/Models" PATH="$bin:$PATH"

finish() {
    local status=$?
    trap - EXIT
    groundswell local down --delete > /dev/null 2>&1 || true
    cd / && rm -rf "$folder"
    exit $status
}
trap finish EXIT

# What a reader has at this point: an archive, and the monitor of the README.
loadtest generate --preset demo --posts 20000 --folder sample > /dev/null
mkdir posts
split -l 5000 --additional-suffix=.jsonl sample/posts.jsonl posts/part-
gzip posts/*.jsonl
awk '/^```yaml/ { inside = 1; next } /^```/ { if (inside) exit } inside' "$root/README.md" > brands.yaml

section() { awk -v title="## $1" '$0 == title { inside = 1; next } /^## / { inside = 0 } inside' "$root/README.md"; }

section 'Your own data' | sed -n 's/^    groundswell/groundswell/p' > commands.sh
[ -s commands.sh ] || { echo 'the README has no commands' >&2; exit 1; }
bash -euxo pipefail commands.sh

postgres=$(sed -n 's/^postgres: "\(.*\)"$/\1/p' .groundswell/groundswell.yaml)
section 'SQL' | awk '/^```sql/ { inside = 1; next } /^```/ { inside = 0 } inside' > statements.sql
[ -s statements.sql ] || { echo 'the README has no SQL' >&2; exit 1; }
psql "$postgres" -v ON_ERROR_STOP=1 -c 'SET ROLE groundswell_reader' -f statements.sql
echo "$(wc -l < commands.sh) commands and $(grep -c ';' statements.sql) statements of the README ran"
