#!/usr/bin/env bash
# Makes the release files twice, on two clocks and umasks, and compares them; validates the bill of materials. Called by
# `make check-release`.
#
#   scripts/check-release.sh [BINARY [DIRECTORY]]
#
# DIRECTORY is where the command was built, with Package.resolved and .build/checkouts; without it, this repository.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
binary=$(realpath "${1:-.build/release/notafter}")
directory=$(realpath "${2:-.}")
fail() { echo "check-release: $*" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

(umask 022; TZ=UTC scripts/release.sh "$binary" "$work/first") > /dev/null
# Another umask, zone and locale, and a copy of the command with another time.
cp "$binary" "$work/notafter"
(umask 077; TZ=Asia/Tokyo LC_ALL=C.UTF-8 scripts/release.sh "$work/notafter" "$work/second") > /dev/null
for file in "$work"/first/*; do
    cmp "$file" "$work/second/${file##*/}" || fail "${file##*/} differs from one run to the next"
done
archive=$(echo "$work"/first/*.tar.gz)
(cd "$work/first" && sha256sum --check --quiet -- *.sha256) || fail "the checksum is wrong"
mkdir "$work/unpacked"
tar --extract --gzip --file "$archive" --directory "$work/unpacked"
cmp "$binary" "$work/unpacked/usr/local/bin/notafter" || fail "the tarball has another command"
[[ -z "$(find "$work/unpacked/usr" -perm /022)" ]] || fail "others can write files of the tarball"

scripts/sbom.py "$binary" "$directory" > "$work/first.json"
SOURCE_DATE_EPOCH=1 scripts/sbom.py "$work/notafter" "$directory" > "$work/dated.json"
scripts/sbom.py "$work/notafter" "$directory" | cmp - "$work/first.json" || fail "the bill of materials differs from one run to the next"
grep -q '"timestamp": "1970-01-01T00:00:01Z"' "$work/dated.json" || fail "SOURCE_DATE_EPOCH is not heeded"
PYTHONPATH=$(scripts/python-tool.sh cyclonedx) /usr/bin/python3 - "$work/first.json" <<'PYTHON' || fail "the bill of materials is not valid"
import json
import pathlib
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

text = pathlib.Path(sys.argv[1]).read_text()
validator = JsonStrictValidator(SchemaVersion.V1_6)
if error := validator.validate_str(text):
    sys.exit(str(error))
# A validator that accepts everything proves nothing.
if not validator.validate_str(text.replace('"library"', '"book"', 1)):
    sys.exit("the validator accepts a component of no type")
bill = json.loads(text)
references = [component["bom-ref"] for component in bill["components"]]
names = {component["name"] for component in bill["components"]}
if len(set(references)) != len(references) or not {"GRDB.swift", "Yams", "libssl3", "libcurl4", "libsqlite3-0"} <= names:
    sys.exit(f"components: {sorted(names)}")
PYTHON
echo "release: ${archive##*/}, $(stat --format=%s "$archive") bytes, is reproducible; the bill of materials is valid"
