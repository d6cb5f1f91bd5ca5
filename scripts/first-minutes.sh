#!/usr/bin/env bash
# The first five minutes with notafter, as README.md shows them: certificates of one's own, a configuration by `notafter init`, a
# receiver by `notafter receive`, a pass. Prints each command with its true output; dates, ports and identifiers are made the
# same in each run. A test compares it with README.md.
#
#   scripts/first-minutes.sh [BINARY]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
binary=$(realpath "${1:-$root/.build/release/notafter}")

work=$(mktemp -d -t notafter-first.XXXX)
receiver=
cleanup() {
    [[ -z "$receiver" ]] || kill "$receiver" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
notafter() { "$binary" "$@"; }

# shellcheck source=demo/pki.sh
source "$root/demo/pki.sh"
make_authority partner-ca
issue gateway 41 client
issue billing 29 client
issue sensor-3 -2 client
cd "$work"
port=$(python3 "$root/demo/free_ports.py" 1)

# Prints a command as it is typed, and runs it. A status that is not 0, as of `check`, is part of what it says.
try() {
    printf '$ notafter %s\n' "$*"
    notafter "$@" 2>&1 || true
}

# What the receiver has printed since the last call, sorted, since messages may arrive in any order.
seen=0
arrived() {
    tail -n "+$((seen + 1))" receiver.log | sed "s#$work#/home/alice#g; s/^/    /" | "$root/scripts/first_minutes.py" sort
    seen=$(wc -l < receiver.log)
}

transcript() {
    try check --all pki
    echo
    try init --path pki --webhook "http://127.0.0.1:$port/"
    echo
    printf '$ notafter receive --secret-file ops.secret &\n'
    : > receiver.log
    notafter receive --port "$port" --secret-file ops.secret > receiver.log 2>&1 &
    receiver=$!
    until grep -q listening receiver.log; do sleep 0.05; done
    arrived
    try test-notify
    arrived
    echo
    try scan
    arrived
    echo
    printf '$ notafter scan        # a second pass sends nothing again\n'
    notafter scan 2>&1 || true
    arrived
    echo
    try forecast --days 30
}

today=$(date -u +%F)
transcript > shown
if [[ $(date -u +%F) != "$today" ]]; then
    echo "$0: midnight (UTC) passed meanwhile: run it again" >&2
    exit 75
fi
"$root/scripts/first_minutes.py" normalise "$today" "$port" "$work" < shown
