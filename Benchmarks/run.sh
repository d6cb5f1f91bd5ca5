#!/usr/bin/env bash
# Builds notafter and the floors, and measures both. Called by `make bench`. It accepts the options of bench.py:
#
#   Benchmarks/run.sh --only rescan --size 1000000
#
# `Benchmarks/run.sh guard` counts the instructions of the debug build instead, with the options of guard.py: `make bench-guard`.
set -euo pipefail
cd "$(dirname "$0")/.."

build=$PWD/.build/benchmarks
mkdir -p "$build"
# The Swift toolchain includes a C compiler.
compile() { "${CC:-clang}" -Wall -Wextra -o "$build/$1" "Benchmarks/floors/$1.c" "${@:2}"; }
compile measure -O2
compile gen -O2 -lcrypto

if [[ "${1:-}" == guard ]]; then
    shift
    "${CC:-clang}" -Wall -Wextra -O2 -shared -fPIC -o "$build/sigsuspend.so" Benchmarks/floors/sigsuspend.c
    swift build --product notafter >&2
    exec python3 -B Benchmarks/guard.py --notafter .build/debug/notafter --build "$build" "$@"
fi

compile floor -O3 -march=native -lcrypto
compile sqlite_limit -O2 -lsqlite3
compile store_limit -O2 -lsqlite3
compile post_limit -O2 -lsqlite3
compile sink -O2 -pthread -D_GNU_SOURCE
compile probe_ssl -O2 -pthread -lssl -lcrypto

scripts/build-release.sh >&2
exec python3 -B Benchmarks/bench.py --notafter .build/release/notafter --build "$build" "$@"
