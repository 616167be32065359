#!/usr/bin/env bash
# Says clearly when Swift is missing or too old.
set -euo pipefail

swift=${SWIFT:-swift}
needed='6.2'

if ! command -v "$swift" > /dev/null; then
    cat >&2 << TEXT
make: Swift $needed or newer is needed, and '$swift' was not found.
  Install it for Debian 12 from https://www.swift.org/install/linux/ and put its usr/bin into PATH,
  or name it: make SWIFT=/opt/swift/usr/bin/swift …
TEXT
    exit 1
fi

# "Swift version 6.3.1 (swift-6.3.1-RELEASE)"; reading all of it keeps the compiler from a broken pipe.
text=$("$swift" --version 2>&1) || { echo "make: '$swift --version' failed: $text" >&2; exit 1; }
version=$(sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' <<< "$text" | head -n 1)
oldest=$(printf '%s\n%s\n' "$needed" "${version:-0}" | sort -V | head -n 1)
if [ "$oldest" != "$needed" ]; then
    echo "make: Swift $needed or newer is needed, '$swift' is ${version:-of unknown version}." >&2
    exit 1
fi
