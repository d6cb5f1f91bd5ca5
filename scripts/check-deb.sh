#!/usr/bin/env bash
# Installs, upgrades, removes and purges the Debian package in a bare Debian 12, and makes passes there as the service's user.
# Called by `make check-deb`, as root.
#
#   scripts/check-deb.sh PACKAGE.deb
# shellcheck disable=SC2016 # the quoted commands are expanded inside the root
set -euo pipefail
package=$(realpath "${1:?usage: $0 PACKAGE.deb}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
fail() { echo "check-deb: $*" >&2; exit 1; }
[[ $EUID -eq 0 ]] || fail "a root directory with users of its own needs root"

lintian --allow-root --fail-on error,warning "${package%.deb}.changes" ||
    fail "lintian has complaints"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root="$work/root"
scripts/debian-root.sh "$root"

# Runs a command in the root, with /proc and devices that vanish with it.
inside() {
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive unshare --mount --fork \
        sh -c 'mount --rbind /proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"' "$root" "$@"
}
# The same as the service's user, with the environment that cron gives.
as_service() { inside setpriv --reuid=notafter --regid=notafter --init-groups env -i HOME=/var/lib/notafter PATH=/usr/bin:/bin "$@"; }
files() { (cd "$root" && find . -xdev \( -path ./proc -o -path ./dev -o -path ./var/lib/dpkg -o -path ./var/cache \
    -o -path ./var/log -o -path ./tmp -o -path ./run \) -prune -o -print | sort); }
# Users of the root are not users of this machine, so their names are asked inside.
is_owned() { [[ "$(inside stat --format='%n %a %U:%G' "$1")" == "$*" ]] || fail "not $*: $(inside stat --format='%n %a %U:%G' "$1")"; }

# An older version, whose configuration had another comment: the same files under a lower number.
older="$work/older"
dpkg-deb --raw-extract "$package" "$older"
sed -i 's/^Version: .*/Version: 0.0.1-1/' "$older/DEBIAN/control"
echo '# A comment of version 0.0.1.' >> "$older/etc/notafter/notafter.yaml"
(cd "$older" && find . -path ./DEBIAN -prune -o -type f -printf '%P\0' | sort -z | xargs -0 md5sum > DEBIAN/md5sums)
dpkg-deb --build -Znone --root-owner-group "$older" "$root/tmp/older.deb" > /dev/null
cp "$package" "$root/tmp/newer.deb"

files > "$work/before"
inside dpkg --install /tmp/older.deb > "$work/log" 2>&1 || { cat "$work/log" >&2; fail "the first version does not install"; }

# Users, directories, units.
[[ "$(inside getent passwd notafter)" == notafter:*:/var/lib/notafter:*nologin ]] || fail "no system user notafter"
is_owned /var/lib/notafter 700 notafter:notafter
is_owned /etc/notafter/credentials 750 root:notafter
is_owned /etc/notafter/conf.d 755 root:root
is_owned /etc/notafter/notafter.yaml 644 root:root
inside systemd-analyze verify --man=no notafter.service notafter-scan.service notafter-scan.timer > "$work/log" 2>&1 ||
    { cat "$work/log" >&2; fail "systemd does not take the units"; }
for unit in notafter.service notafter-scan.timer; do
    [[ "$(inside systemctl is-enabled "$unit" || true)" == disabled ]] || fail "$unit is enabled by the installation"
done
[[ "$(inside notafter --version)" =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "the command does not start"
# What it is told to watch is the administrator's choice.
status=0
as_service notafter scan -q > "$work/log" 2>&1 || status=$?
[[ $status -eq 4 && "$(cat "$work/log")" == *'nothing to watch'* ]] ||
    fail "scan with the shipped configuration ended with $status: $(cat "$work/log")"

# A drop-in, a secret as the documents make it, a certificate, and a change to the main file.
inside sh -euc '
    mkdir /srv/pki
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=soon -days 10 \
        -out /srv/pki/soon.pem 2>/dev/null
    cat > /etc/notafter/conf.d/site.yaml <<YAML
certificates: [{ name: fleet, role: client, paths: [/srv/pki] }]
receivers:
  - name: file
    exec: { command: [sh, -c, "cat >> /var/lib/notafter/received; echo >> /var/lib/notafter/received"] }
  - name: ops
    webhook: { url: "https://127.0.0.1:9/hook", secret_file: /etc/notafter/credentials/ops.secret }
route: { receivers: [file] }
YAML
    echo "# changed here" >> /etc/notafter/notafter.yaml
    echo "whsec_$(openssl rand -base64 32)" | install -m 0640 -g notafter /dev/stdin /etc/notafter/credentials/ops.secret'
as_service notafter config validate > "$work/log" 2>&1 || { cat "$work/log" >&2; fail "config validate as the service's user"; }
if grep -i warning "$work/log"; then fail "config validate has warnings"; fi
is_owned /etc/notafter/credentials/ops.secret 640 root:notafter
as_service notafter scan -q || fail "the first pass ended with $?"
messages() { as_service cat /var/lib/notafter/received | grep -c CN=soon; }
[[ "$(messages)" -ge 1 ]] || fail "the first pass sent nothing"
sent=$(messages)
is_owned /var/lib/notafter/notafter.db 600 notafter:notafter

# An upgrade keeps the configuration and the ledger: the next pass sends nothing again.
inside dpkg --install --force-confold /tmp/newer.deb > "$work/log" 2>&1 || { cat "$work/log" >&2; fail "the upgrade"; }
grep -q 'changed here' "$root/etc/notafter/notafter.yaml" || fail "the upgrade replaced the configuration"
as_service notafter scan -q || fail "the pass after the upgrade ended with $?"
[[ "$(messages)" -eq "$sent" ]] || fail "the upgrade repeated messages"
status=0
as_service notafter status > "$work/log" 2>&1 || status=$?
[[ $status -eq 2 ]] || { cat "$work/log" >&2; fail "a certificate with 10 days left: status ended with $status, not 2"; }

# Removal keeps both; a new installation goes on with them.
inside dpkg --remove notafter > "$work/log" 2>&1 || { cat "$work/log" >&2; fail "the removal"; }
[[ ! -e "$root/usr/bin/notafter" ]] || fail "the removal left the command"
for kept in etc/notafter/notafter.yaml etc/notafter/conf.d/site.yaml etc/notafter/credentials/ops.secret var/lib/notafter/notafter.db; do
    [[ -s "$root/$kept" ]] || fail "the removal took /$kept"
done
inside dpkg --install /tmp/newer.deb > "$work/log" 2>&1 || { cat "$work/log" >&2; fail "the installation after the removal"; }
as_service notafter scan -q || fail "the pass after the removal ended with $?"
[[ "$(messages)" -eq "$sent" ]] || fail "the removal repeated messages"

# Purge takes the ledger and the shipped configuration, and leaves what the administrator wrote.
inside dpkg --purge notafter > "$work/log" 2>&1 || { cat "$work/log" >&2; fail "the purge"; }
files > "$work/after"
left=$(comm -13 "$work/before" "$work/after" | xargs)
wanted='./etc/notafter ./etc/notafter/conf.d ./etc/notafter/conf.d/site.yaml ./etc/notafter/credentials'
wanted+=' ./etc/notafter/credentials/ops.secret ./srv/pki ./srv/pki/soon.pem'
[[ "$left" == "$wanted" ]] || fail "the purge left $left, not $wanted"
rm -r "$root/etc/notafter/conf.d/site.yaml" "$root/etc/notafter/credentials/ops.secret"

# Without such files, nothing is left.
inside dpkg --install /tmp/newer.deb > "$work/log" 2>&1 || { cat "$work/log" >&2; fail "the installation after the purge"; }
inside dpkg --purge notafter > "$work/log" 2>&1 || { cat "$work/log" >&2; fail "the second purge"; }
[[ ! -e "$root/etc/notafter" && ! -e "$root/var/lib/notafter" ]] || fail "a purge leaves directories"
echo "${package##*/}: $(stat --format=%s "$package") bytes; installed, upgraded, removed and purged in a bare Debian 12"
