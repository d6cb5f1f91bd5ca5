#!/usr/bin/env bash
# Completes command lines in real shells, over a configuration and a ledger made here. Called by `make check-scripts`.
#
#   scripts/check-completions.sh [BINARY]
# shellcheck disable=SC2016 # what other shells expand is quoted
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
binary=$(realpath "${1:-.build/release/notafter}")
site=$(mktemp -d)
trap 'rm -rf "$site"' EXIT
fail() { echo "check-completions: $*" >&2; exit 1; }

mkdir -p "$site/bin" "$site/pki"
ln -s "$binary" "$site/bin/notafter"
for shell in bash zsh fish; do scripts/completions.sh "$binary" "$shell" > "$site/notafter.$shell"; done

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=soon -days 10 \
    -out "$site/pki/soon.pem" 2>/dev/null
cat > "$site/site.yaml" <<'YAML'
state: site.db
deliver_for: 0s
certificates:
  - { name: fleet, role: client, paths: [pki] }
endpoints:
  - { name: api, url: "https://127.0.0.1:1/health", timeout: 1s }
receivers:
  - { name: ops, exec: { command: ["false"] } }
  - { name: spare, exec: { command: ["true"] } }
route: { receivers: [ops] }
YAML
cd "$site"
export PATH="$site/bin:$PATH"
# The receiver refuses, so that deliveries stay open: of the certificate, and of its thresholds.
notafter scan -q --config site.yaml 2>/dev/null || [[ $? -le 2 ]] || fail "the pass failed"
notafter silence add registration=fleet --for 1h --reason check --config site.yaml > /dev/null

# Prints what bash offers for the words; the last one is the word to complete.
in_bash() {
    bash --norc -c '
        . /usr/share/bash-completion/bash_completion
        . ./notafter.bash
        compopt() { :; }
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*"
        COMP_POINT=${#COMP_LINE}
        _notafter_with_values notafter "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf "%s\n" "${COMPREPLY[@]}" | sort -u' bash "$@" | xargs
}
# The same in fish, which gets a line and shows descriptions behind a tab.
in_fish() { fish --no-config -c 'source notafter.fish; complete -C "$argv[1]"' "$*" | cut -f 1 | sort -u | xargs; }
# In zsh the line is typed into a shell on a terminal of its own; the matches must appear on its screen, in this order.
in_zsh() {
    timeout 20 zsh -f -c '
        zmodload zsh/zpty
        zpty shell zsh -f -i
        zpty -w shell "PS1=; RPS1=; stty columns 200; fpath=($PWD \$fpath); autoload -Uz compinit; compinit -u -D"
        zpty -w shell "source ./notafter.zsh; bindkey \"^I\" list-choices; print READ\Y"
        zpty -r -m shell line "*READY*"
        zpty -w -n shell "$1"$'"'\t'"'
        zpty -r -m shell line "*${2// /*}*"' zsh "$1" "$2"
}

expect() {
    local wanted="$1" got
    shift
    got=$(in_bash "$@")
    [[ "$got" == "$wanted" ]] || fail "bash offers '$got' for '$*', not '$wanted'"
    got=$(in_fish "$@")
    [[ "$got" == "$wanted" ]] || fail "fish offers '$got' for '$*', not '$wanted'"
}
expect 'api fleet' notafter explain --config site.yaml ''
expect 'fleet' notafter explain --config site.yaml fl
expect 'api' notafter probe --config site.yaml ''
expect 'ops spare' notafter test-notify --config site.yaml ''
expect 'ops spare' notafter deliveries backfill --config site.yaml ''
expect '1 2' notafter deliveries retry --config site.yaml ''
expect '1' notafter silence expire --config site.yaml ''
expect 'site.yaml' notafter scan --config site.y
expect 'site.yaml' notafter list --state site.y
expect 'pki/soon.pem' notafter verify --untrusted pki/so
expect 'cloudflare-access' notafter verify --profile cl
expect 'test-notify' notafter test-n
[[ $(in_bash notafter silence add --config site.yaml registration = f) == fleet ]] || fail "bash completes no matcher"
[[ " $(in_fish notafter silence add --config site.yaml reg) " == *' registration=fleet '* ]] || fail "fish completes no matcher"
[[ $(in_bash notafter check pki/) == pki/soon.pem && $(in_fish notafter check pki/) == pki/soon.pem ]] ||
    fail "check completes no files"

zsh -n notafter.zsh
in_zsh 'notafter explain --config site.yaml ' 'api fleet' || fail "zsh completes no registrations"
in_zsh 'notafter test-notify --config site.yaml ' 'ops spare' || fail "zsh completes no receivers"
in_zsh 'notafter scan --config ./' 'notafter.fish site.yaml' || fail "zsh completes no files"
echo "completions: bash, zsh and fish complete subcommands, options, files and names"
