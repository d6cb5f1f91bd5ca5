#!/usr/bin/env bash
# Fuzzes each entry point of the decoder with libFuzzer under AddressSanitizer and LeakSanitizer. The seeds are one small
# file of each format.
#
#   scripts/fuzz.sh SECONDS
#
# The corpus stays in .build/fuzz/corpus. A failing input is stored beside it as crash-… or timeout-….
set -euo pipefail
seconds="${1:?usage: $0 SECONDS}"
scratch=.build/fuzz
corpus="$scratch/corpus"

NOTAFTER_STRICT=0 NOTAFTER_FUZZ=1 swift build --configuration release --product FuzzDecoding --scratch-path "$scratch" \
    --sanitize fuzzer -Xswiftc -sanitize=fuzzer,address

mkdir --parents "$corpus"
# The mutation tests use the same seeds. They are made with the tools that usually make such files.
swift build --build-tests
NOTAFTER_SEEDS="$PWD/$corpus" swift test --skip-build --filter SeedCorpusTests >/dev/null

"$scratch/release/FuzzDecoding" -max_total_time="$seconds" -max_len=16384 -timeout=20 -rss_limit_mb=2048 \
    -artifact_prefix="$scratch/" -print_final_stats=1 "$corpus"
