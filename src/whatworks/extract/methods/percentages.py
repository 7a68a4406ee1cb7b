"""Effects from percentages with the size of each group: people are counted back, so the percentage need not be exact."""

from __future__ import annotations

import numpy as np

from whatworks.extract.methods import counts, one_group
from whatworks.extract.methods.counts import ZERO, ZERO_ONE
from whatworks.extract.methods.derived import Numbers, both_arms, derive
from whatworks.extract.methods.effect import Floats, require
from whatworks.extract.methods.formula import FORMULAE, N1, N2, Input, N
from whatworks.saying import said

HANDBOOK = "Higgins et al. (2023), Cochrane Handbook for Systematic Reviews of Interventions, 6.4"
PERCENT1 = Input("percent1", said("per cent with the outcome in the intervention group"), said("per cent"))
PERCENT2 = Input("percent2", said("per cent with the outcome in the comparison group"), said("per cent"))
PERCENT = Input("percent", said("per cent with the outcome"), said("per cent"))
OF_TWO = ("log-risk-ratio", "log-odds-ratio", "risk-difference", "peto-log-odds-ratio", "arcsine-difference")
OF_ONE = ("proportion", "log-proportion", "log-odds", "arcsine-proportion", "double-arcsine-proportion")
TEXT = "events = percentage of n, to whole people, in each group"


def people(percent: Floats, n: Floats) -> Floats:
    """The people a percentage stands for, to the nearest whole person; halves go to the even number."""
    require((percent >= 0) & (percent <= 100), percent, sentence=said("a percentage lies outside 0 to 100"))
    return np.round(percent / 100 * n)


def of_two(given: Numbers) -> Numbers:
    """Counts of two groups from their percentages."""
    return {
        name: value
        for arm in "12"
        for name, value in (
            (f"events{arm}", people(given[f"percent{arm}"], given[f"n{arm}"])),
            (f"n{arm}", given[f"n{arm}"]),
        )
    }


def of_one(given: Numbers) -> Numbers:
    """The count of one group from its percentage."""
    return {"events": people(given["percent"], given["n"]), "n": given["n"]}


_BEFORE = (counts, one_group)
for _stem in OF_TWO:
    _base = FORMULAE[f"{_stem}-from-counts"]
    _rule = (ZERO,) if any(one.name == "zero" for one in _base.inputs) else ()
    derive(
        f"{_stem}-from-percentages", _base.name, (PERCENT1, N1, PERCENT2, N2, *_rule), of_two,
        title=said("%(split)s from percentages", split=_base.title.split(' from ')[0].split(';')[0]), text=TEXT, source=HANDBOOK,
        steps=both_arms(("events# = round(percent# / 100 * n#)",)),
    )  # fmt: skip
for _stem in OF_ONE:
    _base = FORMULAE[_stem]
    _rule = (ZERO_ONE,) if any(one.name == "zero" for one in _base.inputs) else ()
    derive(
        f"{_stem}-from-percentage", _stem, (PERCENT, N, *_rule), of_one, title=said("%(title)s, from a percentage", title=_base.title),
        text=TEXT, source=HANDBOOK, steps=("events = round(percent / 100 * n)",),
    )  # fmt: skip
