"""Commands on plain files need no centre: they start no web framework and leave nothing behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

RUN = """
import sys
from whatworks.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print("LOADED", *[name for name in ("django", "numpy", "pydantic") if name in sys.modules], file=sys.stderr)
"""
RIS = "TY  - JOUR\nTI  - A trial\nAU  - Somebody, A.\nPY  - 2020\nER  - \n"
FILES = {
    "counts.csv": "ai,n1i,ci,n2i\n9,80,16,82\n5,60,9,61\n",
    "effects.csv": "yi,vi\n-0.1,0.02\n0.2,0.03\n0.1,0.01\n",
    "export.ris": RIS,
}
COMMANDS = {
    "help": ["--help"],
    "effect": ["effect", "RR", "counts.csv", "--json"],
    "pool": ["pool", "effects.csv", "--json"],
    "read": ["read", "export.ris", "--json"],
}
KEYS = {
    "effect": {"yi", "vi"},
    "pool": {"k", "estimate", "ci_low", "tau2"},
    "read": {"records"},
    "dedupe": {"clusters"},
}


@pytest.mark.parametrize("name", COMMANDS)
def test_it_runs_without_django_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    for file, text in FILES.items():
        (tmp_path / file).write_text(text)
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("WHATWORKS_", "DJANGO_"))}
    command = [sys.executable, "-c", RUN, *COMMANDS[name]]
    ran = subprocess.run(command, env=ours, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    loaded = ran.stderr.rpartition("LOADED")[2].split()
    assert "django" not in loaded
    assert name != "help" or loaded == [], "asking for help must not wait for mathematics"
    if name in KEYS:
        assert KEYS[name] <= set(json.loads(ran.stdout))
    assert {one.name for one in tmp_path.iterdir()} == set(FILES)
