#!/bin/sh
# Regenerates partial.pb.swift from partial.proto.
#
# Needs protoc (Debian: protobuf-compiler) and protoc-gen-swift of the swift-protobuf release that Package.swift asks
# for: in a clone of it, `swift build -c release --product protoc-gen-swift`, then put .build/release on the PATH.
set -eu
cd "$(dirname "$0")"
protoc --swift_out=. --swift_opt=Visibility=Package --swift_opt=UseAccessLevelOnImports=true partial.proto
{
    echo '// Regenerated from partial.proto by Sources/Trends/Wire/generate.sh; not edited by hand.'
    cat partial.pb.swift
} > partial.pb.swift.new
mv partial.pb.swift.new partial.pb.swift
