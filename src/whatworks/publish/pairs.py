"""Two reports side by side: what one record says and the other does not, who proposed that they are one, who decided."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from whatworks.collate.actions import as_read
from whatworks.collate.methods.records import Record as ReadRecord
from whatworks.collate.models import MatchDecision, Record
from whatworks.ledger.models import Event, EventSubject
from whatworks.publish.who import said

Runs = list[Any]

CONFIRMED_VERB = "collate.match-confirmed"
PROPOSED_VERB = "collate.propose-matches"
LONGEST = 900  # characters of a value shown: the beginning of an abstract tells two reports apart
DECIDED = {"confirmed": "Merged", "refused": "Found to be different", "undone": "Merge undone"}
BELIEF = ((0.95, "almost sure"), (0.85, "fairly sure"), (0.6, "inclined to think"), (0.35, "in doubt whether"))
PROPOSALS = {
    "same": "It proposes to merge them.",
    "ask": "It asks you, and proposes nothing.",
    "linked": "It takes them for two related reports, and proposes to keep them apart.",
}


def pair(match: MatchDecision) -> dict[str, Any]:
    """All that a page needs to decide on a pair, or to undo a merge."""
    left, right = _anchor(match.left_id), _anchor(match.right_id)
    compared = compare(as_read(left), as_read(right)) if left and right else {"different": [], "same": []}
    return compared | {
        "identifier": match.pk,
        "state": match.state,
        "proposal": match.proposal,
        "reason": match.reason,
        "proposed": _proposed(match),
        "belief": f"{belief(match.score)} {PROPOSALS.get(match.proposal, '')}",
        "sides": [
            {"name": name, "citation": one.citation(), "href": f"/reports/{one.pk}/", "found": _found(held)}
            for name, one, held in (("The first", match.left, left), ("The second", match.right, right))
        ],
        "history": _history(match),
    }


def belief(score: float) -> str:
    """A rule's degree of belief, in words first: it orders the work and is no probability."""
    words = next((words for least, words in BELIEF if score >= least), "")
    sure = f"{words} {'' if words.endswith(('think', 'whether')) else 'that '}they are one report".strip()
    return f"The rule is {sure if words else 'inclined to think they are two reports'} ({score:.2f} of 1)."


def _anchor(report: str) -> Record | None:
    """The record that a report came with, whichever report it speaks through now."""
    rows = Record.objects.filter(first_report=report).select_related("origin__source")
    return rows.order_by("origin_id", "position").first()


def _found(held: Record | None) -> str:
    if held is None:
        return "No record is held of it."
    return f"{held.origin.source.name}: {held.origin.filename}, line {held.line:,}"


def fields(record: ReadRecord) -> dict[str, str]:
    """What a record says that tells it from another, by the names of its fields."""
    return {
        "Title": record.title,
        "Authors": "; ".join(record.authors),
        "Year": str(record.year or ""),
        "Published in": record.venue,
        "Volume": record.volume,
        "Issue": record.issue,
        "Pages": record.pages,
        "DOI": record.doi,
        "ISSN": record.issn,
        "Type": record.entry_type,
        "Abstract": _cut(record.abstract),
    }


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]} \N{HORIZONTAL ELLIPSIS}"


def compare(left: ReadRecord, right: ReadRecord) -> dict[str, Any]:
    """Fields that differ, with the words that do marked, and fields that say the same; empty in both: left out.

    Capitals, signs and spaces make no difference: databases write them as they like.
    """
    ours, theirs = fields(left), fields(right)
    same = [name for name in ours if _bare(ours[name]) == _bare(theirs[name])]
    different = [
        {"name": name, "left": marked(value, theirs[name]), "right": marked(theirs[name], value)}
        for name, value in ours.items()
        if name not in same
    ]
    return {"different": different, "same": [(name, [ours[name]]) for name in same if ours[name]]}


def _bare(text: str) -> str:
    return "".join(map(_key, _words(text)))


def _key(word: str) -> str:
    """What counts of a word: a number as it stands, of other words their letters."""
    return word if word[-1:].isdigit() else "".join(letter for letter in word.casefold() if letter.isalnum())


