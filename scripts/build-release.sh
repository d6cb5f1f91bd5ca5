#!/usr/bin/env bash
# Builds .build/release/notafter so that it runs without a Swift toolchain: with the Swift runtime linked statically, and
# stripped. From the system it needs the libraries of OpenSSL, libcurl and SQLite.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
swift build --configuration release --product notafter --static-swift-stdlib -Xlinker -s "$@"
