#!/usr/bin/env bash
# The demonstration: a private PKI, a real nginx with mTLS, and a receiver that verifies signatures, all on loopback and in
# a directory that is removed at the end. Called by `make demo`.
set -euo pipefail
cd "$(dirname "$0")/.."

PATH="$PATH:/usr/sbin:/sbin"
root=$PWD
work=$(mktemp -d -t notafter-demo.XXXX)
children=()
cleanup() {
    for child in "${children[@]:-}"; do [[ -z "$child" ]] || kill "$child" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

if [[ -t 1 && -z "${NO_COLOR:-}" ]]; then bold=$'\e[1m'; dim=$'\e[2m'; plain=$'\e[0m'; export FORCE_COLOR=1; else bold='' dim='' plain=''; fi
title() { printf '\n%s── %s%s\n' "$bold" "$1" "$plain"; }
show() { printf '%s$ %s%s\n' "$dim" "$*" "$plain"; }

title "Building notafter"
swift build --product notafter 2>&1 | tail -n 1
notafter() {
    show notafter "$@"
    "$root/.build/debug/notafter" "$@" || printf '  %s(exit status %s)%s\n' "$dim" "$?" "$plain"
}
# Prints the messages that arrived since the last call.
webhooks() {
    tail -n "+$((seen + 1))" webhooks.log
    seen=$(wc -l < webhooks.log)
}
seen=0

# shellcheck source=demo/pki.sh
source demo/pki.sh
cd "$work"

title "A private PKI: one CA, and client certificates with 45, 29, 13 and -2 days left"
make_authority partner-ca
issue server 90 server localhost
issue gateway 45 client
issue billing 29 client
issue sensor-7 13 client
issue sensor-3 -2 client
cp pki/partner-ca.pem pki/partner-ca.key pki/server.pem pki/server.key "$work/" # nginx reads its own copies
printf '  %s\n' pki/clients/*.pem

title "A webhook receiver that verifies signatures, and nginx with mTLS"
head -c 32 /dev/urandom | base64 | sed 's/^/whsec_/' > ops.secret
chmod 600 ops.secret
python3 "$root/demo/receiver.py" ops.secret receiver.port >> webhooks.log &
children+=($!)
until [[ -s receiver.port ]]; do sleep 0.05; done
read -ra ports < <(python3 "$root/demo/free_ports.py" 2)
sed -e "s/@enforced@/${ports[0]}/" -e "s/@optional@/${ports[1]}/" -e "s#@work@#$work#" "$root/demo/nginx.conf.in" > nginx.conf
nginx -p "$work" -c "$work/nginx.conf" 2> nginx.log &
children+=($!)
for port in "${ports[@]}"; do until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.05; done; done
sed -e "s/@enforced@/${ports[0]}/" -e "s/@optional@/${ports[1]}/" -e "s/@receiver@/$(cat receiver.port)/" \
    "$root/demo/notafter.yaml.in" > notafter.yaml
sed 's/^/  /' notafter.yaml

title "Check files without a configuration"
notafter check --all pki

title "One pass, as from cron: scan, record, deliver, probe"
notafter scan
printf '  %swhat arrived at the receiver:%s\n' "$dim" "$plain"
webhooks

title "A second pass sends nothing again"
notafter scan
printf '  %swebhooks received: %s%s\n' "$dim" "$(webhooks | grep -c . || true)" "$plain"

title "The two probes: with the client certificate, and without it"
notafter probe

title "sensor-7 is renewed: its alert is resolved"
issue sensor-7 365 client
notafter scan
webhooks

title "What is watched now"
notafter list
printf '\nNext: notafter init --path DIRECTORY, for certificates of your own (config/notafter.yaml explains every key)\n'
