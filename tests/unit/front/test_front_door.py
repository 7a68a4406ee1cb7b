"""`import whatworks as ww`: every promised name is there, and none of them brings Django in."""

from __future__ import annotations

import subprocess
import sys

import pytest

import whatworks as ww


@pytest.mark.parametrize("name", ww.__all__)
def test_every_name_leads_somewhere(name: str) -> None:
    assert getattr(ww, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = ww.nonsense


def test_no_name_brings_django_in() -> None:
    program = "import sys, whatworks as ww; [getattr(ww, n) for n in ww.__all__]; print('django' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_a_pool_in_two_lines() -> None:
    effects = ww.measure(
        "RR", {"ai": [61, 109, 65], "n1i": [172, 275, 205], "ci": [55, 48, 37], "n2i": [171, 167, 144]}
    )
    # Computed with metafor 3.8-1 for the three sites of the 2002 evaluation, printed to 13 digits.
    assert ww.pool(effects.yi, effects.vi).estimate == pytest.approx(0.2145619898379, rel=1e-10)
