"""Settings are safe by default, and production refuses what is unsafe in one sentence that says which."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.journey.centres import ROADS
from whatworks.errors import InputError
from whatworks.web.secrets import secret_key

SAFE = {
    "WHATWORKS_MODE": "production",
    "WHATWORKS_URL": "https://evidence.example.org",
    "WHATWORKS_SECRET_KEY": "k" * 50,
}
TOLD = (
    "DEBUG", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS",
    "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "SESSION_COOKIE_HTTPONLY",
)  # fmt: skip
TELL = f"""
import django, json; django.setup()
from django.conf import settings
print(json.dumps({{name: getattr(settings, name) for name in {TOLD}}}))
"""


def environment(home: Path, **given: str) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("WHATWORKS_", "DATABASE_URL"))}
    return ours | {"WHATWORKS_HOME": str(home), "DJANGO_SETTINGS_MODULE": "whatworks.web.settings"} | given


def run(home: Path, *arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=environment(home, **given), capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"WHATWORKS_URL": "http://evidence.example.org"}, "Production needs WHATWORKS_URL with https"),
        ({"WHATWORKS_URL": ""}, "Production needs WHATWORKS_URL with https"),
        ({"WHATWORKS_SECRET_KEY": ""}, "Production needs WHATWORKS_SECRET_KEY (50 random characters or more)"),
        ({"WHATWORKS_SECRET_KEY": "short"}, "WHATWORKS_SECRET_KEY has 5 characters; production needs 50 or more."),
        ({"DATABASE_URL": "mysql://localhost/centre"}, "DATABASE_URL must start with postgresql://"),
    ],
)
def test_production_refuses_what_is_unsafe_in_one_sentence(tmp_path: Path, change: dict[str, str], says: str) -> None:
    ran = run(tmp_path, "-m", "whatworks", "load", str(ROADS), **(SAFE | change))
    assert ran.returncode == 2
    assert ran.stderr.startswith(f"whatworks: {says}"), ran.stderr
    assert ran.stderr.count("\n") == 1 and ran.stdout == ""
    assert "short" not in ran.stderr, "a secret must not be printed"


def test_production_as_it_should_be(tmp_path: Path) -> None:
    told = json.loads(run(tmp_path, "-c", TELL, **SAFE).stdout)
    assert not told["DEBUG"]
    assert told["SESSION_COOKIE_SECURE"] and told["CSRF_COOKIE_SECURE"] and told["SECURE_SSL_REDIRECT"]
    assert told["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert told["ALLOWED_HOSTS"][0] == "evidence.example.org" and "*" not in told["ALLOWED_HOSTS"]
    assert told["CSRF_TRUSTED_ORIGINS"] == ["https://evidence.example.org"]
    assert not (tmp_path / "secret_key").exists(), "a key given in the environment is not written down"


def test_a_laptop_needs_no_settings_and_shows_no_tracebacks(tmp_path: Path) -> None:
    told = json.loads(run(tmp_path, "-c", TELL).stdout)
    assert not told["DEBUG"] and told["SESSION_COOKIE_HTTPONLY"]
    assert set(told["ALLOWED_HOSTS"]) <= {"127.0.0.1", "localhost", "[::1]"}


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    home = tmp_path / "new" / "centre"
    key = secret_key(home)
    assert stat.S_IMODE((home / "secret_key").stat().st_mode) == 0o600
    assert len(key) >= 50
    assert secret_key(home) == key != secret_key(tmp_path / "other")


@pytest.mark.skipif(os.name != "posix", reason="file modes are those of POSIX")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o601])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    secret_key(tmp_path)
    (tmp_path / "secret_key").chmod(mode)
    with pytest.raises(InputError, match=r"can be read by others; run: chmod 600"):
        secret_key(tmp_path)
