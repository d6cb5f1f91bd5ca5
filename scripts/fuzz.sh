#!/usr/bin/env bash
# Feeds the decoder with what libFuzzer makes of one small file of each format, under AddressSanitizer and LeakSanitizer.
#
#   scripts/fuzz.sh SECONDS
#
# What it learns stays in .build/fuzz/corpus; an input that fails is left beside it, as crash-… or timeout-….
set -euo pipefail
seconds="${1:?usage: $0 SECONDS}"
scratch=.build/fuzz
corpus="$scratch/corpus"

NOTAFTER_FUZZ=1 swift build --configuration release --product FuzzDecoding --scratch-path "$scratch" \
    --sanitize fuzzer -Xswiftc -sanitize=fuzzer,address

work="$(mktemp --directory)"
trap 'rm -rf "$work"' EXIT
mkdir --parents "$corpus"

# A seed's first byte says whether there is a passphrase: 0 is even, and means that there is.
seed() { { printf '\0'; cat; } >"$corpus/seed-$1"; }

(
    cd "$work"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout key.pem -out ca.pem -days 30 -subj /CN=a
    openssl x509 -in ca.pem -outform DER -out ca.der
    openssl crl2pkcs7 -nocrl -certfile ca.pem -outform DER -out bag.p7b
    openssl cms -sign -stream -nodetach -outform DER -in key.pem -signer ca.pem -inkey key.pem -out signed.p7m
    openssl pkcs12 -export -in ca.pem -inkey key.pem -iter 1 -passout pass:changeit -out modern.p12
    openssl pkcs12 -export -in ca.pem -inkey key.pem -iter 1 -passout pass: -legacy -out legacy.p12
    : >index.txt
    printf '[ca]\ndefault_ca=a\n[a]\ndatabase=index.txt\ndefault_md=sha256\n' >ca.cnf
    openssl ca -gencrl -config ca.cnf -cert ca.pem -keyfile key.pem -crldays 7 -out ca.crl
    base64 --wrap=0 ca.pem | sed 's/.*/ca: &\n/' >kubeconfig
    python3 -c 'import json; print(json.dumps({"cert": open("ca.pem").read()}))' >ca.json
    base64 ca.der >ca.b64
    # JCEKS of version 2 with one certificate; the digest at its end is none.
    {
        printf '\xce\xce\xce\xce\0\0\0\2\0\0\0\1\0\0\0\2\0\1a\0\0\0\0\0\0\0\0\0\5X.509\0\0'
        printf "%04x" "$(stat --format=%s ca.der)" | python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(input()))'
        cat ca.der
        head --bytes=20 /dev/zero
    } >ca.jceks
) 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
for file in ca.pem ca.der bag.p7b signed.p7m modern.p12 legacy.p12 ca.crl kubeconfig ca.json ca.b64 ca.jceks; do
    seed "$file" <"$work/$file"
done

"$scratch/release/FuzzDecoding" -max_total_time="$seconds" -max_len=16384 -timeout=20 -rss_limit_mb=2048 \
    -artifact_prefix="$scratch/" -print_final_stats=1 "$corpus"
