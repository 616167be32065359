#!/usr/bin/env bash
# Renders the base and the overlays, validates every object strictly against the schemas of Kubernetes, and checks what
# schemas cannot say. No cluster is needed. What cannot be had here is skipped, and said so.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.build-kube
versions=(1.30 1.34)

render=()
if command -v kubectl > /dev/null; then
    render=(kubectl kustomize)
elif command -v kustomize > /dev/null; then
    render=(kustomize build)
else
    echo "skipped: neither kubectl nor kustomize is installed (Debian: apt-get install kubernetes-client)"
    exit 0
fi

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for folder in k8s/base k8s/overlays/*/; do
    name=$(basename "$folder")
    "${render[@]}" "$folder" > "$out/$name.yaml" 2> "$out/$name.log" || { cat "$out/$name.log" >&2; exit 1; }
    echo "rendered $folder: $(grep -c '^kind:' "$out/$name.yaml") objects"
done
cp k8s/examples/*.yaml "$out/"

if [ ! -x "$venv/bin/kubernetes-validate" ]; then
    if ! { python3 -m venv "$venv" && "$venv/bin/pip" install -q kubernetes-validate; } > "$out/pip.log" 2>&1; then
        rm -rf "$venv"
        tail -n 2 "$out/pip.log" >&2
        echo "skipped: kubernetes-validate could not be installed from PyPI; nothing was validated"
        exit 0
    fi
fi

for version in "${versions[@]}"; do
    "$venv/bin/kubernetes-validate" --strict -k "$version" "$out"/*.yaml > "$out/validate.log" 2>&1 \
        || { cat "$out/validate.log" >&2; echo "k8s: not valid for Kubernetes $version" >&2; exit 1; }
    echo "valid for Kubernetes $version"
done

# A check that cannot fail checks nothing: a misspelt field must be refused.
sed 's/terminationGracePeriodSeconds/terminationGracePeriodSecs/' "$out/base.yaml" > "$out/misspelt"
if "$venv/bin/kubernetes-validate" --strict -k "${versions[0]}" "$out/misspelt" > /dev/null 2>&1; then
    echo "k8s: the validator lets a misspelt field pass" >&2
    exit 1
fi

for file in "$out"/*.yaml; do "$venv/bin/python" k8s/check.py "$file" "$out/base.yaml"; done
