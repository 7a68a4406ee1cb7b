"""What two people judged, side by side, question by question; how far they agree; and what was agreed on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.extract.agreeing import last_of
from whatworks.extract.appraisal_agreement import agreements_in
from whatworks.extract.appraising_two import verdicts_of
from whatworks.extract.forms_appraising import Typed, blank, held
from whatworks.extract.instruments import Instrument
from whatworks.extract.judged_things import Thing
from whatworks.extract.methods.agreeing_judgements import DomainAgreement
from whatworks.extract.models import Agreed, Appraising, Verdict
from whatworks.extract.presenters_appraising import form_of, support_of
from whatworks.extract.supporting import OVERALL, QUESTION
from whatworks.people.naming import names
from whatworks.screen.methods.two_screeners import Estimate
from whatworks.screen.models import Review

UNSAID = gettext_lazy("not answered")
ALIKE = ("answers", "domains")  # taken over where both said the same
HOW = {
    Agreed.DISCUSSION: gettext_lazy("One of the two recorded it."),
    Agreed.THIRD: gettext_lazy("A third person decided."),
}


def thing_judged(appraising: Appraising) -> Thing:
    """What two judge."""
    return Thing(appraising.study, appraising.report, appraising.contrast)


def people_of(appraising: Appraising) -> list[dict[str, Any]]:
    """The two, by name, and whether they are done."""
    rows = list(appraising.appraisers.here())
    called = names(one.user_id for one in rows)
    return [{"name": called[one.user_id], "user": one.user_id, "done": one.done_at is not None} for one in rows]


def starting_from(appraising: Appraising, verdicts: Sequence[Verdict]) -> Typed:
    """What the form of an agreement opens with: what was agreed before, else whatever both said alike."""
    if (last := last_of(appraising)) is not None:
        return held(last.judging) | {"changed": last.changed}
    said = [held(one) for one in verdicts]
    if len(said) != 2:
        return blank()
    first, second = said
    told: Typed = {
        name: {key: one for key, one in first[name].items() if second[name].get(key) == one} for name in ALIKE
    }
    told["overall"] = first["overall"] if first["overall"] == second["overall"] else ""
    judged = {*told["domains"], *([OVERALL] if told["overall"] else [])}
    told["reasons"] = {key: why for key, why in first["reasons"].items() if key in judged}
    told["notes"] = second["notes"] | first["notes"]
    return blank() | told


def page_of(appraising: Appraising, chosen: Instrument, told: Typed) -> dict[str, Any]:
    """Everything the page of a comparison shows. Raises ForbiddenError before both are done."""
    verdicts = verdicts_of(appraising)
    people = names(verdicts)
    form = form_of(chosen, told)
    sides = [(people[user], one) for user, one in verdicts.items()]
    for row in form["domains"]:
        _beside(row, chosen, sides)
    if form["overall"] is not None:
        form["overall"] |= _judged(OVERALL, sides)
    return {
        "form": form,
        "people": [name for name, _ in sides],
        "table": _table(chosen, form),
        "same": sum(not row["differ"] for row in form["domains"]),
        "history": _history(appraising, people),
    }


def _beside(row: dict[str, Any], chosen: Instrument, sides: Sequence[tuple[str, Verdict]]) -> None:
    """Put what each of the two said beside each question and the judgement of a domain."""
    words = {one.key: one.word for one in chosen.answers}
    domain = next(one for one in chosen.domains if one.key == row["key"])
    shown = {one["key"]: one for one in row["questions"]}
    for key, one in shown.items():
        one |= _answered(key, words, sides)
    row |= _judged(row["key"], sides)
    rest = [one for one in domain.questions if one.key not in shown and any(v.answers.get(one.key) for _, v in sides)]
    row["beside"] = [{"key": one.key, "text": one.text, **_answered(one.key, words, sides)} for one in rest]
    row["later"] -= len(rest)


def _answered(key: str, words: Mapping[str, str], sides: Sequence[tuple[str, Verdict]]) -> dict[str, Any]:
    said = [one.answers.get(key, "") for _, one in sides]
    rows = [
        {"who": who, "words": words.get(given, given) or UNSAID, "support": support_of(f"{QUESTION}{key}", one.notes)}
        for (who, one), given in zip(sides, said, strict=True)
    ]
    return {"sides": rows, "differ": len(set(said)) > 1}


def _judged(key: str, sides: Sequence[tuple[str, Verdict]]) -> dict[str, Any]:
    said = [one.overall if key == OVERALL else one.domains.get(key, "") for _, one in sides]
    rows = [
        {"who": who, "words": word, "why": one.reasons.get(key, ""), "proposed": one.proposed.get(key, ""),
         "support": support_of(key, one.notes)}
        for (who, one), word in zip(sides, said, strict=True)
    ]  # fmt: skip
    return {"sides": rows, "differ": len(set(said)) > 1}


def _table(chosen: Instrument, form: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = [*form["domains"], *([form["overall"] | {"key": "", "name": _("Overall")}] if form["overall"] else [])]
    return [
        {
            "key": one["key"],
            "name": one["name"],
            "words": [side["words"] for side in one["sides"]],
            "differ": one["differ"],
            "questions": sum(asked["differ"] for asked in [*one.get("questions", []), *one.get("beside", [])]),
        }
        for one in rows
    ]


def _history(appraising: Appraising, people: Mapping[str, str]) -> list[dict[str, Any]]:
    rows = list(appraising.agreed.select_related("judging").order_by("-number"))
    called = names(one.by for one in rows) | dict(people)
    return [
        {"by": called[one.by], "at": one.at, "how": HOW[one.how], "overall": one.judging.overall,
         "changed": sorted(one.changed.items())}
        for one in rows
    ]  # fmt: skip


def agreement_rows(review: Review | str) -> list[dict[str, Any]]:
    """How far two appraisers agreed in a review, by instrument, as a table."""
    return [
        {"instrument": one.instrument, "things": one.things, "warning": one.warning, "rows": list(_rows(one.rows))}
        for one in agreements_in(review)
    ]


def _rows(rows: Iterable[DomainAgreement]) -> Iterable[dict[str, Any]]:
    for one in rows:
        yield {
            "name": one.name,
            "n": one.n,
            "agreed": one.agreed,
            "share": _between(one.share, percent=True),
            "kappa": _between(one.kappa),
            "weighted": _between(one.weighted),
            "warnings": one.warnings,
        }


def _between(one: Estimate, *, percent: bool = False) -> str:
    if one.value is None:
        return ""
    told = [f"{100 * x:.0f}%" if percent else f"{x:.2f}" for x in (one.value, one.low, one.high) if x is not None]
    return (
        _("%(told)s (%(told_2)s to %(told_3)s)") % {"told": told[0], "told_2": told[1], "told_3": told[2]}
        if len(told) == 3
        else told[0]
    )
