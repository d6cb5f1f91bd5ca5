#!/usr/bin/env bash
# Installs the built command with its units, manual, completions and examples. Called by `make install` and by
# packaging/debian/rules.
#
#   scripts/install.sh PREFIX [DESTDIR]
#
# PREFIX is where it will be used (/usr/local). DESTDIR is the root to install below, for packages. The command is
# NOTAFTER_BINARY, or .build/release/notafter.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
prefix="${1:?usage: $0 PREFIX [DESTDIR]}"
root="${2:-}$prefix"
command="${NOTAFTER_BINARY:-.build/release/notafter}"
[[ -x "$command" ]] || { echo "there is no $command yet: run make first" >&2; exit 1; }

install -D -m 0755 "$command" "$root/bin/notafter"
install -D -m 0644 docs/man/notafter.1 "$root/share/man/man1/notafter.1"
/usr/bin/python3 scripts/manual.py | sed "s|/usr/share|$prefix/share|g" | install -D -m 0644 /dev/stdin "$root/share/man/man5/notafter.yaml.5"

# The units contain the paths of the command and of the documents.
for unit in deploy/systemd/*; do
    sed "s|/usr/bin/notafter|$prefix/bin/notafter|g; s|/usr/share/doc|$prefix/share/doc|g" "$unit" |
        install -D -m 0644 /dev/stdin "$root/lib/systemd/system/${unit##*/}"
done
install -D -m 0644 -t "$root/lib/sysusers.d" deploy/sysusers.d/notafter.conf
install -D -m 0644 -t "$root/lib/tmpfiles.d" deploy/tmpfiles.d/notafter.conf

completions() { scripts/completions.sh "$command" "$1" | install -D -m 0644 /dev/stdin "$root/share/$2"; }
completions bash bash-completion/completions/notafter
# Where zsh looks depends on whether a distribution or an administrator installs.
case "$prefix" in
/usr) completions zsh zsh/vendor-completions/_notafter ;;
*) completions zsh zsh/site-functions/_notafter ;;
esac
completions fish fish/vendor_completions.d/notafter.fish

doc="$root/share/doc/notafter"
install -D -m 0644 -t "$doc" README.md CHANGELOG.md SECURITY.md LICENSE docs/*.md
for folder in decisions guides; do install -D -m 0644 -t "$doc/$folder" docs/"$folder"/*.md; done
install -D -m 0644 -t "$doc/examples" config/*.yaml
install -D -m 0644 packaging/notafter.yaml "$doc/examples/system.yaml"
install -D -m 0644 -t "$doc/examples/prometheus" deploy/prometheus/*.yaml
sed "s|/usr/bin/notafter|$prefix/bin/notafter|g" deploy/cron/notafter |
    install -D -m 0644 /dev/stdin "$doc/examples/cron/notafter"
install -D -m 0644 config/notafter.schema.json "$root/share/notafter/notafter.schema.json"
