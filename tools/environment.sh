#!/bin/sh
# Makes .venv, or brings it up to a lock, then installs this checkout into it.
# Usage: sh tools/environment.sh LOCK
#
# Packages come with their hashes checked. uv installs them where it is on PATH (seconds instead of a minute);
# the environment itself has pip either way, so it goes on working without uv.
set -eu

lock=$1
venv_python=.venv/bin/python

supported() {
  "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

# Fails where no supported Python can make an environment; leaves the last supported one in $found.
make_venv() {
  found=""
  for python in ${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do
    supported "$python" || continue
    found=$python
    "$python" -m venv --clear .venv >/dev/null 2>&1 && return 0
    command -v uv >/dev/null && uv venv --quiet --clear --seed --python "$python" .venv && return 0
  done
  return 1
}

explain() {
  if [ -z "$found" ]; then
    echo "whatworks needs Python 3.11, 3.12 or 3.13 and found none${PYTHON:+ at $PYTHON}." \
      "Install one, or name it: make demo PYTHON=python3.12" >&2
  else
    echo "$found cannot make a virtual environment: its venv module is absent." \
      "On Debian or Ubuntu: apt-get install python3-venv, then run make again." >&2
  fi
  exit 1
}

install() {
  if command -v uv >/dev/null; then
    uv pip install --quiet --python "$venv_python" "$@"
  else
    "$venv_python" -m pip install --quiet --no-input --disable-pip-version-check "$@"
  fi
}

# An environment that was copied from another place still names that place in its scripts: make it anew.
if ! supported "$venv_python" || ! grep -qF "$PWD/.venv" .venv/bin/activate; then
  echo "Making .venv ..."
  if ! make_venv; then
    # A Debian machine may have Python without its venv module; root can mend that here.
    if [ -n "$found" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      sh tools/debian.sh python3-venv
      make_venv || explain
    else
      explain
    fi
  fi
fi

echo "Installing the packages of $lock, hashes checked ..."
install --require-hashes -r "$lock"
install --no-build-isolation --no-deps -e .
