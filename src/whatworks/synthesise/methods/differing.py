"""Do effects differ with what studies have in common? One declared moderator at a time: groups side by side, or a slope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from whatworks.errors import InputError
from whatworks.saying import said
from whatworks.synthesise.methods.coded import CodedItem, parts_of
from whatworks.synthesise.methods.plan import MODERATORS, moderator
from whatworks.synthesise.methods.running import ALONE, several

if TYPE_CHECKING:
    from whatworks.synthesise.methods.multilevel.result import Multilevel

NUMBERS = {"months": "months"}  # moderators that are numbers, with their unit; the others are words
UNKNOWN = "not recorded"
FEWEST = 4  # results: below that a difference and what is left over cannot both be told
# Fewer studies than this say little of a slope, or of a group. Cochrane Handbook 10.11.4 has ten for a regression.
FEW_FOR_SLOPE, FEW_IN_GROUP = 10, 4
NAMED = 5  # groups named in a sentence
ECOLOGICAL = (
    "These are differences between studies: what goes with larger effects across studies need not hold for people within "
    "one, and other things that differ between the studies may lie behind it."
)
Inputs = Sequence[Mapping[str, Any]]
Settings = Mapping[str, Any]
Found = tuple[list[dict[str, Any]], float | None]


@dataclass(frozen=True, slots=True)
class Moderator:
    """What effects are compared by. apart: whether results of which it is not known are left out, not a group."""

    key: str
    title: str
    number: bool
    apart: bool
    item: CodedItem | None = None

    def shown(self, value: Any) -> str:
        """A value as people read it."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if self.item is not None:
            return self.item.shown(value)
        if self.number:
            return f"{value:g} {NUMBERS[self.key]}"
        return str(value) if value not in (None, "") else UNKNOWN

    @property
    def step(self) -> str:
        """What a slope is told for."""
        unit = self.item.unit if self.item else ""
        if self.item is None:
            return f"for each of the {self.title} more"
        return f"for each 1 more in {self.title}{f', in {unit}' if unit else ''}"


def moderator_of(key: str, item: CodedItem | None = None) -> Moderator:
    """A moderator of a plan; item: what a coded one is, as it was when the result was made."""
    if key in MODERATORS:
        return Moderator(key, MODERATORS[key], key in NUMBERS, key in NUMBERS)
    return Moderator(key, moderator(key, {key: item} if item else None), item is not None and item.number, True, item)


def _unnamed(key: str, inputs: Inputs) -> CodedItem | None:
    """What a coded item was, told from its values alone: its frame was not in use any more when the plan was run."""
    if (parts := parts_of(key)) is None:
        return None
    held = [row[key] for row in inputs if row.get(key) is not None]
    return CodedItem(key, *parts, number=bool(held) and all(isinstance(value, int | float) for value in held))


def differing(inputs: Inputs, key: str, settings: Settings = ALONE, item: CodedItem | None = None) -> dict[str, Any]:
    """Effects by a moderator, in the shape of the other choices: rows with estimates, and what they say together.

    Where studies give several results (settings of the multilevel model) the comparison is by correlated and
    hierarchical effects with CR2 too, groups by their HTZ test.
    """
    by = moderator_of(key, item or _unnamed(key, inputs))
    title = f"differences by {by.title}"
    known = [row for row in inputs if not by.apart or row.get(key) not in (None, "")]
    try:
        if len(known) < FEWEST:
            raise InputError(said("it needs at least %(fewest)s results that say so", fewest=FEWEST))
        rows, p = (_slope if by.number else _groups)(known, by, settings)
        told = " ".join([_test(p), *_cautions(known, by), ECOLOGICAL])
    except InputError as error:
        rows, told = [{"what": title, "k": len(known), "why_not": str(error)}], "This could not be tried."
    return {"key": f"by:{key}", "title": title, "rows": rows, "said": told + _left(len(inputs) - len(known), by)}


def _left(count: int, by: Moderator) -> str:
    if not count:
        return ""
    results = f"{count} result{'' if count == 1 else 's'}"
    if by.item is None and by.key in MODERATORS:
        return f" {results} without it left out."
    return f" {results} left out: not reported, not applicable, or not decided by people yet."


def _slope(inputs: Inputs, by: Moderator, settings: Settings) -> Found:
    values = [float(row[by.key]) for row in inputs]
    if len(set(values)) < 2:
        raise InputError(said("all results have one value: %(shown)s", shown=by.shown(values[0])))
    wide = [[value] for value in values]
    if _depends(inputs, settings):
        _refuse_one_study(inputs, values)
        fitted = _dependent(inputs, wide, settings, intercept=True)
        robust = fitted.coefficients[1]
        return [_row(by.step, len(inputs), robust, {"tau2": sum(fitted.sigma2), "i2": None})], robust.p
    from whatworks.synthesise.methods.regressing.regression import regress

    found = regress(*_effects(inputs), wide, names=[by.key.rpartition("/")[2]], interval="hksj-adhoc")
    slope = found.coefficients[1]
    return [_row(by.step, len(inputs), slope, {"tau2": found.tau2, "i2": found.i2})], slope.p


