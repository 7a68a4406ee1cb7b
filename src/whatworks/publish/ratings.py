"""One intervention by every scheme, side by side: what each says, what each asks, and where they part. Reads only.

It shows the ratings that the approved page rests on, never those of a page that waits for approval.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.publish.models import Page, Revision
from whatworks.rate.judged import CERQUAL, PADLOCK
from whatworks.rate.methods.criteria import DECIDED, NOT_ASKED, NOT_KNOWN, Cell, Rated, criteria
from whatworks.rate.methods.scheme import Scheme
from whatworks.rate.models import ExternalRating, Rating, RecordedJudgement, Revocation, Signoff
from whatworks.rate.rated_things import EMMIE
from whatworks.rate.schemes import load_scheme, newest_schemes
from whatworks.rate.standing import APPROVING, Standing, day, standings
from whatworks.spoken import spoken, spoken_capital

FIRST = "outcome-state"  # the scheme whose rating names an outcome of a page
MARKS = {NOT_ASKED: gettext_lazy("does not ask"), NOT_KNOWN: gettext_lazy("asks; not known yet")}
BESIDE = {"emmie": EMMIE, "cerqual": (CERQUAL,), "padlock": (PADLOCK,)}  # judged beside the outcomes, by which schemes
HEAD = (gettext_lazy("Scheme"), gettext_lazy("What it says"), gettext_lazy("Because"), gettext_lazy("Standing"))


def compared(page: Page, revision: Revision) -> dict[str, Any]:
    """All that schemes and other bodies say of one intervention, by outcome in the page's order."""
    rests_on = list(revision.subject.rests_on.values_list("input_id", flat=True))
    ratings = list(Rating.objects.filter(pk__in=rests_on).select_related("synthesis").order_by("scheme", "pk"))
    judged = list(RecordedJudgement.objects.filter(pk__in=rests_on).order_by("scheme", "pk"))
    others = ExternalRating.objects.filter(pk__in=rests_on).order_by("body", "programme", "pk")
    stands = standings(ratings)
    outcomes = [_outcome(one, ratings, judged, stands) for one in revision.content["outcomes"] if one.get("rating")]
    beside = revision.content.get("judged") or {}  # revisions that were approved before these were shown have none
    applied = {rating.scheme for rating in ratings} | {one.scheme for one in judged}
    applied |= {scheme for name in beside for scheme in BESIDE[name]}
    return {
        "identifier": page.pk,
        "slug": page.slug,
        "title": page.title,
        "revision": revision.number,
        "outcomes": outcomes,
        "beside": [beside[name] for name in BESIDE if name in beside],
        "others": _others(others),
        "not_applied": [_not_applied(one) for one in newest_schemes() if one.key not in applied],
    }


def _outcome(
    block: dict[str, Any],
    ratings: Sequence[Rating],
    judged: Sequence[RecordedJudgement],
    stands: Mapping[str, Standing],
) -> dict[str, Any]:
    """One outcome of the page: what each scheme says of it, and the criteria that made them differ."""
    first = next((one for one in ratings if one.pk == block["rating"]), None)
    ground = _ground(first) if first else None
    held = [one for one in ratings if _ground(one) == ground]
    held.sort(key=lambda one: (one.scheme != FIRST, one.scheme))
    rated = [Rated(load_scheme(one.scheme, int(one.version)), one.inputs, one.result) for one in held]
    of = [one for one in judged if one.analysis_id == block["analysis"]]
    rows = [_row(one, rating, stands[rating.pk]) for one, rating in zip(rated, held, strict=True)]
    return {
        "name": block["name"],
        "said": {
            "caption": _("%(name)s: what each scheme says") % {"name": block["name"]},
            "head": list(HEAD),
            "rows": rows + _judged(of),
        },
        "criteria": _criteria(block["name"], rated),
    }


def _ground(rating: Rating) -> tuple[str, str, str | None]:
    return rating.intervention_id, rating.outcome_id, rating.synthesis.analysis_id if rating.synthesis else None


def _row(one: Rated, rating: Rating, stands: Standing) -> list[Any]:
    result, scheme = one.result, one.scheme
    level = scheme.word(stands.level) if stands.level else _("No level yet")
    words = {declared.name: declared.words for declared in scheme.inputs.values()}
    because = [step["sentence"] for step in result["trail"] if step["fired"]]
    if result["missing"]:
        left = ", ".join(words[name] for name in result["missing"])
        because.append(_("Still to be known: %(left)s.") % {"left": left})
    named = [_scheme_link(scheme), _(", version %(number)s") % {"number": rating.version}]
    return [named, [{"number": level, "trace": rating.pk}], [" ".join(because)], _stands(stands)]


