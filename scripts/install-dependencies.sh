#!/usr/bin/env bash
# Installs the Debian packages that notafter needs and that are missing. A second run is instant and offline.
#
#   scripts/install-dependencies.sh build    to compile it
#   scripts/install-dependencies.sh test     to compile, test and demonstrate it
#   scripts/install-dependencies.sh packages to build and check packages of a built command
set -euo pipefail

# A package with the command that it is needed for, if any. A command from elsewhere is accepted as well.
build_packages=(
    "libssl-dev" "libcurl4-openssl-dev" "libsqlite3-dev" "pkg-config:pkg-config" "git:git" "ca-certificates" "python3-markdown-it"
)
test_packages=(
    "nginx-light:nginx" "openssl:openssl" "curl:curl" "strace:strace" "python3:python3" "procps:ps" "systemd:systemd-analyze"
    "golang-cfssl:cfssl" "gnutls-bin:certtool" "python3-pyjks" "python3-icalendar" "apache2-bin:apache2" "haproxy:haproxy"
    "easy-rsa" "python3-aiosmtpd" "prometheus-alertmanager:prometheus-alertmanager"
    "stunnel4:stunnel4" "postgresql" "util-linux:setpriv" "golang-go:go" "mariadb-server-core:mariadbd"
    "prometheus:promtool" "prometheus-node-exporter:prometheus-node-exporter" "python3-prometheus-client"
    "python3-html5lib" "python3-jsonschema" "python3-yaml"
    "softhsm2:softhsm2-util" "libengine-pkcs11-openssl" "opensc-pkcs11" "python3-pip" "valgrind:valgrind" "binutils:strip" "tmux:tmux"
)
package_packages=(
    "dpkg-dev:dpkg-buildpackage" "debhelper:dh" "lintian:lintian" "debootstrap:debootstrap" "mandoc:mandoc" "python3-markdown-it"
    "shellcheck:shellcheck" "bash-completion" "fish:fish" "zsh:zsh" "openssl:openssl" "systemd:systemd-analyze" "util-linux:setpriv"
    "buildah:buildah" "bubblewrap:bwrap" "systemd-container:systemd-nspawn" "python3-pip" "binutils:readelf" "nginx-light:nginx"
)

case "${1:-}" in
    build) wanted=("${build_packages[@]}") ;;
    test) wanted=("${build_packages[@]}" "${test_packages[@]}") ;;
    packages) wanted=("${package_packages[@]}") ;;
    *) echo "usage: $0 build|test|packages" >&2; exit 64 ;;
esac

# The official library of Standard Webhooks, with which a test verifies messages. Debian has no package for it. Its
# verification needs only Python.
python_libraries="$(dirname "${BASH_SOURCE[0]}")/../.build/python"
install_python_libraries() {
    [[ "$1" == test ]] || return 0
    [[ -e "$python_libraries/standardwebhooks/__init__.py" ]] && return 0
    echo "Installing standardwebhooks" >&2
    /usr/bin/python3 -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
        --target "$python_libraries" --requirement "$(dirname "${BASH_SOURCE[0]}")/python-requirements.txt"
}

# Debian installs nginx in a directory that is only in root's PATH.
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

is_installed() {
    [[ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]
}

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "Not Debian: please see to the equivalents of ${wanted[*]%%:*}" >&2
    install_python_libraries "$1"
    exit 0
fi

missing=()
for entry in "${wanted[@]}"; do
    package="${entry%%:*}"
    tool="${entry#"$package"}"
    if [[ -n "$tool" ]] && command -v "${tool#:}" >/dev/null; then continue; fi
    is_installed "$package" || missing+=("$package")
done
if [[ ${#missing[@]} -eq 0 ]]; then
    install_python_libraries "$1"
    exit 0
fi

as_root=()
if [[ $EUID -ne 0 ]]; then
    if ! command -v sudo >/dev/null; then
        echo "Missing packages, and no sudo to install them with. As root: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi
run() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive "$@"; }

# Debian starts a server when it is installed. Only nginx's program is needed here, and nothing on port 80.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" install -m 0755 /dev/stdin "$policy"
fi

echo "Installing ${missing[*]}" >&2
run apt-get update --quiet --quiet
run apt-get install --quiet --yes --no-install-recommends "${missing[@]}"
install_python_libraries "$1"
