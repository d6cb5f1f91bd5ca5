#!/usr/bin/env bash
# Packs the built command as .build/deb/notafter_VERSION_ARCHITECTURE.deb, and prints its path. Called by `make deb`.
#
#   scripts/build-deb.sh [BINARY]
#
# BINARY is .build/release/notafter unless named. The same binary and tree make the same bytes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
binary=$(realpath "${1:-.build/release/notafter}")
[[ -x "$binary" ]] || { echo "build-deb: there is no $binary yet: run make first" >&2; exit 1; }

version=$("$binary" --version)
packaged=$(dpkg-parsechangelog --file packaging/debian/changelog --show-field Version)
[[ "${packaged%-*}" == "$version" ]] || {
    echo "build-deb: the command is $version, and packaging/debian/changelog describes $packaged: add an entry" >&2
    exit 1
}

output=.build/deb
tree="$output/notafter-$version"
rm -rf "$tree"
mkdir -p "$tree"
cp -a README.md CHANGELOG.md SECURITY.md LICENSE config deploy docs packaging scripts "$tree"
cp -a packaging/debian "$tree/debian"

# The date of the entry is the date of every file in the package.
SOURCE_DATE_EPOCH=$(dpkg-parsechangelog --file packaging/debian/changelog --show-field Timestamp)
export SOURCE_DATE_EPOCH NOTAFTER_BINARY="$binary"
export DEB_BUILD_OPTIONS="noautodbgsym nocheck"
(cd "$tree" && dpkg-buildpackage --build=binary --no-sign --unsigned-changes) > "$output/build.log" 2>&1 || {
    tail -n 30 "$output/build.log" >&2
    exit 1
}
rm -rf "$tree"
echo "$output/notafter_${packaged}_$(dpkg --print-architecture).deb"
