"""Short lessons on the centre's own numbers: their text as data, and for each a worked example read from what is published."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import exp
from typing import Any

from django.utils.translation import gettext as _

from whatworks.extract.instruments import instrument
from whatworks.extract.models import Appraisal, ContrastDetail, Study
from whatworks.ledger.sharing import shared
from whatworks.publish.methods.numbers import NAMES, RATIOS, plain
from whatworks.publish.models import Page
from whatworks.publish.writing.withdrawing import withdrawn
from whatworks.spoken import spoken
from whatworks.synthesise.models import Synthesis

Runs = list[Any]
Content = Mapping[str, Any]
BENT = ("High", "Serious", "Critical")


@dataclass(frozen=True, slots=True)
class Explainer:
    """A lesson: a question, its answer in plain words, two questions to check, and which words of the glossary lead to it."""

    slug: str
    order: int
    title: str
    line: str
    words: tuple[str, ...]
    example: str
    try_it: str
    text: tuple[str, ...]
    checks: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A published result that shows it: the page and revision it stands on, in words, and what to draw."""

    title: str
    slug: str
    revision: int
    outcome: str
    told: Runs
    draws: str = ""
    data: Any = None


@cache
def explainers() -> tuple[Explainer, ...]:
    """Every lesson, in the order in which they build on each other."""
    folder = resources.files("whatworks.learn").joinpath("explainers")
    held = [tomllib.loads(one.read_text("utf-8")) for one in folder.iterdir() if one.name.endswith(".toml")]
    found = [
        Explainer(
            **{name: one[name] for name in ("slug", "order", "title", "line", "example")},
            try_it=one["try"],
            words=tuple(one["words"]),
            text=tuple(one["text"]),
            checks=tuple(one["checks"]),
        )
        for one in held
    ]
    return tuple(sorted(found, key=lambda one: one.order))


@cache
def lessons_by_word() -> dict[str, Explainer]:
    """For words of the glossary, the lesson that tells more."""
    return {word: one for one in explainers() for word in one.words}


def example_of(kind: str) -> Example | None:
    """A published result of this kind, the same each time; None where none is.

    First what can be told out of 100, then contact with the system, then by address: so one result goes through most lessons.
    """
    held = [(content, outcome) for content in _contents() for outcome in content["outcomes"]]
    held.sort(key=lambda pair: (not pair[1]["hundred"], not pair[1]["contact"]))
    for content, outcome in held:
        if found := FOUND[kind](outcome):
            told, draws, data = found
            return Example(content["title"], content["slug"], content["revision"], outcome["name"], told, draws, data)
    return None


@shared
def _contents() -> tuple[Content, ...]:
    """What the newest revision of every page says that is in use, by address."""
    gone = withdrawn()
    pages = Page.objects.exclude(pk__in=gone).order_by("slug")
    held = (one.newest() for one in pages)
    return tuple(one.content for one in held if one is not None)


Found = tuple[Runs, str, Any] | None


def _hundred(outcome: Content) -> Found:
    scale = outcome["scale"]
    whole = outcome["hundred"] and scale and scale["low"] is not None
    return ([*outcome["sentence"]], "hundred", outcome["hundred"]) if whole else None


def _scale(outcome: Content) -> Found:
    scale = outcome["scale"]
    if not scale or scale["low"] is None or scale["high"] is None:
        return None
    null = scale.get("null", 0)
    over = scale["low"] < null < scale["high"]
    said = (
        _(" No difference lies within the range, so the studies cannot say which way it goes.")
        if over
        else _(" The whole range lies on one side of no difference.")
    )
    return [*outcome["sentence"], said], "scale", scale


def _rows(outcome: Content) -> Sequence[Content]:
    return (outcome["table"] or {}).get("rows") or ()


def _only(outcome: Content, row: Content) -> dict[str, Any]:
    """The table with one row alone."""
    alone = {"caption": outcome["name"], "rows": [row], "total": None, "second": None, "heterogeneity": None}
    return {**outcome["table"], **alone}


def _pooled(outcome: Content) -> dict[str, Any]:
    """The table with those rows alone that were put together."""
    table = outcome["table"]
    return {**table, "caption": outcome["name"], "rows": [row for row in table["rows"] if row["pooled"]]}


def _chance(outcome: Content) -> Found:
    null = (outcome["table"] or {}).get("null", 0)
    for row in _rows(outcome) if outcome["scale"] else ():
        if row["low"] is not None and row["high"] is not None and row["low"] < null < row["high"] and row.get("raw"):
            told = [
                _("%(study)s (%(what)s): %(raw)s, which is ")
                % {"study": row["name"], "what": row["detail"], "raw": row["raw"]},
                {"number": row["text"], "trace": row["trace"]},
                _(". No difference lies within the range, so luck alone could have made a gap like this."),
            ]
            return told, "forest", _only(outcome, row)
    return None


