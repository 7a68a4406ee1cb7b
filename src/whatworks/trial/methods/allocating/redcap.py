"""An allocation as the table that REDCap's randomisation module takes: it looks arms up, and draws nothing itself.

Columns as in the module's own template: `redcap_randomization_number`, `redcap_randomization_group`, then the strata by the names of
their fields; a stratum called `redcap_data_access_group` is the site. Cells are the codes of the choices, not their labels.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.stats.lot import MARK, Lot
from whatworks.trial.methods.allocating.drawing import blocks
from whatworks.trial.methods.allocating.listing import NAME
from whatworks.trial.methods.allocating.publishing import rows_of
from whatworks.trial.methods.design.parts import WEDGE

NUMBER, GROUP = "redcap_randomization_number", "redcap_randomization_group"
FIELD = re.compile(r"[a-z][a-z0-9_]*")
CODE = re.compile(r"[0-9]+")
MOST = 50_000  # as many rows as REDCap's own template has at most


@dataclass(frozen=True, slots=True)
class Table:
    """`header` and `rows`, all codes; `codes`: for each column the code of each value, as the project's fields must have them."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    codes: Mapping[str, Mapping[str, str]]


def table(held: Mapping[str, Any], *, each: int = 0, codes: Mapping[str, str] | None = None) -> Table:
    """The table of a published allocation. `codes`: for each arm its code in the project; without them 1, 2 and so on.

    `each` 0: the units drawn, in the order of the list. Otherwise that many rows for every combination of strata, so that no stratum runs
    out, in blocks drawn from the same seed; the design then needs block_sizes. Raises InputError for a stepped wedge, for a stratum that
    is no name of a field, and for more than 50,000 rows.
    """
    way = held["method"]
    if way["method"] == WEDGE:
        raise InputError(said("REDCap's table is of arms; a stepped wedge has none to look up."))
    for name in way["strata"]:
        if not FIELD.fullmatch(name):
            raise InputError(
                said(
                    "“%(name)s” is no name of a field in REDCap: small letters, digits and underscores only.", name=name
                )
            )
    units = rows_of(held)
    arms = {arm["name"]: arm["parts"] for arm in way["arms"]}
    known = {GROUP: _arm_codes(list(arms), codes)}
    known |= {name: _codes([unit[name] for unit in units]) for name in way["strata"]}
    if each:
        drawn = _oversized(held, arms, [sorted(known[name]) for name in way["strata"]], each)
    else:
        drawn = [(held["allocation"][unit[NAME]], [unit[name] for name in way["strata"]]) for unit in units]
    rows = tuple(
        (
            str(number),
            known[GROUP][arm],
            *(known[name][value] for name, value in zip(way["strata"], values, strict=True)),
        )
        for number, (arm, values) in enumerate(drawn, 1)
    )
    return Table((NUMBER, GROUP, *way["strata"]), rows, known)


def _oversized(
    held: Mapping[str, Any], arms: Mapping[str, int], values: Sequence[Sequence[str]], each: int
) -> list[tuple[str, list[str]]]:
    sizes = held["method"]["block_sizes"]
    if not sizes:
        raise InputError(said("More rows than units are drawn in blocks; give [allocation] block_sizes."))
    strata = list(product(*values))
    if each < 0 or each * len(strata) > MOST:
        raise InputError(said("%(n)s rows are more than REDCap takes (50,000); ask for fewer.", n=each * len(strata)))
    lot = Lot(hashlib.sha256(MARK + b"redcap\n" + held["seed"].encode()).hexdigest())
    found: list[tuple[str, list[str]]] = []
    for stratum in strata:
        drawn = blocks([str(number) for number in range(each)], arms, sizes, lot)
        found += [(arm, list(stratum)) for arm in drawn.values()]
    return found


def _arm_codes(arms: Sequence[str], codes: Mapping[str, str] | None) -> dict[str, str]:
    found = dict(codes) if codes else {arm: str(number) for number, arm in enumerate(arms, 1)}
    if set(found) != set(arms) or len(set(found.values())) < len(found) or not all(map(CODE.fullmatch, found.values())):
        raise InputError(
            said(
                "Give each arm a code of its own, in digits, such as %(first)s=1; the arms are %(arms)s.",
                first=arms[0],
                arms=", ".join(arms),
            )
        )
    return found


def _codes(cells: Sequence[str]) -> dict[str, str]:
    """Values that are whole numbers are codes already; others are numbered from 1 in their order."""
    values = sorted(set(cells))
    if all(CODE.fullmatch(one) for one in values):
        return {one: one for one in values}
    return {one: str(number) for number, one in enumerate(values, 1)}
