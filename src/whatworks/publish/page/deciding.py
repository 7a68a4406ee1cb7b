"""What a team asks before it decides: could it do harm, is it fair, what do families say, who must work together, what it costs.

Each is a chapter of a page as plain data. What people wrote and recorded is in it; what nobody recorded is said to be so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from whatworks.publish.page.blocks import stood
from whatworks.publish.page.naming import inside, name_of
from whatworks.publish.page.studied import COSTS, HARMS, NOT_RECORDED, SHAPED, WHICH_HARMS, Studied
from whatworks.rate.actions import held_rating
from whatworks.rate.gathering import Ground
from whatworks.rate.methods.states import state
from whatworks.rate.standing import standing_of
from whatworks.scope.models import Intervention

Block = dict[str, Any]
Chapter = dict[str, Any]
Told = Mapping[str, list[Block]]  # by part of the page

APART = "We hold no results by ethnicity, disability or family income, so we cannot say for whom it does more and for whom less."
NO_HARM = "None of the results we hold tells of harm. That does not mean that it is safe."
UNREAD = "What is not recorded may stand in a study all the same: nobody has taken it out yet."
NO_VOICES = (
    "We hold nothing that children, young people or families said about this. That is a gap in what we hold: it does not "
    "mean that nobody asked them."
)
VOICES_APART = "What people say of it is not evidence of what it does, so it stands apart from the results."
COUNTED = (
    "A cost says little without its year, what is counted and who pays. We give no band until all three are recorded."
)


def text(*parts: Any) -> Block:
    """One paragraph."""
    return {"type": "text", "parts": list(parts)}


def chapter(title: str, small: str, blocks: list[Block], *, opened: bool = False) -> Chapter:
    """One chapter: its title, what it comes to in a few words, and its blocks."""
    return {"title": title, "small": small, "open": opened, "blocks": blocks}


def harms_and_equity(held: Sequence[Ground], studied: Studied, passages: Told) -> Chapter:
    """What is known of harm, and of whether it is fair."""
    told = list(passages.get("harms", ()))
    watched = [one for one in held if one.outcome.safety or _state(one) == "worse"]
    lines = [[f"{name_of(one)}: {inside(state(_state(one)).word)}."] for one in watched]
    shown = [text("What we hold that tells of harm:"), {"type": "list", "items": lines}] if lines else [text(NO_HARM)]
    blocks = [*told, *shown]
    looked = studied.said(HARMS)
    blocks.append(text("Did the studies look for harm? ", *_listed(looked), "."))
    if which := studied.said(WHICH_HARMS):
        blocks.append(text("Harms that they tell of: ", *_listed(which), "."))
    fair = (
        APART if not studied.apart() else f"Some results are of part of the people only: {'; '.join(studied.apart())}."
    )
    blocks += list(passages.get("equity", ())) or [text(f"Is it fair? {fair}")]
    small = "What we hold" if lines or told else "No result tells of harm"
    return chapter("Harms, and is it fair", small, blocks)


def _state(ground: Ground) -> str:
    rating = held_rating(ground, "outcome-state")
    return stood(rating, standing_of(rating) if rating else None)


def _listed(items: Sequence[str]) -> list[str]:
    return ["; ".join(items) or NOT_RECORDED]


def for_whom(intervention: Intervention, studied: Studied) -> Chapter:
    """Who took part as far as it is recorded, and who is missing from the evidence."""
    blocks: list[Block] = [text(intervention.population)] if intervention.population else []
    if not studied.studies:
        blocks.append(text("We hold no study of this, so nobody is in its evidence yet."))
        return chapter("For whom, and who is missing", "Nothing known", blocks)
    pairs = [[name, ["; ".join(items) or NOT_RECORDED]] for name, items in studied.recorded()]
    blocks.append({"type": "pairs", "pairs": pairs})
    if studied.missing():
        blocks.append(text(UNREAD))
    if not studied.apart():
        blocks.append(text(APART))
    small = f"{len(studied.missing())} things not recorded" if len(studied.missing()) > 1 else "Where it was studied"
    return chapter("For whom, and who is missing", small, blocks)


def voices(studied: Studied, passages: Told, findings: Block | None = None) -> Chapter:
    """What children and families say, kept apart from effects; findings: those that people judged, as a table."""
    told = [*passages.get("voices", ()), *([findings] if findings else [])]
    shaped = text("Did people who have lived it help to shape the studies? ", *_listed(studied.said(SHAPED)), ".")
    return chapter(
        "What children and families say",
        "In their words" if passages.get("voices") else "What studies heard" if findings else "Nothing held yet",
        [*(told or [text(NO_VOICES)]), shaped, text(VOICES_APART)],
    )


def partners(passages: Told, known: Told) -> Chapter:
    """Who else must take part: schools, health, police, courts."""
    told = [*passages.get("partners", ()), *known.get("partners", ())]
    nothing = text("Which other agencies take part is not recorded. Ask early who else must agree, and who would pay.")
    return chapter("Who needs to work together", "What is recorded" if told else NOT_RECORDED, told or [nothing])


def how_to_do_it(passages: Told, known: Told) -> Chapter:
    """Steps, staffing and setting, where anybody recorded them."""
    told = [*passages.get("how-to-do-it", ()), *known.get("how-to-do-it", ())]
    nothing = text("Nothing held yet. That does not mean nothing is known elsewhere.")
    return chapter("How to do it", "What is recorded" if told else "Nothing held yet", told or [nothing])


def costs(held: Sequence[Ground], studied: Studied, passages: Told, known: Told) -> Chapter:
    """What it costs and who pays; never a band without its price year and whose cost it is."""
    told = [*passages.get("costs", ()), *known.get("costs", ())]
    if any(one.outcome.slug == "service-costs" for one in held):
        told.append(text("Studies looked at costs; what they found is with the outcomes above."))
    small = "What is recorded" if told else NOT_RECORDED
    gives = text("Do the studies give costs? ", *_listed(studied.said(COSTS)), ".")
    nothing = text("What it costs, and who pays, is not recorded.")
    return chapter("What it costs, and who pays", small, [*(told or [nothing]), gives, text(COUNTED)])


def under_way(studies: Sequence[Any], searched: str) -> Chapter:
    """Studies that have no result yet, and when anybody last looked for them."""
    items = [
        [{"link": one.name, "href": f"/studies/{one.pk}/"}, f", {one.country or 'country not recorded'}"]
        for one in studies
    ]
    looked = f"The last search was on {searched}." if searched else "We have not searched for studies under way."
    if not items:
        return chapter("Studies under way", "None known to us", [text(f"None known to us. {looked}")])
    return chapter("Studies under way", f"{len(items)} known to us", [{"type": "links", "items": items}, text(looked)])
