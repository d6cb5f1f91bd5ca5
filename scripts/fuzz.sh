#!/usr/bin/env bash
# Feeds each entry point of the decoder with what libFuzzer makes of one small file of each format, under AddressSanitizer and
# LeakSanitizer.
#
#   scripts/fuzz.sh SECONDS
#
# What it learns stays in .build/fuzz/corpus; an input that fails is left beside it, as crash-… or timeout-….
set -euo pipefail
seconds="${1:?usage: $0 SECONDS}"
scratch=.build/fuzz
corpus="$scratch/corpus"

NOTAFTER_FUZZ=1 swift build --configuration release --product FuzzDecoding --scratch-path "$scratch" \
    --sanitize fuzzer -Xswiftc -sanitize=fuzzer,address

mkdir --parents "$corpus"
# The seeds are those of the mutation tests, made by the tools that make such files.
swift build --build-tests
NOTAFTER_SEEDS="$PWD/$corpus" swift test --skip-build --filter SeedCorpusTests >/dev/null

"$scratch/release/FuzzDecoding" -max_total_time="$seconds" -max_len=16384 -timeout=20 -rss_limit_mb=2048 \
    -artifact_prefix="$scratch/" -print_final_stats=1 "$corpus"
