#!/bin/sh
# Makes the secrets of compose.yaml in the folder `secrets`, each of its own random bytes. Keeps the
# files that are there. The folder is closed to other users of the machine; the files in it are open,
# because containers read them under user ids of their own.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p secrets
chmod 0700 secrets
umask 022

make() {
  [ -s "secrets/$1" ] && return
  file=$1
  shift
  "$@" > "secrets/$file.draft"
  mv "secrets/$file.draft" "secrets/$file"
}

make postgres-password openssl rand -hex 24
make moa-password openssl rand -hex 24
make grafana-password openssl rand -hex 24
make signing-key.pem openssl genpkey -algorithm ed25519
make log-key.pem openssl genpkey -algorithm ed25519
make moa.env printf 'DATABASE_URL=postgres://moa:%s@postgres/moa\n' "$(cat secrets/moa-password)"
