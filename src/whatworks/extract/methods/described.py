"""Effects from whatever a report prints of each group instead of a standard deviation.

The variance is that of the formula for means, as if the standard deviations had been printed: what is lost in going
back from quartiles or extremes is not in it, so such a study counts for a little more than it should.
"""

from __future__ import annotations

from dataclasses import dataclass

from whatworks.extract.methods import means
from whatworks.extract.methods.derived import Numbers, arm, both_arms, derive
from whatworks.extract.methods.effect import Floats
from whatworks.extract.methods.formula import Input
from whatworks.extract.methods.summaries import (
    HOZO,
    LUO,
    WAN,
    from_five,
    from_quartiles,
    from_range,
    in_order,
    sd_from_interval,
    sd_from_standard_error,
    tail_of_extremes,
    tail_of_quartiles,
)
from whatworks.saying import filled, said

HANDBOOK = "Higgins et al. (2023), Cochrane Handbook for Systematic Reviews of Interventions, 6.5.2"
GROUPS = {1: said("intervention group"), 2: said("comparison group")}
UNIT = said("units of the outcome")
WORDS = {
    "mean": said("mean of the %(group)s"),
    "se": said("standard error of the mean of the %(group)s"),
    "low": said("lower limit of the interval of the mean of the %(group)s"),
    "high": said("upper limit of the interval of the mean of the %(group)s"),
    "median": said("median of the %(group)s"),
    "lower": said("lower quartile of the %(group)s"),
    "upper": said("upper quartile of the %(group)s"),
    "minimum": said("smallest value in the %(group)s"),
    "maximum": said("largest value in the %(group)s"),
    "n": said("people analysed in the %(group)s"),
}
LEVEL = Input("level", said("confidence level of the interval"), default=0.95)
DISTRIBUTION = Input(
    "distribution", said("the interval was made with t (usual) or the normal"), choices=("t", "normal")
)
RANGE_METHOD = Input("method", said("way back: luo (Luo 2018, spread by Wan 2014), wan (2014), hozo (2005)"),
                     choices=("luo", "wan", "hozo"))  # fmt: skip
METHOD = Input("method", said("way back: luo (Luo 2018, spread by Wan 2014) or wan (Wan 2014)"), choices=("luo", "wan"))
QUARTILE_POINT = "probit((0.75 * n# - 0.125) / (n# + 0.25))"
EXTREME_POINT = "probit((n# - 0.375) / (n# + 0.25))"


