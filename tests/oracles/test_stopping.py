"""The every-urn test against buscarpy 0.0.2, by the authors of the method, on four hundred pinned label orders."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from whatworks.screen.methods.urns import least_missing, p_value

CASES = json.loads(Path(__file__).with_name("from_buscarpy.json").read_text(encoding="utf-8"))["cases"]
TOLERANCE = 1e-12  # both sum exact terms in doubles; a few hundred terms lose two digits of sixteen at most


def test_p_is_that_of_the_authors() -> None:
    compared = 0
    for case in CASES:
        if case["p"] is not None:
            p = p_value(np.array(list(map(int, case["labels"]))), case["total"], case["target"])
            assert p == pytest.approx(case["p"], abs=TOLERANCE), case
            compared += 1
    assert compared > 350


def test_where_the_authors_have_no_number_the_hypothesis_is_impossible() -> None:
    empty = [case for case in CASES if case["p"] is None]
    assert empty
    for case in empty:
        labels = np.array(list(map(int, case["labels"])))
        assert least_missing(int(labels.sum()), case["target"]) > case["total"] - labels.size
        assert p_value(labels, case["total"], case["target"]) == 0
