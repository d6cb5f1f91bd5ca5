#!/usr/bin/env bash
# Builds notafter and the floors, and measures one beside the other. Called by `make bench`; takes bench.py's options:
#
#   Benchmarks/run.sh --only rescan --certificates 100000
set -euo pipefail
cd "$(dirname "$0")/.."

build=$PWD/.build/benchmarks
mkdir -p "$build"
# Swift brings a C compiler along.
compile() { "${CC:-clang}" -Wall -Wextra -o "$build/$1" "Benchmarks/floors/$1.c" "${@:2}"; }
compile measure -O2
compile gen -O2 -lcrypto
compile floor -O3 -march=native -lcrypto
compile sqlite_limit -O2 -lsqlite3
compile probe_ssl -O2 -pthread -lssl -lcrypto

swift build --configuration release --product notafter >&2
exec python3 -B Benchmarks/bench.py --notafter .build/release/notafter --build "$build" "$@"
