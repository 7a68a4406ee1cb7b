"""Tokens on the command line: the secret is printed once, and what is wrong is one sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.integration.journey.centres import ROADS

EMAIL = "jo@fernshire.example"


def whatworks(home: Path, *arguments: str | Path) -> tuple[int, str, str]:
    """What the program prints, run as people run it, in a centre of its own."""
    environment = dict(os.environ) | {"WHATWORKS_HOME": str(home), "DATABASE_URL": ""}
    command = [sys.executable, "-m", "whatworks", *map(str, arguments)]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    return ran.returncode, ran.stdout, ran.stderr


def test_a_token_is_made_listed_and_revoked(tmp_path: Path) -> None:
    home = tmp_path / "centre"
    whatworks(home, "load", ROADS)
    whatworks(home, "add-person", EMAIL, "--role", "screener")
    made = "token", "make", EMAIL, "--name", "Script", "--scope", "screen.read", "--scope", "screen.say"
    status, out, _ = whatworks(home, *made)
    secret = out.splitlines()[0]
    assert status == 0 and secret.startswith("ww_") and "It is shown once." in out
    status, out, said = whatworks(home, *made)
    assert status == 2 and "called “Script” already" in said and "ww_" not in out
    status, out, _ = whatworks(home, "token", "list", EMAIL, "--json")
    (one,) = json.loads(out)["tokens"]
    assert (one["name"], one["scopes"], one["live"]) == ("Script", ["screen.read", "screen.say"], True)
    assert secret not in out
    status, _, said = whatworks(home, "token", "revoke", secret)
    assert status == 2 and secret not in said, "a secret in the wrong place is not printed again"
    assert whatworks(home, "token", "revoke", one["identifier"])[1] == f"{one['identifier']} is revoked.\n"
    assert "Revoked on" in whatworks(home, "token", "list")[1]
    assert "Nobody here has the address" in whatworks(home, "token", "list", "nobody@fernshire.example")[2]
