#!/usr/bin/env bash
# Installs the built command with its units, manual, completions and examples. Called by `make install`.
#
#   scripts/install.sh PREFIX [DESTDIR]
#
# PREFIX is where it will be used (/usr/local). DESTDIR is the root to install below, for packages.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
prefix="${1:?usage: $0 PREFIX [DESTDIR]}"
root="${2:-}$prefix"
command=.build/release/notafter
[[ -x "$command" ]] || { echo "there is no $command yet: run make first" >&2; exit 1; }

install -D -m 0755 "$command" "$root/bin/notafter"
install -D -m 0644 docs/man/notafter.1 "$root/share/man/man1/notafter.1"

# The units contain the paths of the command and of the documents.
for unit in deploy/systemd/*; do
    sed "s|/usr/bin/notafter|$prefix/bin/notafter|g; s|/usr/share/doc|$prefix/share/doc|g" "$unit" |
        install -D -m 0644 /dev/stdin "$root/lib/systemd/system/${unit##*/}"
done

completions() { "$command" --generate-completion-script "$1" | install -D -m 0644 /dev/stdin "$root/share/$2"; }
completions bash bash-completion/completions/notafter
completions zsh zsh/vendor-completions/_notafter
completions fish fish/vendor_completions.d/notafter.fish

doc="$root/share/doc/notafter"
install -D -m 0644 -t "$doc" README.md CHANGELOG.md SECURITY.md LICENSE docs/*.md
install -D -m 0644 -t "$doc/decisions" docs/decisions/*.md
install -D -m 0644 -t "$doc/examples" config/*.yaml
install -D -m 0644 -t "$doc/examples/prometheus" deploy/prometheus/*.yaml
sed "s|/usr/bin/notafter|$prefix/bin/notafter|g" deploy/cron/notafter |
    install -D -m 0644 /dev/stdin "$doc/examples/cron/notafter"
install -D -m 0644 config/notafter.schema.json "$root/share/notafter/notafter.schema.json"
