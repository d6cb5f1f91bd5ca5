#!/usr/bin/env bash
# Runs the tests of the decoder and of its bindings under AddressSanitizer and LeakSanitizer.
#
# Package.swift excludes targets that these tests do not need, so that the build is small.
set -euo pipefail
scratch=.build/sanitize

NOTAFTER_STRICT=0 NOTAFTER_SANITIZE=1 swift build --build-tests --scratch-path "$scratch" --sanitize address
ASAN_OPTIONS=detect_leaks=1 NOTAFTER_STRICT=0 NOTAFTER_SANITIZE=1 \
    swift test --skip-build --disable-xctest --scratch-path "$scratch" --sanitize address
