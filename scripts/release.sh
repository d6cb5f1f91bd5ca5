#!/usr/bin/env bash
# Writes the tarball of a release and its checksum to .build/release-files. Called by `make release`.
#
#   scripts/release.sh [BINARY [OUTPUT]]
#
# The version is the command's, and CHANGELOG.md, the package and the chart must have the same. The same command and tree make
# the same bytes, whenever and wherever: dates are SOURCE_DATE_EPOCH, or that of the version in CHANGELOG.md.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
binary=$(realpath "${1:-.build/release/notafter}")
output="${2:-.build/release-files}"
fail() { echo "release: $*" >&2; exit 1; }
[[ -x "$binary" ]] || fail "there is no $binary yet: run make first"

version=$("$binary" --version)
read -r newest date < <(sed -n -E 's/^## \[([0-9][^]]*)\] - ([0-9-]{10})$/\1 \2/p' CHANGELOG.md)
[[ "$newest" == "$version" ]] || fail "the command is $version, and CHANGELOG.md describes $newest: date its section"
packaged=$(sed -n -E '1s/^notafter \((.*)-[^-]*\) .*/\1/p' packaging/debian/changelog)
[[ "$packaged" == "$version" ]] || fail "packaging/debian/changelog describes $packaged: add an entry"
grep -q -x "appVersion: $version" deploy/helm/notafter/Chart.yaml || fail "deploy/helm/notafter/Chart.yaml has another appVersion"
for variant in daemon cronjob; do
    grep -q -x -F "    newTag: $version" "deploy/kustomize/$variant/kustomization.yaml" || fail "deploy/kustomize/$variant has another tag"
done

export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(date --utc --date "$date" +%s)}"
export LC_ALL=C TZ=UTC
name="notafter-$version-linux-$(uname --machine)"
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
umask 022
NOTAFTER_BINARY="$binary" scripts/install.sh /usr/local "$tree"
mkdir -p "$output"
# Only below usr: the archive must not change the mode of the directory that it is unpacked in.
tar --create --directory "$tree" --format=ustar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
    --mode=go=rX,u+rw usr | gzip --no-name -9 > "$output/$name.tar.gz"
(cd "$output" && sha256sum "$name.tar.gz" > "$name.tar.gz.sha256")
echo "$output/$name.tar.gz"
