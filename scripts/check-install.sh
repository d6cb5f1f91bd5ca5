#!/usr/bin/env bash
# Installs the built command below a root without Swift, and makes a pass there. Called by `make installcheck`.
#
# The root contains the installed files and the libraries that the command needs. A library from a Swift toolchain, or one
# that does not belong to Debian's packages libssl3, libcurl4 and libsqlite3-0 or their dependencies, is an error.
# shellcheck disable=SC2016 # the quoted commands are expanded inside the root
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
command="${NOTAFTER_BINARY:-.build/release/notafter}"
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

fail() { echo "check-install: $*" >&2; exit 1; }

# The direct dependencies of the command.
expected='libssl.so.3 libcrypto.so.3 libcurl.so.4 libsqlite3.so.0 libc.so.6 libm.so.6 libstdc++.so.6 libgcc_s.so.1 ld-linux-x86-64.so.2 ld-linux-aarch64.so.1'
for library in $(readelf --dynamic "$command" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
    [[ " $expected " == *" $library "* ]] || fail "$command needs $library, which a bare Debian has not"
done

scripts/install.sh /usr "$root"
for library in $(ldd "$command" | grep --only-matching '/[^ ]*'); do
    case "$library" in *swift*) fail "$library is of a Swift toolchain" ;; esac
    install -D -m 0755 "$library" "$root$library"
done

# A certificate that expires soon, and one pass that reads it.
mkdir -p "$root/etc/notafter/pki" "$root/tmp" "$root/proc"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=soon -days 10 \
    -out "$root/etc/notafter/pki/soon.pem" 2>/dev/null
cat > "$root/etc/notafter/notafter.yaml" <<'YAML'
state: /tmp/notafter.db
certificates: [{ name: fleet, role: client, paths: [pki] }]
YAML
# A program reads its arguments from /proc.
namespace=(unshare --mount)
[[ $EUID -eq 0 ]] || namespace=(unshare --user --map-root-user --mount)
"${namespace[@]}" true || fail "this machine lets nobody make a mount namespace, which the bare root needs"
inside() {
    "${namespace[@]}" sh -c 'mount --rbind /proc "$0/proc" && exec chroot "$0" /usr/bin/notafter "$@"' "$root" "$@"
}
[[ "$(inside --version)" =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "the command does not start without Swift"
inside scan --config /etc/notafter/notafter.yaml || fail "scan ended with $?"
status=0
inside status --config /etc/notafter/notafter.yaml || status=$?
[[ $status -eq 2 ]] || fail "a certificate that ends in 10 days: status ended with $status in place of 2"

for file in bin/notafter lib/systemd/system/notafter.service lib/sysusers.d/notafter.conf lib/tmpfiles.d/notafter.conf \
    share/man/man1/notafter.1 share/man/man5/notafter.yaml.5 share/doc/notafter/README.md \
    share/bash-completion/completions/notafter share/zsh/vendor-completions/_notafter share/fish/vendor_completions.d/notafter.fish; do
    [[ -s "$root/usr/$file" ]] || fail "$file is not installed"
done
bash -n "$root/usr/share/bash-completion/completions/notafter"

start=$(python3 - "$command" <<'PYTHON'
import statistics, subprocess, sys, time

def milliseconds():
    before = time.perf_counter()
    subprocess.run([sys.argv[1], "--version"], check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - before) * 1000

print(f"{statistics.median(milliseconds() for _ in range(21)):.1f}")
PYTHON
)
echo "$command: $(stat --format=%s "$command") bytes, starts in $start ms, runs without Swift"
