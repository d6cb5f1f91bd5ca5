#!/usr/bin/env bash
# Checks both manual pages with mandoc. Called by `make check-scripts`. That notafter.yaml(5) has every key of the
# configuration is checked where it is made, in scripts/manual.py.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
pages=$(mktemp -d)
trap 'rm -rf "$pages"' EXIT
scripts/manual.py > "$pages/notafter.yaml.5"

# References are to pages that need not be installed here. In notafter.1, long lines are a matter of style.
complaints=$(
    { mandoc -Tlint -W warning docs/man/notafter.1; mandoc -Tlint "$pages/notafter.yaml.5"; } 2>&1 |
        grep -v -e 'referenced manual not found' -e 'outdated mandoc.db' || true
)
[[ -z "$complaints" ]] || { echo "$complaints" >&2; exit 1; }
echo "manual: notafter(1) and notafter.yaml(5) are clean"
