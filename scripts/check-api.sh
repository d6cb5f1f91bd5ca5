#!/usr/bin/env bash
# Runs schemathesis on the API of a daemon with a certificate, an endpoint's name and a receiver: every answer to valid and to
# invalid requests must be as docs/openapi.yaml says. Takes about a minute.
#
#   scripts/check-api.sh BINARY
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
binary="$(realpath "${1:?usage: $0 BINARY}")"
tool="$(scripts/python-tool.sh schemathesis)"
work="$(mktemp -d)"
daemon=
trap '[[ -z "$daemon" ]] || kill "$daemon" 2>/dev/null || true; rm -rf "$work"' EXIT

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 10 -subj "/CN=<b>\"hostile\"" \
    -keyout "$work/key.pem" -out "$work/certificate.pem" 2>/dev/null
echo "checked" > "$work/token"
cat > "$work/notafter.yaml" <<'YAML'
certificates: [{ name: fleet, role: client, paths: [certificate.pem] }]
receivers: [{ name: ops, exec: { command: ["/bin/false"] } }]
route: { receivers: [ops] }
listen: { address: "127.0.0.1:0", token_file: token }
YAML
(cd "$work" && exec "$binary" run > log 2>&1) &
daemon=$!
for _ in $(seq 600); do
    grep -q '^pass ' "$work/log" 2>/dev/null && break
    kill -0 "$daemon" 2>/dev/null || { cat "$work/log" >&2; exit 1; }
    sleep 0.1
done
address="$(sed -n 's/^listening address=//p' "$work/log")"
[[ -n "$address" ]] || { echo "$0: the daemon does not listen:" >&2; cat "$work/log" >&2; exit 1; }

# A silence can be valid by its schema and still name no registration, or end after a year: that is 422, as described.
root="$PWD"
# schemathesis leaves its reports in the working directory.
cd "$work"
if ! PYTHONPATH="$tool" timeout 180 /usr/bin/python3 "$tool/bin/schemathesis" run "$root/docs/openapi.yaml" --url "http://$address" \
    --header "Authorization: Bearer checked" --exclude-checks positive_data_acceptance --max-examples 15 --max-time 60 \
    --generation-deterministic --generation-with-security-parameters false \
    --suppress-health-check all --no-color > "$work/report"; then
    cat "$work/report" >&2
    exit 1
fi
kill -0 "$daemon" || { echo "$0: the daemon ended:" >&2; cat "$work/log" >&2; exit 1; }
sed -n '/Test cases:/,/generated/p' "$work/report"
