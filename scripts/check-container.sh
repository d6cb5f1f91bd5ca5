#!/usr/bin/env bash
# Lints the Containerfile, builds the image, and makes a pass in it with a read-only root. Called by `make check-container`, as
# root. No container engine is needed: buildah builds in a chroot, and bubblewrap runs what the image says.
#
#   scripts/check-container.sh [BINARY]
#
# The base images are made here, of a bare Debian 12; in place of the compiler there is a copy of the built command.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
binary=$(realpath "${1:-.build/release/notafter}")
fail() { echo "check-container: $*" >&2; exit 1; }
[[ $EUID -eq 0 ]] || fail "building an image without an engine needs root"

"$(scripts/python-tool.sh hadolint)/bin/hadolint" --failure-threshold info Containerfile || fail "hadolint has complaints"

grep -q -F "swift:$(cat .swift-version)-" Containerfile || fail "the Containerfile has another Swift than .swift-version"

work=$(mktemp -d)
buildah() { command buildah --root "$work/storage" --runroot "$work/run" --storage-driver vfs "$@"; }
trap 'buildah umount --all > /dev/null 2>&1 || true; rm -rf "$work"' EXIT

# The base images.
scripts/debian-root.sh "$work/debian"
install -D -m 0755 "$binary" "$work/built/notafter"
cat > "$work/built/swift" <<'SH'
#!/bin/sh
# The compiler of this check: `swift build --configuration release` leaves the built command.
[ "$1 $2 $3" = "build --configuration release" ] && exec install -D /opt/built/notafter .build/release/notafter
SH
chmod +x "$work/built/swift"
base=$(buildah from scratch)
buildah add --quiet "$base" "$work/debian" / > /dev/null
buildah commit --quiet "$base" localhost/debian > /dev/null
buildah add --quiet "$base" "$work/built" /opt/built > /dev/null
buildah config --env PATH=/opt/built:/usr/sbin:/usr/bin:/sbin:/bin "$base"
buildah commit --quiet "$base" localhost/swift > /dev/null
rm -rf "$work/debian"

buildah build --isolation chroot --pull-never --quiet --format docker --ignorefile .containerignore \
    --build-arg SWIFT_IMAGE=localhost/swift --build-arg DEBIAN_IMAGE=localhost/debian --tag localhost/notafter \
    --file Containerfile . > "$work/log" 2>&1 || { tail -n 30 "$work/log" >&2; fail "the image does not build"; }

# What the image says: its user, and the commands to start and to check it.
image() { buildah inspect --type image --format "{{$1}}" localhost/notafter; }
user=$(image .Docker.Config.User)
[[ "$user" =~ ^[1-9][0-9]*:[1-9][0-9]*$ ]] || fail "the user is '$user', not a numeric one without privileges"
[[ "$(image .Docker.Config.Entrypoint) $(image .Docker.Config.Cmd)" == '[/usr/bin/notafter] [run --config /etc/notafter/notafter.yaml]' ]] ||
    fail "the image starts another command"
health=$(buildah inspect --type image --format '{{range .Docker.Config.Healthcheck.Test}}{{.}} {{end}}' localhost/notafter)
[[ "$health" == 'CMD /usr/bin/notafter healthcheck --quiet ' ]] || fail "the health check is '$health'"
read -r -a check <<< "${health#CMD }"

container=$(buildah from --pull-never localhost/notafter)
root=$(buildah mount "$container")
[[ "$(stat --format='%a %u:%g' "$root/var/lib/notafter")" == "700 $user" ]] || fail "/var/lib/notafter is not the user's"
[[ -z "$(find "$root" -xdev -perm /6000 -newer "$work/log" -print -quit)" ]] || fail "the build added setuid files"
[[ ! -e "$root/src" && ! -e "$root/opt/built" ]] || fail "the image contains the tree that it was built from"

# A read-only root, a configuration and a volume, as the image's user.
mkdir -p "$work/etc/pki"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=soon -days 10 \
    -out "$work/etc/pki/soon.pem" 2>/dev/null
cat > "$work/etc/notafter.yaml" <<'YAML'
state: /var/lib/notafter/notafter.db
listen: 127.0.0.1:9793
certificates: [{ name: fleet, role: client, paths: [pki] }]
receivers: [{ name: file, exec: { command: [sh, -c, "cat >> /var/lib/notafter/received"] } }]
route: { receivers: [file] }
YAML
install -d -o "${user%:*}" -g "${user#*:}" -m 0700 "$work/volume"
chmod 0711 "$work" "$work/storage" "${root%/*}" 2>/dev/null || true
for part in "$root" "$work/volume"; do
    while [[ "$part" != "$work" ]]; do part=${part%/*}; chmod o+x "$part"; done
done
inside() {
    setpriv --reuid="${user%:*}" --regid="${user#*:}" --clear-groups \
        bwrap --ro-bind "$root" / --proc /proc --dev /dev --ro-bind "$work/etc" /etc/notafter --bind "$work/volume" /var/lib/notafter \
        --unshare-all --clearenv --setenv PATH /usr/bin:/bin --setenv SWIFT_BACKTRACE enable=no --chdir /var/lib/notafter "$@"
}
[[ "$(inside id -u)" == "${user%:*}" ]] || fail "the pass does not run as the image's user"
! inside touch /usr/written 2>/dev/null || fail "the root is writable"
inside /usr/bin/notafter scan --config /etc/notafter/notafter.yaml || fail "the pass ended with $?"
grep -q CN=soon "$work/volume/received" || fail "the pass sent nothing"
# The image's own command: healthy while it runs, and not before and after.
inside bash -euc '
    ! "$@" || exit 1
    /usr/bin/notafter run --config /etc/notafter/notafter.yaml &
    timeout 60 bash -c "until \"\$@\" --ready; do sleep 0.2; done" bash "$@"
    "$@"
    kill -TERM $!
    wait $!
    ! "$@" || exit 1
' bash "${check[@]}" > "$work/log" 2>&1 || { cat "$work/log" >&2; fail "the daemon, or its health check"; }
echo "image: builds, and passes run as $user with a read-only root"
