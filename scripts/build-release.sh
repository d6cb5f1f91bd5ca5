#!/usr/bin/env bash
# Builds .build/release/notafter so that it runs without a Swift toolchain: the Swift runtime is linked into it, and it is stripped.
# What it needs of the system are the libraries of OpenSSL, libcurl and SQLite.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
swift build --configuration release --product notafter --static-swift-stdlib -Xlinker -s "$@"