def _stands(stands: Standing) -> list[str]:
    """Whether people judged it and an approver signed it off, and why they gave another level than the rules."""
    why = " " + _("Why people gave another level: %(why)s") % {"why": stands.reason} if stands.reason else ""
    earlier = f" {spoken(stands.earlier)}" if stands.earlier else ""
    return [f"{spoken_capital(stands.words)}.{why}{earlier}"]


def _judged(held: Iterable[RecordedJudgement]) -> list[list[Any]]:
    """What people judged and published, in their own words and under their name."""
    rows: list[list[Any]] = []
    for one in held:
        moved = [f"{name.replace('_', ' ')} {change:+d}" for name, change in one.domains.items() if change]
        starts = _("Starts as %(level)s.") % {"level": one.design_start}
        how = _("Moved by: %(moves)s.") % {"moves": ", ".join(moved)} if moved else _("Nothing moved it.")
        said = [{"number": one.level.capitalize(), "trace": one.pk}]
        rows.append([one.scheme.upper(), said, [f"{starts} {how}"], [_judged_by(one)]])
    return rows


def _judged_by(one: RecordedJudgement) -> str:
    """Who judged it: people of this centre, on which day and why at another level, or others who published it."""
    signoff = Signoff.objects.filter(recorded=one).select_related("moderation").first()
    if signoff is None:
        return _("Judged and published by %(who)s.") % {"who": one.by}
    back = Revocation.objects.filter(signoff=signoff).first()
    if back is not None:
        told = {"on": spoken(day(signoff)), "back": spoken(day(back)), "why": back.why}
        return _("Approved on %(on)s, and taken back on %(back)s: %(why)s") % told
    told = _("%(how)s, on %(on)s.") % {"how": spoken_capital(APPROVING), "on": spoken(day(signoff))}
    if not signoff.moderation.override:
        return told
    why = _("Why it is another level than the steps add up to: %(why)s") % {"why": signoff.moderation.override}
    return f"{told} {why}"


def _scheme_link(scheme: Scheme) -> dict[str, str]:
    return {"link": scheme.title.split(":")[0], "href": f"/standards/{scheme.key}/{scheme.version}/"}


def _criteria(name: str, rated: Sequence[Rated]) -> dict[str, Any] | None:
    """What each scheme was told and where it decided; None where there is nothing to lay side by side."""
    rows = criteria(rated)
    if len(rated) < 2 or not rows:
        return None
    return {
        "caption": _("%(name)s: what made them differ") % {"name": name},
        "head": [_("What is asked"), *(one.scheme.title.split(":")[0] for one in rated)],
        "rows": [[_capital(row.words), *(_cell(cell) for cell in row.cells)] for row in rows],
    }


def _cell(cell: Cell) -> str:
    if cell.standing == DECIDED:
        return _("%(told)s (decided)") % {"told": cell.words}
    if cell.standing in MARKS:
        return str(MARKS[cell.standing])
    return _("%(told)s (told, did not decide)") % {"told": cell.words}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _others(held: Iterable[ExternalRating]) -> dict[str, Any] | None:
    rows = [
        [
            one.body,
            one.programme,
            [{"number": one.rating, "trace": one.pk}],
            one.outcome_words or _("not stated"),
            one.on or _("not given"),
            _source(one),
        ]
        for one in held
    ]
    head = [_("Body"), _("Programme"), _("Its rating, in its words"), _("Of which outcome"), _("Date")]
    head.append(_("Where we have it from"))
    caption = _("What other bodies say, each by a scheme of its own")
    return {"caption": caption, "head": head, "rows": rows} if rows else None


def _source(one: ExternalRating) -> list[Any]:
    remark = f" {one.remark}" if one.remark else ""
    return [{"link": _("a second source") if one.secondary else _("the body itself"), "href": one.source_url}, remark]


def _not_applied(scheme: Scheme) -> list[Any]:
    """A scheme that nobody has applied to this intervention: what it rates, and how many answers it asks for."""
    judged = sum(one.judged for one in scheme.inputs.values())
    told = {"rates": scheme.rates, "count": len(scheme.inputs), "judged": judged}
    asks = _(" (rates %(rates)s; asks for %(count)s answers)") % told
    asks = (
        _(" (rates %(rates)s; asks for %(count)s answers, %(judged)s of them from people)") % told if judged else asks
    )
    return [{"link": scheme.title, "href": f"/standards/{scheme.key}/"}, asks]
