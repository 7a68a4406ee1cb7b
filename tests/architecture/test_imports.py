"""What an import brings with it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.layers import HEIGHT
from tools.sources import ROOT

HEAVY = ("django", "numpy", "scipy")
NO_DOOR = {"spoken"}  # what pages call to speak the language of the centre: Django knows which that is

HELP = """
import sys
sys.argv = ["whatworks", "--help"]
from whatworks.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
"""

TELL = f"""
import sys
print("LOADED", *[name for name in {HEAVY} if name in sys.modules])
"""


def loaded(program: str) -> set[str]:
    """Which of the heavy packages a fresh Python has loaded after the program."""
    ran = subprocess.run([sys.executable, "-c", program + TELL], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return set(ran.stdout.rpartition("LOADED")[2].split())


def test_help_loads_nothing_heavy() -> None:
    """Whoever asks for help would wait for a web framework."""
    assert loaded(HELP) == set()


@pytest.mark.parametrize("module", ["whatworks", *(f"whatworks.{room}" for room in HEIGHT if room not in NO_DOOR)])
def test_no_front_door_brings_django(module: str) -> None:
    """The library must work in a notebook where no centre is set up."""
    assert "django" not in loaded(f"import {module}")


def test_a_heavy_import_is_seen() -> None:
    """The measure must be able to fail."""
    assert loaded("import numpy") == {"numpy"}


def test_every_room_is_a_folder_with_one_docstring_first() -> None:
    """A room's front door says the question it answers."""
    for room in HEIGHT:
        single, package = ROOT / f"src/whatworks/{room}.py", ROOT / f"src/whatworks/{room}/__init__.py"
        source = (single if single.exists() else package).read_text("utf-8")
        assert source.startswith('"""'), f"{room} says nothing about itself"
