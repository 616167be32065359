#!/usr/bin/env bash
# Installs the Debian packages that Groundswell needs to build and to run its private servers.
#
# Quick and without network when nothing is missing. The system's own services are left alone: a server that comes with
# a package is neither started now nor at the next boot, and no PostgreSQL cluster is made.
set -euo pipefail

packages=(
    # To build: what a Swift toolchain expects of the system, and the C libraries.
    binutils git libc6-dev libcld2-dev libcurl4-openssl-dev libedit2 libgcc-12-dev libhiredis-dev libncurses6
    libopenblas-dev libpq-dev libsqlite3-0 libstdc++-12-dev libxml2 libzstd-dev make pkg-config tzdata unzip zlib1g-dev
    # To run: the private servers, and setpriv, by which PostgreSQL runs without root.
    postgresql-15 postgresql-15-hll postgresql-client-15 redis-server redis-tools util-linux
)

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2> /dev/null)" = installed ]; }

if ! command -v dpkg-query > /dev/null || ! command -v apt-get > /dev/null; then
    echo "packages: this is no Debian; install what corresponds to: ${packages[*]}" >&2
    exit 1
fi

missing=()
for package in "${packages[@]}"; do
    installed "$package" || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
    echo "==> packages: all ${#packages[@]} are installed"
    exit 0
fi
echo "==> packages: installing ${missing[*]}"

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo > /dev/null; then
        echo "packages: neither root nor sudo; as root run: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi

# While packages are configured, every request to start a service is refused (101: "not allowed by policy").
policy=/usr/sbin/policy-rc.d
made_policy=no
cluster_settings=/etc/postgresql-common/createcluster.conf
changed_settings=no
restore() {
    if [ $made_policy = yes ]; then "${as_root[@]}" rm -f "$policy"; fi
    # The next PostgreSQL that somebody installs on purpose gets its cluster as usual.
    if [ $changed_settings = yes ]; then
        "${as_root[@]}" sed -i 's/^create_main_cluster = false  # groundswell$/#create_main_cluster = true/' "$cluster_settings"
    fi
}
trap restore EXIT
if [ ! -e "$policy" ]; then
    made_policy=yes
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" > /dev/null
    "${as_root[@]}" chmod 755 "$policy"
fi

apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -q -y -o DPkg::Lock::Timeout=300 "$@"; }
fail() {
    echo "packages: $1; the lines above say why. Needed: ${missing[*]}" >&2
    exit 1
}

apt update || fail 'apt-get update failed'
if ! installed postgresql-common && [[ " ${missing[*]} " = *' postgresql-15 '* ]]; then
    apt install --no-install-recommends postgresql-common || fail 'apt-get install failed'
    changed_settings=yes
    "${as_root[@]}" sed -i 's/^#\?create_main_cluster *=.*/create_main_cluster = false  # groundswell/' "$cluster_settings"
fi
apt install --no-install-recommends "${missing[@]}" || fail 'apt-get install failed'

# Debian enables a fresh Redis for the next boot; nobody asked for that.
if [[ " ${missing[*]} " = *' redis-server '* ]]; then
    "${as_root[@]}" deb-systemd-helper disable redis-server.service > /dev/null 2>&1 || true
    "${as_root[@]}" update-rc.d redis-server disable > /dev/null 2>&1 || true
fi
echo "==> packages: installed"
