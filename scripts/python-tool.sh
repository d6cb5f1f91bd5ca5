#!/usr/bin/env bash
# Installs a checking tool that Debian 12 does not have from PyPI, and prints the directory where it is. A second run is instant.
#
#   scripts/python-tool.sh hadolint|kubernetes|helm|cyclonedx|schemathesis
#
# Versions and hashes are in scripts/python-requirements-TOOL.txt, for Debian 12 on x86-64. Nothing outside .build changes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tool="${1:?usage: $0 TOOL}"
requirements="scripts/python-requirements-$tool.txt"
directory=".build/python-tools/$tool-$(sha256sum "$requirements" | cut -c 1-12)"
if [[ ! -e "$directory" ]]; then
    echo "Installing $tool" >&2
    rm -rf "$directory.new"
    /usr/bin/python3 -m pip install --quiet --root-user-action ignore --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
        --target "$directory.new" --requirement "$requirements" >&2
    mv "$directory.new" "$directory"
fi
realpath "$directory"