def _forest(outcome: Content) -> Found:
    table = outcome["table"]
    if not table or not table.get("total") or sum(row["pooled"] for row in table["rows"]) < 3:
        return None
    told = [
        _("%(n)s results were put together: ") % {"n": sum(row["pooled"] for row in table["rows"])},
        {"number": table["total"]["text"], "trace": table["total"]["trace"]},
        ".",
    ]
    return told, "forest", _pooled(outcome)


def _certainty(outcome: Content) -> Found:
    sure = outcome["certainty"]
    return ([*outcome["sentence"]], "certainty", sure) if sure else None


def _absent(outcome: Content) -> Found:
    if outcome["state"]["key"] not in ("nothing-found", "not-searched"):
        return None
    return [f"{spoken(outcome['state']['word'])}. ", *outcome["sentence"]], "", None


def _randomised(outcome: Content) -> Found:
    rows = [row for row in _rows(outcome) if row.get("raw") and row.get("study") and outcome["scale"]]
    drawn = set(
        Study.objects.filter(pk__in=[row["study"] for row in rows], randomised=True).values_list("pk", flat=True)
    )
    row = next((one for one in rows if one["study"] in drawn), None)
    if row is None:
        return None
    told = [
        {"link": row["name"], "href": f"/studies/{row['study']}/"},
        _(": chance decided who was offered it. What came of it (%(what)s): %(raw)s, which is ")
        % {"what": row["detail"], "raw": row["raw"]},
        {"number": row["text"], "trace": row["trace"]},
        ".",
    ]
    return told, "forest", _only(outcome, row)


def _bias(outcome: Content) -> Found:
    names = {row["study"]: row["name"] for row in _rows(outcome) if row.get("study")}
    held = Appraisal.objects.filter(study__in=names, overall__in=BENT).order_by("study__name", "pk").first()
    if held is None:
        return None
    known = {one.key: one.name for one in instrument(held.instrument, held.version).domains}
    why = [known.get(key, key) for key, level in held.domains.items() if level in BENT]
    told = [
        {"link": names[held.study_id], "href": f"/studies/{held.study_id}/"},
        _(": how far its result may be bent was judged “%(level)s” by %(who)s. ")
        % {"level": held.overall, "who": held.by},
        _("What led there: %(why)s.") % {"why": "; ".join(why)} if why else "",
    ]
    return told, "", None


def _prediction(outcome: Content) -> Found:
    total = (outcome["table"] or {}).get("total")
    if not total or not total.get("trace"):
        return None
    held = Synthesis.objects.filter(pk=total["trace"]).first()
    result = held.result if held else {}
    if held is None or not result.get("tau2") or result.get("pi_low") is None:
        return None
    metric = str(held.settings.get("metric", ""))
    turn: Callable[[float], float] = exp if metric in RATIOS else float
    ends = {name: plain(turn(result[name])) for name in ("ci_low", "ci_high", "pi_low", "pi_high")}
    unit = spoken(NAMES.get(metric, _("standardised difference")))
    told = [
        _("The average of %(k)s studies is ") % {"k": result["k"]},
        {"number": total["text"], "trace": total["trace"]},
        _(" (%(unit)s): its range runs from %(ci_low)s to %(ci_high)s. For a new place like these it runs from %(pi_low)s to "
          "%(pi_high)s.") % {"unit": unit, **ends},
    ]  # fmt: skip
    return told, "forest", _pooled(outcome)


def _subgroup(outcome: Content) -> Found:
    names = {row["study"]: row["name"] for row in _rows(outcome) if row.get("study")}
    found: dict[str, list[str]] = {}
    rows = ContrastDetail.objects.filter(contrast__study__in=names).exclude(population="").order_by("pk")
    for study, words in rows.values_list("contrast__study", "population"):
        found.setdefault(study, []).append(words)
    study = next((one for one in names if len(set(found.get(one, ()))) > 1), None)
    if study is None:
        return None
    told = [
        {"link": names[study], "href": f"/studies/{study}/"},
        _(" gives results apart for: %(groups)s.") % {"groups": "; ".join(dict.fromkeys(found[study]))},
    ]
    return told, "", None


FOUND: dict[str, Callable[[Content], Found]] = {
    "absent": _absent,
    "bias": _bias,
    "certainty": _certainty,
    "chance": _chance,
    "forest": _forest,
    "hundred": _hundred,
    "prediction": _prediction,
    "randomised": _randomised,
    "scale": _scale,
    "subgroup": _subgroup,
}
