# `make demo` shows a centre at work; `make test` shows that it works. `make help` lists the rest.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo serve test check bench oracles docs lock clean

PYTHON ?=
export PYTHON

VENV_PYTHON := .venv/bin/python
# Stamps inside the environment: removing .venv removes them too, and a second run has nothing to do.
RUNTIME := .venv/.installed-runtime
DEV := .venv/.installed-dev
BENCH := .venv/.installed-bench

# A checkout that was copied has an environment that still points at the original: bring it up anew.
ifeq ($(shell grep -sc "$(CURDIR)/.venv" .venv/bin/activate),0)
$(shell rm -f $(RUNTIME) $(DEV) $(BENCH))
endif

# Continuous integration must come to an end: there the demonstration prints and stops.
ifneq ($(CI),)
export NO_SERVE ?= 1
endif

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

demo: $(RUNTIME) ## build the centre that ships, print what it found, and serve it (NO_SERVE=1: stop after printing)
	@.venv/bin/whatworks demo

serve: $(RUNTIME) ## serve the centre in ./centre (or WHATWORKS_HOME)
	@.venv/bin/whatworks serve

test: $(DEV) ## run every test, on SQLite and on PostgreSQL, in a real browser (ARGS="tests/unit -k tau" for a part)
	@$(VENV_PYTHON) -m tools.run_tests $(ARGS)

check: $(DEV) ## format, lint, types, layers, migrations, links, words, documentation
	$(VENV_PYTHON) -m ruff format --check .
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m mypy
	.venv/bin/lint-imports
	$(VENV_PYTHON) -m tools.migrations
	$(VENV_PYTHON) -m tools.links
	$(VENV_PYTHON) -m tools.words
	@$(MAKE) --no-print-directory docs

bench: $(BENCH) ## measure speed and quality, side by side with peers (all of benches/, or ARGS="ranking stopping")
	@failed=; for bench in $(or $(ARGS),$(basename $(notdir $(wildcard benches/[a-z]*.py)))); do \
		echo "== $$bench"; $(VENV_PYTHON) -m benches.$$bench || failed="$$failed $$bench"; \
	done; [ -z "$$failed" ] || { echo "These ended badly or missed a goal:$$failed"; exit 1; }

docs: $(DEV) ## build the documentation into docs/_build/html, every warning an error
	$(VENV_PYTHON) -m sphinx -W --keep-going -q -b html docs docs/_build/html

lock: $(DEV) ## write the locks anew from pyproject.toml (ARGS=--upgrade takes newer versions)
	@sh tools/lock.sh $(ARGS)

clean: ## remove the environment and everything built; never a centre
	rm -rf .venv build dist docs/_build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): requirements.lock pyproject.toml tools/environment.sh
	@sh tools/environment.sh requirements.lock
	@touch $@

# The larger lock holds the smaller, so it fulfils both stamps.
$(DEV): requirements-dev.lock pyproject.toml tools/environment.sh
	@sh tools/environment.sh requirements-dev.lock
	@touch $(RUNTIME) $@

$(BENCH): $(DEV) requirements-bench.lock
	@$(VENV_PYTHON) -m pip install --quiet --no-input --disable-pip-version-check --require-hashes --no-deps -r requirements-bench.lock
	@touch $@