@dataclass(frozen=True, slots=True)
class Way:
    """One kind of printed summary: the inputs of a group, options for both, words, source, and steps per group."""

    title: str
    of_group: tuple[str, ...]
    options: tuple[Input, ...]
    text: str
    source: str
    steps: tuple[str, ...]

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The inputs of both groups, and the options."""
        groups = [
            Input(f"{name}{number}", filled(WORDS[name], group=group), said("people") if name == "n" else UNIT)
            for number, group in GROUPS.items()
            for name in self.of_group
        ]
        return (*groups, *self.options)


WAYS = {
    "standard-errors": Way(
        said("means and their standard errors"), ("mean", "se", "n"), (), "sd = se sqrt(n) in each group", HANDBOOK,
        ("sd# = se# * sqrt(n#)",),
    ),
    "intervals": Way(
        said("means and their intervals"), ("mean", "low", "high", "n"), (LEVEL, DISTRIBUTION),
        "sd = sqrt(n) (high - low) / (2 c) in each group, c the point of t with n - 1 degrees of freedom or of the normal",
        HANDBOOK,
        (
            "[distribution=t] sd# = sqrt(n#) * (high# - low#) / (2 * t(1 - level, n# - 1))",
            "[distribution=normal] sd# = sqrt(n#) * (high# - low#) / (2 * z(1 - level))",
        ),
    ),
    "means-and-quartiles": Way(
        said("means and quartiles"), ("mean", "lower", "upper", "n"), (),
        "sd = (q3 - q1) / (2 z((0.75 n - 0.125) / (n + 0.25))) in each group", WAN,
        (f"sd# = (upper# - lower#) / (2 * {QUARTILE_POINT})",),
    ),
    "means-and-ranges": Way(
        said("means and ranges"), ("mean", "minimum", "maximum", "n"), (),
        "sd = (max - min) / (2 z((n - 0.375) / (n + 0.25))) in each group", WAN,
        (f"sd# = (maximum# - minimum#) / (2 * {EXTREME_POINT})",),
    ),
    "quartiles": Way(
        said("medians and quartiles"), ("lower", "median", "upper", "n"), (METHOD,),
        "mean = w (q1 + q3) / 2 + (1 - w) median with w = 0.7 + 0.39 / n (wan: w = 2/3), "
        "sd = (q3 - q1) / (2 z((0.75 n - 0.125) / (n + 0.25))) in each group", f"{LUO}; {WAN}",
        (
            "[method=luo] w# = 0.7 + 0.39 / n#",
            "[method=wan] w# = 2 / 3",
            "mean# = w# * (lower# + upper#) / 2 + (1 - w#) * median#",
            f"sd# = (upper# - lower#) / (2 * {QUARTILE_POINT})",
        ),
    ),
    "ranges": Way(
        said("medians and ranges"), ("minimum", "median", "maximum", "n"), (RANGE_METHOD,),
        "mean = w (min + max) / 2 + (1 - w) median with w = 4 / (4 + n^0.75) (wan: w = 1/2), "
        "sd = (max - min) / (2 z((n - 0.375) / (n + 0.25))) in each group (hozo: their rules by the group's size)",
        f"{LUO}; {WAN}; {HOZO}",
        (
            "[method=luo] w# = 4 / (4 + n#^0.75)",
            "[method=wan] w# = 1 / 2",
            "[method=luo] mean# = w# * (minimum# + maximum#) / 2 + (1 - w#) * median#",
            "[method=wan] mean# = w# * (minimum# + maximum#) / 2 + (1 - w#) * median#",
            "[method=hozo] mean# = hozo_mean(minimum#, median#, maximum#, n#)",
            f"[method=luo] sd# = (maximum# - minimum#) / (2 * {EXTREME_POINT})",
            f"[method=wan] sd# = (maximum# - minimum#) / (2 * {EXTREME_POINT})",
            "[method=hozo] sd# = hozo_sd(minimum#, median#, maximum#, n#)",
        ),
    ),
    "five-numbers": Way(
        said("medians, quartiles and ranges"), ("minimum", "lower", "median", "upper", "maximum", "n"), (METHOD,),
        "mean = u (min + max) / 2 + w (q1 + q3) / 2 + (1 - u - w) median with u = 2.2 / (2.2 + n^0.75), "
        "w = 0.7 - 0.72 / n^0.55 (wan: u = 1/4, w = 1/2), sd = (max - min) / (4 z((n - 0.375) / (n + 0.25))) "
        "+ (q3 - q1) / (4 z((0.75 n - 0.125) / (n + 0.25))) in each group", f"{LUO}; {WAN}",
        (
            "[method=luo] u# = 2.2 / (2.2 + n#^0.75)",
            "[method=luo] w# = 0.7 - 0.72 / n#^0.55",
            "[method=wan] u# = 1 / 4",
            "[method=wan] w# = 1 / 2",
            "mean# = u# * (minimum# + maximum#) / 2 + w# * (lower# + upper#) / 2 + (1 - u# - w#) * median#",
            f"sd# = (maximum# - minimum#) / (4 * {EXTREME_POINT}) + (upper# - lower#) / (4 * {QUARTILE_POINT})",
        ),
    ),
}  # fmt: skip
BASES = {
    "mean-difference": ("mean-difference", said("Difference in means")),
    "hedges-g": ("hedges-g-from-means", said("Hedges' g, exact small-sample factor,")),
    "log-ratio-of-means": ("log-ratio-of-means", said("Ratio of means")),
}


def mean_and_sd(way: str, given: Numbers, number: int) -> tuple[Floats, Floats]:
    """The mean and standard deviation of one group by one way back."""
    n = given[f"n{number}"]
    numbers = arm(given, number, *WAYS[way].of_group)
    if way == "standard-errors":
        return numbers[0], sd_from_standard_error(numbers[1], n)
    if way == "intervals":
        in_order(numbers[1], numbers[0], numbers[2])
        return numbers[0], sd_from_interval(numbers[1], numbers[2], n, given["level"], given["distribution"])
    if way in ("means-and-quartiles", "means-and-ranges"):
        in_order(numbers[1], numbers[2])
        tail = tail_of_quartiles(n) if way == "means-and-quartiles" else tail_of_extremes(n)
        return numbers[0], (numbers[2] - numbers[1]) / (2 * tail)
    method: str = given["method"]
    if way == "quartiles":
        return from_quartiles(*numbers, method=method)
    return from_range(*numbers, method=method) if way == "ranges" else from_five(*numbers, method=method)


def enter(stem: str, way: str) -> None:
    """Enter the formula of one effect from one kind of summary in the register."""
    base, title = BASES[stem]
    kind = WAYS[way]

    def before(given: Numbers) -> Numbers:
        found: Numbers = {}
        for number in GROUPS:
            mean, sd = mean_and_sd(way, given, number)
            found |= {f"mean{number}": mean, f"sd{number}": sd, f"n{number}": given[f"n{number}"]}
        return found

    derive(
        f"{stem}-from-{way}", base, kind.inputs, before, title=said("%(title)s from %(kind)s", title=title, kind=kind.title),
        text=kind.text, source=kind.source, steps=both_arms(kind.steps),
    )  # fmt: skip


_BEFORE = means  # the formulae for means must be in the register first
for _stem in BASES:
    for _way in WAYS:
        enter(_stem, _way)