def _groups(inputs: Inputs, by: Moderator, settings: Settings) -> Found:
    words = group_words(inputs, by)
    if len(set(words)) < 2:
        raise InputError(said("all results are of one kind: %(words)s", words=words[0]))
    if _depends(inputs, settings):
        return _dependent_groups(inputs, words, settings)
    from whatworks.synthesise.methods.regressing.subgroups import subgroups

    found = subgroups(*_effects(inputs), words)
    return [_row(one.name, one.k, one, {"tau2": one.tau2, "i2": one.i2}) for one in found.groups], found.p


def _dependent_groups(inputs: Inputs, words: Sequence[str], settings: Settings) -> Found:
    """A mean for each group from one model without an intercept, so that they share their heterogeneity."""
    names = sorted(set(words))
    for name in names:
        if len(_studies([row for row, word in zip(inputs, words, strict=True) if word == name])) < 2:
            raise InputError(
                said("%(name)s is one study alone, of which a cluster-robust interval cannot be had", name=name)
            )
    fitted = _dependent(inputs, [[float(word == name) for name in names] for word in words], settings, intercept=False)
    against_first = [
        [-1.0, *(float(place == other) for other in range(1, len(names)))] for place in range(1, len(names))
    ]
    spread = {"tau2": sum(fitted.sigma2), "i2": None}
    rows = [_row(name, words.count(name), mean, spread) for name, mean in zip(names, fitted.coefficients, strict=True)]
    return rows, fitted.test(against_first).p


def _refuse_one_study(inputs: Inputs, values: Sequence[float]) -> None:
    """A slope that hangs on one study has no cluster-robust interval."""
    for study in _studies(inputs):
        others = {value for row, value in zip(inputs, values, strict=True) if row["study_id"] != study}
        if len(others) < 2:
            raise InputError(said("only one study differs from the others, so a cluster-robust interval cannot be had"))


def _row(what: str, k: int, one: Any, spread: dict[str, Any]) -> dict[str, Any]:
    numbers: dict[str, Any] = {name: getattr(one, name) for name in ("estimate", "ci_low", "ci_high")}
    lost = any(value is None or value != value for value in numbers.values())
    return {"what": what, "k": k, **({} if lost else numbers | spread), "why_not": NO_INTERVAL if lost else ""}


NO_INTERVAL = "too few studies for an interval"


def _depends(inputs: Inputs, settings: Settings) -> bool:
    return settings["model"] == "multilevel" and several(inputs)


def _dependent(inputs: Inputs, wide: list[list[float]], settings: Settings, *, intercept: bool) -> Multilevel:
    from whatworks.synthesise.methods.multilevel.working import che

    studies = [row["study"] for row in inputs]
    return che(*_effects(inputs), studies, x=wide, intercept=intercept, rho=settings["rho"], rhos=())


def _cautions(inputs: Inputs, by: Moderator) -> Iterator[str]:
    """What a reader must know where few studies stand behind a slope or a group."""
    if by.number:
        if (many := len(_studies(inputs))) < FEW_FOR_SLOPE:
            yield f"Only {many} studies say so, fewer than {FEW_FOR_SLOPE}: such a slope can hang on one of them."
        return
    groups: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row, word in zip(inputs, group_words(inputs, by), strict=True):
        groups[word].append(row)
    small = [
        f"{word} ({len(_studies(rows))})" for word, rows in sorted(groups.items()) if len(_studies(rows)) < FEW_IN_GROUP
    ]
    if small:
        more = f" and {len(small) - NAMED} more" if len(small) > NAMED else ""
        yield (
            f"Fewer than {FEW_IN_GROUP} studies in {', '.join(small[:NAMED])}{more}: neither the mean of so few nor the "
            "test can be leaned on."
        )


def _studies(inputs: Inputs) -> set[Any]:
    return {row.get("study_id") or row.get("study") or place for place, row in enumerate(inputs)}


def group_words(inputs: Inputs, by: Moderator) -> list[str]:
    """The group of each result, as people read it."""
    return [by.shown(row.get(by.key)) for row in inputs]


def _effects(inputs: Inputs) -> tuple[list[float], list[float]]:
    return [row["yi"] for row in inputs], [row["vi"] for row in inputs]


def _test(p: float | None) -> str:
    return "No test of a difference." if p is None else f"The test of a difference gives p = {p:.3g}."
