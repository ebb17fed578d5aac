#!/usr/bin/env bash
# Makes the archives of a release and SHA256SUMS: ci/package.sh BINARIES ARCHIVES
#
# BINARIES has a folder for each target, with orgwarden in it. The same input gives the same bytes, with SOURCE_DATE_EPOCH set. The archive
# is a .tar.gz on all systems (Windows unpacks it, too), and its name has no version, so that the address of the newest one stays the same.
# The names are what action.yml, docs/ci/ and `cargo binstall` look for.
set -euo pipefail

binaries=$(cd "$1" && pwd)
mkdir -p "$2"
archives=$(cd "$2" && pwd)
root=$(cd "$(dirname "$0")/.." && pwd)
staging=$(mktemp -d)
trap 'rm -rf "$staging"' EXIT

for folder in "$binaries"/*/; do
    target=$(basename "$folder")
    name=orgwarden-$target
    mkdir "$staging/$name"
    cp "$root"/README.md "$root"/CHANGELOG.md "$root"/LICENSE-* "$staging/$name/"
    cp "$folder"/orgwarden* "$staging/$name/"
    chmod -R u=rwX,go=rX "$staging/$name"
    chmod 755 "$staging/$name"/orgwarden*
    tar --create --directory "$staging" --sort=name --mtime="@${SOURCE_DATE_EPOCH:-0}" --owner=0 --group=0 --numeric-owner "$name" \
        | gzip --no-name --best > "$archives/$name.tar.gz"
done
cd "$archives"
sha256sum -- * > "$staging/SHA256SUMS"
mv "$staging/SHA256SUMS" SHA256SUMS
