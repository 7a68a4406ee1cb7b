#!/bin/sh
# Installs those of the named Debian packages that are absent. Needs root; asks nothing.
# Usage: sh tools/debian.sh PACKAGE...
set -eu

absent=""
for package in "$@"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q "ok installed" || absent="$absent $package"
done
[ -n "$absent" ] || exit 0

echo "Installing from Debian:$absent"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq </dev/null
# shellcheck disable=SC2086  # the list is meant to fall apart into words
apt-get install -y -qq --no-install-recommends $absent </dev/null >/dev/null
