"""What people write for the page of an intervention, part by part: held in order, the newest counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.publish.models import Passage
from whatworks.publish.writing.referring import Part, resolved, rests
from whatworks.publish.writing.reviewing import reviewed
from whatworks.saying import said
from whatworks.scope.models import Intervention

LONGEST = 12_000  # characters of one part: about four printed pages


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a page that people write: its key, what it is called, and what belongs into it."""

    key: str
    title: str
    help: str


PLACES = {
    place.key: place
    for place in (
        Place(
            "mechanism", said("How is it meant to work"), said("What is done, and why somebody thinks that it helps.")
        ),
        Place("how-to-do-it", said("How to do it"), said("The steps, who does them, what they need.")),
        Place(
            "costs",
            said("What it costs, and who pays"),
            said("Every amount with the year of its prices, and who pays it."),
        ),
        Place(
            "voices",
            said("What children and families say"),
            said("In their words, with where they said it; apart from effects."),
        ),
        Place(
            "partners", said("Who else is involved"), said("The agencies that a place needs on its side, and for what.")
        ),
        Place(
            "equity",
            said("Who may gain less"),
            said("Who is missing from the studies; who finds it hard to take part."),
        ),
        Place("harms", said("What could go wrong"), said("Harms that were looked for, and what was found.")),
        Place("young", said("For young people"), said("What a young person would want to know, in short sentences.")),
    )
}


def place_of(part: str) -> Place:
    """The part of a page with this key. Raises InputError where there is none."""
    if part not in PLACES:
        raise InputError(
            said("No part of a page is called “%(part)s”; there are %(places)s.", part=part, places=", ".join(PLACES))
        )
    return PLACES[part]


def passages_of(intervention: Intervention | str) -> dict[str, list[Part]]:
    """The texts that people wrote for a page, by part, as inline parts with every number resolved now.

    Paragraphs are parted by an empty line; a part that nobody wrote, or that was taken back, is left out.
    """
    return {part: resolved(one.text) for part, one in written(intervention).items()}


def written(intervention: Intervention | str) -> dict[str, Passage]:
    """The passages that the would-be page shows, by part."""
    newest = Passage.objects.ready_of(intervention)
    return {part: newest[part] for part in PLACES if part in newest and newest[part].text}


def blocks_of(passage: Passage) -> list[dict[str, Any]]:
    """A passage as the blocks of a page: paragraphs, lists (lines that begin with a dash), and its sources as links."""
    blocks: list[dict[str, Any]] = []
    for paragraph in passage.text.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in paragraph.split("\n") if line.strip()]
        items = [line[2:] for line in lines if line.startswith("- ")]
        if words := " ".join(line for line in lines if not line.startswith("- ")):
            blocks.append({"type": "text", "parts": resolved(words)})
        if items:
            blocks.append({"type": "list", "items": [resolved(item) for item in items]})
    if passage.sources:
        links = [_source(one) for one in passage.sources]
        blocks.append({"type": "text", "parts": [f"Source{'s' if len(links) > 1 else ''}:"]})
        blocks.append({"type": "links", "items": links})
    return blocks


def _source(one: dict[str, str]) -> list[Part]:
    return [{"link": one["text"], "href": one["href"]}] if one.get("href") else [one["text"]]


def resting_of(intervention: Intervention | str) -> tuple[str, ...]:
    """What the numbers in the texts of a page rest on, for its lineage: when one moves, the page is stale."""
    found: set[str] = set()
    for one in written(intervention).values():
        found |= set(rests(one.text))
    return tuple(sorted(found))


def sources_from(text: str) -> list[dict[str, str]]:
    """Sources as typed, one a line: words, then an address where there is one."""
    found = []
    for line in (one.strip() for one in text.splitlines()):
        if not line:
            continue
        words, _, last = line.rpartition(" ")
        web = last.startswith(("https://", "http://"))
        found.append({"text": (words if web and words else line).rstrip(" ,;:"), "href": last if web else ""})
    return found


