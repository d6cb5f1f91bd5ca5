#!/usr/bin/env bash
# Builds all targets with warnings as errors, and fails if a target imports another one that it does not declare.
#
#   scripts/check-imports.sh BUILD_DIRECTORY [OPTION OF swift build…]
#
# SwiftPM compares module names. Modules of Hummingbird's dependencies have the names of two of our targets (Package.swift
# gives ours an alias there), so it reports targets of those packages as well. Only our own targets count.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
directory="${1:?usage: $0 BUILD_DIRECTORY}"
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
NOTAFTER_STRICT=1 swift build --build-tests --scratch-path "$directory" \
    --explicit-target-dependency-import-check warn "${@:2}" 2>&1 | tee "$log"
own="$(find Sources Tests -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | paste --serial --delimiters='|')"
if grep --extended-regexp "Target ($own) imports another target" "$log"; then
    echo "$0: declare these dependencies in Package.swift, or remove the imports" >&2
    exit 1
fi
