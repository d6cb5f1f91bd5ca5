#!/usr/bin/env bash
# Installs the tarball of a release in a bare Debian 12 by the commands of docs/install.md, and runs the line of
# deploy/cron/notafter there as cron would: as its user, with its settings and nothing else. Called by `make check-cron`, as root.
#
#   scripts/check-cron.sh [BINARY]
# shellcheck disable=SC2016 # the quoted commands are expanded inside the root
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
binary=$(realpath "${1:-.build/release/notafter}")
fail() { echo "check-cron: $*" >&2; exit 1; }
[[ $EUID -eq 0 ]] || fail "a root directory with users of its own needs root"

work=$(mktemp -d)
receiver=
trap '[[ -z "$receiver" ]] || kill "$receiver"; rm -rf "$work"' EXIT
root="$work/root"
scripts/debian-root.sh "$root"
scripts/release.sh "$binary" "$root/tmp" > /dev/null

inside() {
    env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin SYSTEMD_OFFLINE=1 unshare --mount --fork \
        sh -c 'mount --rbind /proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"' "$root" "$@"
}
# The first block of code in the page's section, in the directory of the files of the release.
commands=$(sed -n '/^## Tarball/,/^## /p' docs/install.md | sed -n '/^```$/,/^```$/p' | sed '1d; /^```$/q' | grep -v '^```$')
[[ "$commands" == *systemd-sysusers* ]] || fail "docs/install.md has no commands for the tarball"
inside sh -euxc "cd /tmp; $commands
    install -D -m 0644 /usr/local/share/doc/notafter/examples/cron/notafter /etc/cron.d/notafter" > "$work/log" 2>&1 ||
    { cat "$work/log" >&2; fail "the commands of docs/install.md"; }
[[ "$(inside stat --format='%a %U:%G' /var/lib/notafter /etc/notafter/credentials | xargs)" == '700 notafter:notafter 750 root:notafter' ]] ||
    fail "the directories are not the user's"
# The job: its schedule, its user and its command; the other lines are settings, or comments.
table="$root/etc/cron.d/notafter"
[[ "$(stat --format='%a %u' "$table")" == '644 0' ]] || fail "cron ignores a table that others can write"
mapfile -t settings < <(grep -E '^[A-Z_]+=' "$table")
mapfile -t jobs < <(grep -v -E '^#|^$|^[A-Z_]+=' "$table")
[[ ${#jobs[@]} -eq 1 ]] || fail "${#jobs[@]} jobs, not one"
read -r minute hour day month weekday user command <<< "${jobs[0]}"
[[ "$minute$hour$day$month$weekday" =~ ^[0-9]+\*{4}$ ]] || fail "not a job of every hour: ${jobs[0]}"
[[ "$command" != *%* ]] || fail "cron ends a command at %"
as_cron() {
    inside setpriv --reuid="$user" --regid="$user" --init-groups \
        env -i HOME=/var/lib/notafter LOGNAME="$user" SHELL=/bin/sh "${settings[@]}" sh -c "cd; $command"
}

# A site: a certificate that ends soon, and a receiver that verifies signatures.
mkdir -p "$root/etc/notafter/pki"
issue() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj "/CN=$1" -days 10 \
        -out "$root/etc/notafter/pki/$1.pem" 2>/dev/null
}
issue soon
secret=/etc/notafter/credentials/ops.secret
inside sh -euc 'echo "whsec_$(openssl rand -base64 32)" | install -m 0640 -g notafter /dev/stdin "$0"' "$secret"
demo/receiver.py "$root$secret" "$work/port" > "$work/received" 2>&1 &
receiver=$!
# The port appears when the receiver listens.
timeout 30 sh -c 'until [ -s "$0" ]; do sleep 0.1; done' "$work/port" || fail "the receiver: $(cat "$work/received")"
cat > "$root/etc/notafter/notafter.yaml" <<YAML
state: /var/lib/notafter/notafter.db
certificates: [{ name: fleet, role: client, paths: [pki] }]
receivers:
  - name: ops
    webhook: { url: "http://127.0.0.1:$(cat "$work/port")/hook", secret_file: $secret }
route: { receivers: [ops] }
YAML
validate() { inside setpriv --reuid="$user" --regid="$user" --init-groups /usr/local/bin/notafter config validate 2>&1; }
run() {
    status=0
    as_cron > "$work/mail" 2>&1 || status=$?
}

# As documented: nothing to mail, and the messages are genuine.
if validate | grep -i warning; then fail "config validate has warnings for the documented owner and mode"; fi
run
[[ $status -eq 0 && ! -s "$work/mail" ]] || fail "the job ended with $status and mails: $(cat "$work/mail")"
grep -q 'signature verified' "$work/received" || fail "no signed message: $(cat "$work/received")"
! grep -q FORGED "$work/received" || fail "a signature is wrong"

# A secret that only root can read: the mail names the file, and the delivery waits.
chmod 0600 "$root$secret"
inside chown root:root "$secret"
issue next
run
[[ $status -eq 2 && "$(cat "$work/mail")" == *"$secret"*'Permission denied'* ]] ||
    fail "a secret of root: the job ended with $status and mails: $(cat "$work/mail")"
[[ "$(validate)" == *secret_file*'Permission denied'* ]] ||
    fail "config validate says nothing of a secret that it cannot read: $(validate)"
# One that everybody can read: a warning.
chmod 0644 "$root$secret"
[[ "$(validate)" == *warning*"$secret"*0644* ]] || fail "config validate says nothing of a secret that everybody can read: $(validate)"
# The way back, as the page has it: no file of the tarball stays.
commands=$(sed -n 's/^| tarball | `\(.*\)` |.*/\1/p' docs/install.md | sed 's/\\|/|/g; s|FILE|/tmp/*.tar.gz|')
inside sh -euc "$commands" || fail "the removal that docs/install.md describes: $commands"
[[ -z "$(find "$root/usr/local" -name '*notafter*' ! -type d)" ]] || fail "the removal left files"
echo "cron: the job runs as $user with its own settings, mails nothing when all is well, and names a secret that it cannot read"
