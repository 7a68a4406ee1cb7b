#!/bin/sh
# Writes the locks anew from pyproject.toml: names, versions and hashes for Python 3.11 to 3.13 on Linux, macOS and
# Windows; no addresses, so that a mirror serves as well as the registry.
# Usage: sh tools/lock.sh [--upgrade]
#
# Nine files, because different people wait for them:
#   requirements.lock           running a centre: what `make demo` and a server install, build backend included
#   requirements-dev.lock       the same versions, and the tools that test and check (179 MB instead of 78)
#   requirements-bench.lock     the peers that `make bench` measures beside us
#   requirements-peers.lock     peers of deduplication, which need other versions of what we use
#   requirements-peers-asreview.lock   one of them, which needs Python 3.12
#   requirements-peers-buscarpy.lock   a peer of stopping, which brings pandas and matplotlib
#   requirements-peers-meta.lock       peers of synthesis, which bring pandas and matplotlib
#   requirements-peers-screening.lock  the peer of prioritised screening, which brings scikit-learn and pandas
#   requirements-postgres.lock  a PostgreSQL server, fetched by `make test` only where the machine has none
set -eu

uv=$(command -v uv || true)
if [ -z "$uv" ]; then
  [ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet --no-input uv
  uv=.venv/bin/uv
fi

# "fewest": one version for every supported Python where one exists, so that the tests on any of them speak for all.
compile() {
  output=$1
  shift
  "$uv" pip compile --quiet --universal --python-version "${python:-3.11}" --fork-strategy fewest \
    --generate-hashes --no-annotate --no-header --output-file "$output" "$@"
}

compile requirements.lock pyproject.toml --extra postgres --group build "$@"
compile requirements-dev.lock pyproject.toml --extra postgres --group build --group dev \
  --constraint requirements.lock "$@"
compile requirements-postgres.lock --group postgres-server --no-deps "$@"
compile requirements-bench.lock --group bench --constraint requirements-dev.lock "$@"
compile requirements-peers.lock --group peers "$@"
python=3.12 compile requirements-peers-asreview.lock --group peers-asreview "$@"
compile requirements-peers-buscarpy.lock --group peers-buscarpy "$@"
compile requirements-peers-meta.lock --group peers-meta "$@"
compile requirements-peers-screening.lock --group peers-screening "$@"
