"""What every test gets: a home of its own, no network but loopback, fixed examples, and a browser where one is here."""

from __future__ import annotations

import os
import tempfile
from collections import Counter

import django
import django.conf
import pytest
from hypothesis import HealthCheck, settings

from tests import r

# As the command line does: two threads on a small matrix wait for each other longer than they work. Read when numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

pytest_plugins = ["tests.network", "tests.browser", "tests.database"]

# A test must never open the centre that a developer's own WHATWORKS_HOME names. Kept until the process ends, one for
# each worker.
HOME = tempfile.TemporaryDirectory(prefix="whatworks-tests-", ignore_cleanup_errors=True)

IN_CI = bool(os.environ.get("CI"))
ON_POSTGRES = os.environ.get("DATABASE_URL", "").startswith(("postgres:", "postgresql:"))
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_reset_sequences"}

# The same examples on every run, so that a failure is about the change at hand; time limits would fail on a busy
# machine. HYPOTHESIS_PROFILE=explore looks for new examples.
FIXED = {"derandomize": True, "database": None, "deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("dev", max_examples=50, **FIXED)
settings.register_profile("ci", max_examples=100, print_blob=True, **FIXED)
settings.register_profile("explore", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if IN_CI else "dev"))


def pytest_configure(config: pytest.Config) -> None:
    """Set Django up here: named in pyproject.toml, its settings would be read before the home is set."""
    if config.getoption("numprocesses", None):
        return  # the workers do the work, each in a home of its own
    os.environ |= {"WHATWORKS_HOME": HOME.name, "DJANGO_SETTINGS_MODULE": "whatworks.web.settings"}
    django.setup()
    if not ON_POSTGRES:
        # pytest-django knows Django's own SQLite backend by name, and would give each worker of ours a file beside it.
        django.conf.settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = ":memory:"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs a database or a browser, and leave out what belongs to the other database."""
    other = "sqlite" if ON_POSTGRES else "postgres"
    chosen, left_out = [], []
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker("database")
        if "chromium_path" in fixtures:
            item.add_marker("browser")
        needs_r = item.get_closest_marker("r") is not None and not r.runs()
        (left_out if needs_r or item.get_closest_marker(other) else chosen).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = chosen


def _skipped(config: pytest.Config) -> Counter[str]:
    """How many tests were skipped, for each reason."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    reports = reporter.stats.get("skipped", []) if reporter else []
    return Counter(
        str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr) for report in reports
    )


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In continuous integration a test that was skipped is a failure: nothing is left out there unnoticed."""
    if IN_CI and session.exitstatus == pytest.ExitCode.OK and _skipped(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """One loud line for each part that could not run."""
    for reason, count in _skipped(config).items():
        line = f"!!! NOT RUN: {count} tests: {reason.removeprefix('Skipped: ')}"
        terminalreporter.write_line(line + (" (a failure, because CI is set)" if IN_CI else ""), red=True, bold=True)
