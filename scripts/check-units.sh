#!/usr/bin/env bash
# Installs the Debian package in a bare Debian 12, boots that in a container of systemd-nspawn, and has systemd run the units with
# all of their confinement. Called by `make check-units`, as root.
#
#   scripts/check-units.sh PACKAGE.deb
# shellcheck disable=SC2016 # the quoted commands are expanded inside the root
set -euo pipefail
package=$(realpath "${1:?usage: $0 PACKAGE.deb}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
fail() { echo "check-units: $*" >&2; exit 1; }
[[ $EUID -eq 0 ]] || fail "a root directory with users of its own needs root"

# systemd-nspawn leaves its two control groups behind, and takes leftovers for its own.
remove_groups() {
    local hierarchy name path
    cut -d : -f 3 /proc/self/cgroup | sort -u | while read -r path; do
        for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do
            for name in payload supervisor; do
                [[ ! -d "$hierarchy$path/$name" ]] || find "$hierarchy$path/$name" -depth -type d -exec rmdir {} + || true
            done
        done
    done
}

work=$(mktemp -d)
trap 'remove_groups; rm -rf "$work"' EXIT
remove_groups
root="$work/root"
scripts/debian-root.sh "$root"
cp "$package" "$root/root/notafter.deb"
unshare --mount --fork sh -c 'mount --rbind /proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"' "$root" \
    dpkg --install /root/notafter.deb > "$work/log" 2>&1 || { cat "$work/log" >&2; fail "the package does not install"; }

# A site. Its receiver is a command of the service: it keeps the message and a credential, and tries to write elsewhere.
mkdir -p "$root/srv/pki"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=soon -days 10 \
    -out "$root/srv/pki/soon.pem" 2>/dev/null
echo only-root > "$root/etc/notafter/credentials/root.secret"
chmod 0600 "$root/etc/notafter/credentials/root.secret"
cat > "$root/etc/notafter/conf.d/site.yaml" <<'YAML'
certificates: [{ name: fleet, role: client, paths: [/srv/pki] }]
receivers: [{ name: file, exec: { command: [sh, /srv/receive] } }]
route: { receivers: [file] }
YAML
cat > "$root/srv/receive" <<'SH'
cat >> /var/lib/notafter/received
cat /run/credentials/notafter-scan.service/credentials_root.secret > /var/lib/notafter/credential
touch /etc/notafter/written /srv/written /usr/written /root/written 2>/dev/null
id -un > /var/lib/notafter/user
SH

# What is done in the booted root, where PID 1 is systemd. It ends with a line that says so.
cat > "$root/root/check" <<'SH'
set -euxo pipefail
systemctl start notafter-scan.service
grep CN=soon /var/lib/notafter/received
grep -x only-root /var/lib/notafter/credential
grep -x notafter /var/lib/notafter/user
for place in /etc/notafter /srv /usr /root; do [ ! -e "$place/written" ]; done

systemctl start notafter.service
[ "$(stat --format='%a %U:%G' /run/notafter)" = '750 notafter:notafter' ]
systemctl reload notafter.service
# One with errors is refused, and the daemon goes on with the old one.
echo 'nonsense: true' > /etc/notafter/conf.d/wrong.yaml
if systemctl reload notafter.service; then exit 1; fi
systemctl is-active notafter.service
rm /etc/notafter/conf.d/wrong.yaml
systemctl reload notafter.service
systemctl stop notafter.service
[ "$(systemctl show --property=Result --value notafter.service)" = success ]

systemctl enable --now notafter-scan.timer
systemctl list-timers notafter-scan.timer | grep notafter-scan.service
[ "$(find /var/lib/notafter -maxdepth 0 -user notafter -perm 700)" = /var/lib/notafter ]
# Every line of the journal is of notafter itself, or of systemd about it.
journalctl --sync
if journalctl --unit=notafter --unit=notafter-scan --output=cat | grep -i -e 'failed to set' -e 'denied' -e 'not permitted'; then
    exit 1
fi
echo every check passed
SH
cat > "$root/etc/systemd/system/check.service" <<'UNIT'
[Unit]
Description=Check of the units
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/bash /root/check
ExecStopPost=/bin/sh -c 'journalctl --unit=notafter --unit=notafter-scan > /root/journal; systemctl poweroff --no-block'
StandardOutput=file:/root/output
StandardError=append:/root/output
UNIT
mkdir -p "$root/etc/systemd/system/default.target.wants"
ln -s ../check.service "$root/etc/systemd/system/default.target.wants/check.service"

timeout --kill-after=10 180 systemd-nspawn --directory "$root" --boot --register=no --keep-unit --private-network --quiet \
    --console=pipe < /dev/null > "$work/log" 2>&1 || [[ $? -ne 124 ]] || fail "systemd did not end: $(tail -n 20 "$work/log")"
grep -q -x 'every check passed' "$root/root/output" 2>/dev/null ||
    { tail -n 20 "$work/log" "$root/root/output" "$root/root/journal" >&2 || true; fail "the units"; }
echo "units: systemd runs a pass and the daemon as notafter, confined, with credentials, reload and timer"
