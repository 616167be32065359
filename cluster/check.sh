#!/usr/bin/env bash
# The main job end to end with the release programs: a generated archive through a private cluster, one worker killed by
# SIGKILL in the middle, then proof that every number is what one process counts.
set -euo pipefail
cd "$(dirname "$0")/.."

bin=$PWD/${GROUNDSWELL_BIN:-.build/release}
folder=$(mktemp -d "${TMPDIR:-/tmp}/groundswell-check.XXXXXX")
chmod 755 "$folder"
unset GROUNDSWELL_REDIS GROUNDSWELL_POSTGRES
export GROUNDSWELL_CONFIG="$folder/cluster/groundswell.yaml"

groundswell() { "$bin/groundswell" "$@"; }
finish() {
    local status=$?
    trap - EXIT
    groundswell local down --folder "$folder/cluster" --delete > /dev/null 2>&1 || true
    rm -rf "$folder"
    exit $status
}
trap finish EXIT

groundswell local up --folder "$folder/cluster" --workers 3 --threads 1
"$bin/loadtest" generate --preset load --posts 300000 --folder "$folder/sample" > "$folder/expected.tsv"
groundswell submit --monitor "$folder/sample/monitor.yaml" --shard-posts 2000 "$folder/sample/posts.jsonl"

share() { groundswell status 1 --output tsv | awk -F '\t' 'NR == 2 { print $4 + 0 }'; }
until [ "$(share)" -ge 10 ]; do sleep 0.1; done
victim=$(groundswell local status --folder "$folder/cluster" --output tsv | awk -F '\t' '$1 == "worker-2" { print $3 }')
echo "killing worker-2 (process $victim) at $(share)%"
kill -9 "$victim"

groundswell watch 1
groundswell verify 1
groundswell trends --by day --output tsv | awk -F '\t' 'NR > 1 { sum[$2] += $3 } END { for (b in sum) print b "\t" sum[b] }' \
    | sort > "$folder/found.tsv"
sort "$folder/expected.tsv" | diff - "$folder/found.tsv"
echo 'the counts of all brands are what the generator wrote'
