"""Does an entry look implausible? Each alarm is a sentence that says what, and what it may be.

An alarm never changes a number and never stops anybody: `stop` means the numbers cannot all be true as entered,
`check` that they seldom are, `note` that the reader should know.

>>> for alarm in alarms({"mean1": "12.1", "sd1": "0.9", "n1": 40, "mean2": "9.4", "sd2": "0.8", "n2": 38}):
...     print(alarm.severity, alarm.code)
check large-effect
check sd-or-se
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from whatworks.extract.methods import alarm_checks, contradictions
from whatworks.extract.methods.entered import Alarm, Direction, read

CHECKS = (*alarm_checks.CHECKS, *contradictions.CHECKS)
ORDER = ("stop", "check", "note")


def alarms(
    inputs: Mapping[str, Any],
    *,
    formula: str = "",
    metric: str | None = None,
    direction: Direction | None = None,
    whole_numbers: bool = False,
    items: int = 1,
    scale: tuple[float, float] | None = None,
) -> tuple[Alarm, ...]:
    """Everything implausible about an entry, the worst first; empty where nothing is.

    inputs: names as the formulae have them; a number given as text keeps its printed decimals ("4.50" has two), which
    the rounding checks need. Beyond a formula's own inputs they may hold what else is printed: n_randomised1 and 2, se,
    p, t, low, high, n1, n2, icc, r, standard deviations. formula: the one chosen, else the best that fits (for metric,
    where given). direction: whether the text says the intervention group came out higher, lower or the same.
    whole_numbers, items and scale: the outcome is a whole number (the mean of so many items) between two ends. Raises
    InputError for a number that is none.
    """
    entry = read(inputs, formula, metric, direction, whole_numbers, items, scale)
    found = [alarm for check in CHECKS for alarm in check(entry)]
    return tuple(sorted(found, key=lambda alarm: ORDER.index(alarm.severity)))