def sources_typed(sources: Iterable[dict[str, str]]) -> str:
    """Sources as a person types them."""
    return "\n".join(
        f"{one['text']} {one['href']}".strip() if one["href"] != one["text"] else one["text"] for one in sources
    )


@transaction.atomic
def write(
    *,
    by: str,
    intervention: Intervention,
    part: str,
    text: str,
    sources: Iterable[dict[str, str]] = (),
    seen: int = 0,
    ready: bool = True,
) -> Passage:
    """Keep a new text for a part of a page. `seen` is the number of the passage that the writer had before them (0: none).

    A text that is `ready` goes into the would-be page; one that is not is work in hand. The same text sent twice is one
    passage. Raises ConflictError where somebody wrote in between, InputError where the text is empty or too long, or
    is called ready and has something in it that must change first.
    """
    place, text = place_of(part), text.replace("\r\n", "\n").strip()
    if not text:
        raise InputError(
            said("“%(title)s” is empty; write something, or take the part back with a reason.", title=place.title)
        )
    if len(text) > LONGEST:
        raise InputError(
            said(
                "“%(title)s” has %(count)s characters; a part of a page has at most %(longest)s. Make it shorter.",
                title=place.title,
                count=f"{len(text):,}",
                longest=f"{LONGEST:,}",
            )
        )
    sources = list(sources)
    if ready:
        refuse(place, text, sourced=bool(sources))
    held = _newest(intervention, part)
    if held and (held.text, held.sources, held.by, held.ready) == (text, sources, by, ready):
        return held
    values = {"text": text, "sources": sources, "ready": ready}
    return _keep(by, intervention, place, held, seen, values, "publish.write")


def refuse(place: Place, text: str, *, sourced: bool) -> None:
    """Stop a text that says other than its results, or holds a typed result. Raises InputError with the first place."""
    found = reviewed(text, sourced=sourced).problems
    if found:
        more = said(" And %(count)s more: press Check to see all.", count=len(found) - 1) if len(found) > 1 else ""
        raise InputError(
            said(
                "“%(title)s” cannot go into the page yet. %(told)s%(more)s",
                title=place.title,
                told=found[0].told(),
                more=more,
            )
        )


def refuse_inconsistent(intervention: Intervention | str) -> None:
    """Stop the approval of a page whose texts no longer agree with the results they refer to, since those have moved."""
    for part, one in written(intervention).items():
        refuse(PLACES[part], one.text, sourced=bool(one.sources))


@transaction.atomic
def take_back(*, by: str, intervention: Intervention, part: str, why: str, seen: int) -> Passage:
    """Take the text of a part from the would-be page. It stays readable in the part's history, with the reason."""
    place, held = place_of(part), _newest(intervention, part)
    if not why.strip():
        raise InputError(
            said("Say why “%(title)s” is taken back; those who wrote it will want to know.", title=place.title)
        )
    if held is None or not held.text:
        raise ConflictError(
            said("Nothing is written for “%(title)s”, so there is nothing to take back.", title=place.title)
        )
    return _keep(by, intervention, place, held, seen, {"why": why.strip()}, "publish.take-back")


def _newest(intervention: Intervention, part: str) -> Passage | None:
    """The last passage of a part. Whoever writes holds the intervention's row, so that two writers take turns."""
    Intervention.objects.select_for_update().get(pk=intervention.pk)
    return Passage.objects.filter(intervention=intervention, part=part).order_by("-number").first()


def _keep(
    by: str,
    intervention: Intervention,
    place: Place,
    held: Passage | None,
    seen: int,
    values: dict[str, Any],
    verb: str,
) -> Passage:
    if seen != (held.number if held else 0):
        raise ConflictError(
            said(
                "Somebody else has written “%(title)s” since you began; both texts are below, and yours is not lost.",
                title=place.title,
            )
        )
    made = Passage.objects.create(
        id=Passage.fresh(),
        intervention=intervention,
        part=place.key,
        number=(held.number if held else 0) + 1,
        by=by,
        at=timezone.now(),
        **values,
    )
    record(verb=verb, by=by, about=[intervention], made=[made], payload={"part": place.key, "number": made.number})
    return made
