#!/usr/bin/env bash
# Prints the completion script of a shell: what the command generates, which has the subcommands and options, and the part of
# packaging/completions/ that has their values.
#
#   scripts/completions.sh BINARY bash|zsh|fish
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
command="${1:?usage: $0 BINARY bash|zsh|fish}"
shell="${2:?usage: $0 BINARY bash|zsh|fish}"
values="packaging/completions/notafter.$shell"
files='FILE|PATH|FILE\|URI|FILE\|STATE|DIRECTORY'

# The options that take a file, separated by $1. Only zsh's script has the names of values.
file_options() {
    "$command" --generate-completion-script zsh | grep -E ":($files):'" | sed 's/\[.*//' |
        grep -o -E -e '--[a-z][a-z-]*' | sort -u | paste --serial --delimiters "$1"
}

case "$shell" in
bash)
    # A completion script is read by a shell, and not run.
    "$command" --generate-completion-script bash | sed '1{/^#!/d}'
    sed "s/@FILE_OPTIONS@/$(file_options '|')/" "$values"
    ;;
fish)
    "$command" --generate-completion-script fish
    sed "s/@FILE_OPTIONS@/$(file_options ' ')/" "$values"
    ;;
zsh)
    # The last lines of the script begin the completion.
    "$command" --generate-completion-script zsh | sed -E \
        -e "/^if \[\[ .*funcstack/e cat $values" \
        -e "s/:DIRECTORY:'/:DIRECTORY:_files -\/'/" \
        -e "s/:($files|targets|files|paths):'/:\1:_files'/" \
        -e "s/:CERT\|ENDPOINT:'/:CERT|ENDPOINT:__notafter_registrations'/" \
        -e "s/:endpoint:'/:endpoint:__notafter_endpoints'/" \
        -e "s/:(receivers|RECEIVER):'/:\1:__notafter_receivers'/" \
        -e "/^_notafter_silence_expire/,/^}/s/:ID:'/:ID:__notafter_silences'/" \
        -e "s/:ID:'/:ID:__notafter_deliveries'/"
    ;;
*) echo "usage: $0 BINARY bash|zsh|fish" >&2; exit 64 ;;
esac
