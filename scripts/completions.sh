#!/usr/bin/env bash
# Prints the completion script of a shell: what the command generates, which knows subcommands and options, and the part of
# packaging/completions/, which knows their values.
#
#   scripts/completions.sh BINARY bash|zsh|fish
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
command="${1:?usage: $0 BINARY bash|zsh|fish}"
shell="${2:?usage: $0 BINARY bash|zsh|fish}"
values="packaging/completions/notafter.$shell"

case "$shell" in
bash | fish)
    # A completion script is read by a shell, and not run.
    "$command" --generate-completion-script "$shell" | sed '1{/^#!/d}'
    cat "$values"
    ;;
zsh)
    # zsh names each value, so that one rule serves all options; the script's last lines begin the completion.
    "$command" --generate-completion-script zsh | sed -E \
        -e "/^if \[\[ .*funcstack/e cat $values" \
        -e "s/:(FILE|FILE\|URI|targets|files|paths):'/:\1:_files'/" \
        -e "s/:DIRECTORY:'/:DIRECTORY:_files -\/'/" \
        -e "s/:CERT\|ENDPOINT:'/:CERT|ENDPOINT:__notafter_registrations'/" \
        -e "s/:endpoint:'/:endpoint:__notafter_endpoints'/" \
        -e "s/:(receivers|RECEIVER):'/:\1:__notafter_receivers'/" \
        -e "/^_notafter_silence_expire/,/^}/s/:ID:'/:ID:__notafter_silences'/" \
        -e "s/:ID:'/:ID:__notafter_deliveries'/"
    ;;
*) echo "usage: $0 BINARY bash|zsh|fish" >&2; exit 64 ;;
esac
