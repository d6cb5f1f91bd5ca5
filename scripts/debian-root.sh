#!/usr/bin/env bash
# Unpacks a bare Debian 12 into a new directory, from an archive that it makes on first use. Called by the checks of packages.
#
#   scripts/debian-root.sh DIRECTORY
#
# The root has the packages that notafter depends on, so that an installation in it needs no network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
directory="${1:?usage: $0 DIRECTORY}"
suite=bookworm
# What dpkg-shlibdeps finds in the command, what its maintainer scripts call, and what the package recommends.
packages=systemd,procps,libcurl4,libssl3,libsqlite3-0,libstdc++6,ca-certificates,tzdata
archive=".build/debian-root/$suite-$(sha256sum <<< "$packages" | cut -c 1-12).tar"

if [[ ! -e "$archive" ]]; then
    mkdir -p "${archive%/*}"
    base=$(mktemp -d)
    chmod 0755 "$base"
    trap 'rm -rf "$base"' EXIT
    echo "Making a bare Debian 12 with $packages" >&2
    debootstrap --variant=minbase --include="$packages" "$suite" "$base" > "$archive.log" 2>&1 ||
        { tail -n 20 "$archive.log" >&2; exit 1; }
    rm -rf "$base"/var/cache/apt/archives/*.deb "$base"/var/lib/apt/lists/*
    tar --create --file "$archive.new" --directory "$base" --one-file-system .
    mv "$archive.new" "$archive"
fi
mkdir -p "$directory"
tar --extract --file "$archive" --directory "$directory"
chmod 0755 "$directory"