def marked(text: str, other: str) -> Runs:
    """The text with the words marked that the other has not. Where one is empty there is nothing to mark."""
    if not other or not text:
        return [text] if text else []
    mine, theirs = _words(text), _words(other)
    compared = SequenceMatcher(None, [_key(word) for word in mine], [_key(word) for word in theirs], autojunk=False)
    apart = [False] * len(mine)
    for how, start, end, _, _ in compared.get_opcodes():
        apart[start:end] = [how != "equal"] * (end - start)
    for at in range(1, len(mine) - 1):  # what stands between two marked words is marked with them, and else not
        if not _key(mine[at]):
            apart[at] = apart[at - 1] and apart[at + 1]
    runs: Runs = []
    for differs, words in groupby(zip(apart, mine, strict=True), key=lambda pair: pair[0]):
        said = "".join(word for _, word in words)
        runs.append({"mark": said} if differs and _bare(said) else said)
    return runs


def highlighted(runs: Runs, other: Runs) -> Runs:
    """Inline text with what the other has not marked: words, and whole numbers with their links."""
    if not other:
        return runs
    text = "".join(_said(node) for node in other)
    numbers = {_said(node) for node in other if not isinstance(node, str)}
    found: Runs = []
    for node in runs:
        if isinstance(node, str):
            found += marked(node, text)
        else:
            found.append(node if _said(node) in numbers else {**node, "changed": True})
    return found


def _said(node: Any) -> str:
    return node if isinstance(node, str) else str(node.get("number", node.get("link", "")))


def _words(text: str) -> list[str]:
    """Numbers with their signs, words, and what stands between them."""
    return re.findall(r"[+\N{MINUS SIGN}]?\d+(?:[.,]\d+)*|[^\W\d]+|\s+|[^\w\s]", text)


def _proposed(match: MatchDecision) -> str:
    """Which rule, run by whom and when; the event may have been left behind where the pair came from."""
    pair = f'"{match.left_id}","{match.right_id}"'
    event = Event.objects.filter(verb=PROPOSED_VERB, payload__body__contains=pair).order_by("-pk").first()
    rule = f"Proposed by the rule “{match.rule}”"
    return f"{rule}, run by {said(event)}" if event else rule


def _history(match: MatchDecision) -> list[dict[str, str]]:
    """Who decided what about this pair, oldest first."""
    events = Event.objects.about(match.left_id).filter(mentions__subject=match.right_id)
    verbs = {f"collate.match-{state}": words for state, words in DECIDED.items()}
    return [{"what": verbs[one.verb], "who": said(one)} for one in events if one.verb in verbs]


def merges() -> QuerySet[MatchDecision]:
    """Merges that stand, the newest first, each with the number of the event that made it (null where none is held)."""
    events = EventSubject.objects.filter(event__verb=CONFIRMED_VERB, subject=OuterRef("left_id"))
    both = events.filter(Exists(EventSubject.objects.filter(event=OuterRef("event"), subject=_outer("right_id"))))
    newest = both.order_by("-event__at", "-event_id").values("event_id")[:1]
    held = MatchDecision.objects.filter(state=MatchDecision.CONFIRMED).select_related("left", "right")
    return held.annotate(made_by=Subquery(newest)).order_by(F("made_by").desc(nulls_last=True), "pk")


def _outer(name: str) -> Any:
    return OuterRef(OuterRef(name))


def merge_entries(matches: list[MatchDecision]) -> list[dict[str, Any]]:
    """Merges for a list: what was kept, what now speaks through it, who said so."""
    events = Event.objects.in_bulk([one.made_by for one in matches if one.made_by])
    return [
        {
            "identifier": one.pk,
            "kept": [{"link": one.left.citation(), "href": f"/reports/{one.left_id}/"}],
            "title": one.left.title,
            "merged": one.right.citation() if one.right.citation() != one.left.citation() else "",
            "reason": one.reason,
            "who": said(events[one.made_by]) if one.made_by in events else "Who merged them is not recorded here.",
        }
        for one in matches
    ]


def merged_into(report: str) -> list[dict[str, Any]]:
    """The reports that speak through this one since a merge, and the one through which it speaks itself, if any."""
    rows = Record.objects.filter(report=report).exclude(first_report=report).select_related("first_report")
    known = {row.first_report_id: row.first_report for row in rows}
    gone = Record.objects.filter(first_report=report).exclude(report=report).select_related("report").first()
    found = [_also(one.pk, "Also known as ", one.citation(), known) for one in known.values()]
    return found + ([_also(gone.report_id, "Merged into ", gone.report.citation(), {})] if gone else [])


def _also(identifier: str, before: str, words: str, known: dict[str, Any]) -> dict[str, Any]:
    return {"parts": [before, {"link": words, "href": f"/reports/{identifier}/"}], "merged": identifier in known}
