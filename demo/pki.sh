#!/usr/bin/env bash
# A small private PKI made with openssl(1) in $work, for run.sh and scripts/first-minutes.sh. Dates are explicit, so that a
# certificate can be issued expired.
: "${work:?is the directory of the PKI}"

mkdir -p "$work/pki/clients"

# make_authority NAME: a self-signed CA.
make_authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3651 -subj "/O=Example/CN=$1" \
        -addext "keyUsage=critical,keyCertSign,cRLSign" -keyout "$work/pki/$1.key" -out "$work/pki/$1.pem" 2>/dev/null
    touch "$work/index.txt"
    cat > "$work/ca.conf" <<CONF
[ca]
default_ca = demo
[demo]
database = $work/index.txt
new_certs_dir = $work
rand_serial = yes
default_md = sha256
policy = anything
unique_subject = no
[anything]
commonName = supplied
[server]
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost,IP:127.0.0.1
[client]
extendedKeyUsage = clientAuth
CONF
    authority=$1
}

# issue NAME DAYS_LEFT server|client [COMMON_NAME]: a certificate with that file name. It ends at the end of a day, or, for one that
# has expired, at the beginning, so that the days left do not depend on the time of day.
issue() {
    local name=$1 days=$2 kind=$3 common_name=${4:-$1} directory=$work/pki/clients time=235959Z
    [[ $days != -* ]] || time=000000Z
    [[ $kind == client ]] || directory=$work/pki
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$common_name" \
        -keyout "$directory/$name.key" -out "$work/$name.csr" 2>/dev/null
    openssl ca -batch -notext -config "$work/ca.conf" -extensions "$kind" \
        -cert "$work/pki/$authority.pem" -keyfile "$work/pki/$authority.key" -in "$work/$name.csr" \
        -startdate "$(date -u -d '90 days ago' +%Y%m%d%H%M%SZ)" \
        -enddate "$(date -u -d "$days days" "+%Y%m%d$time")" -out "$directory/$name.pem" 2>/dev/null
}
