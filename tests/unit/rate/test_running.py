"""A stored rating names its scheme and version; that is enough to work it out again, and needs no Django."""

from __future__ import annotations

import subprocess
import sys

import pytest

import whatworks.rate
from whatworks.errors import InputError
from whatworks.rate import evaluate, load_scheme, run_scheme

NOTHING = {"n_rows_held": 0, "searched": False}


def test_it_runs_the_version_that_is_named() -> None:
    """Verification compares this with what was stored."""
    assert run_scheme("outcome-state", "1", NOTHING) == evaluate(load_scheme("outcome-state", 1), NOTHING).to_dict()


@pytest.mark.parametrize("version", ["one", "", "1.0", "99"])
def test_a_version_that_is_not_held_is_refused(version: str) -> None:
    """Falling back to the newest would call a new answer the stored one."""
    with pytest.raises(InputError, match="version"):
        run_scheme("outcome-state", version, NOTHING)


def test_the_front_door_keeps_its_promises() -> None:
    """Every name it offers is there, and no other."""
    assert all(hasattr(whatworks.rate, name) for name in whatworks.rate.__all__)
    with pytest.raises(AttributeError, match="no attribute 'rating'"):
        _ = whatworks.rate.rating


def test_rating_needs_no_django() -> None:
    """The mathematics must run in a notebook."""
    code = "import sys; from whatworks.rate import *; assert 'django' not in sys.modules"
    assert (
        subprocess.run([sys.executable, "-c", code], check=False, env={"PYTHONPATH": ":".join(sys.path)}).returncode
        == 0
    )
