"""A pair of reports as its page shows it; merged reports with where each of their fields came from."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.collate.importing import as_read
from whatworks.collate.merging import Ground, picked
from whatworks.collate.methods.differing import compare, marked
from whatworks.collate.methods.fullest import NO_TITLE, RULES
from whatworks.collate.methods.records import Record as ReadRecord
from whatworks.collate.models import MatchConflict, MatchDecision, MatchProposal, Record, Report
from whatworks.collate.models.matching import in_order
from whatworks.people.naming import who_and_when

SAID = {
    "same": gettext_lazy("Found to be the same"),
    "different": gettext_lazy("Found to be different"),
    "linked": gettext_lazy("Found to be related, and kept apart"),
    "open": gettext_lazy("Taken back"),
}
ASKS = {
    "same": gettext_lazy("The rule would merge them."),
    "ask": gettext_lazy("The rule asks you."),
    "linked": gettext_lazy("The rule takes them for two related reports."),
}
PERSON = "person"  # in the place of a rule's name: somebody who may not decide has asked
BELIEF = (
    (0.97, gettext_lazy("The rule is almost sure that they are one report (%(told)s).")),
    (0.85, gettext_lazy("The rule is fairly sure that they are one report (%(told)s).")),
    (0.6, gettext_lazy("The rule is inclined to think they are one report (%(told)s).")),
    (0.35, gettext_lazy("The rule is in doubt whether they are one report (%(told)s).")),
    (0, gettext_lazy("The rule is inclined to think they are two reports (%(told)s).")),
)
FIELD_NAMES = {
    "title": gettext_lazy("Title"),
    "authors": gettext_lazy("Authors"),
    "year": gettext_lazy("Year"),
    "venue": gettext_lazy("Published in"),
    "doi": gettext_lazy("DOI"),
    "url": gettext_lazy("Address"),
    "sort": gettext_lazy("Type"),
}


def pairs(proposals: Sequence[MatchProposal]) -> list[dict[str, Any]]:
    """Proposals for the page on which people decide, in few queries however many there are."""
    wanted = {report for one in proposals for report in one.pair}
    found = _found(wanted)
    reports = Report.objects.in_bulk(wanted)
    return [pair(reports[one.left_id], reports[one.right_id], one, found) for one in proposals]


def pair(
    left: Report, right: Report, proposal: MatchProposal | None, found: dict[str, list[Record]] | None = None
) -> dict[str, Any]:
    """All that a page needs to decide on two reports, or to take a decision back."""
    found = found if found is not None else _found([left.pk, right.pk])
    history = list(MatchDecision.objects.of(left.pk, right.pk))
    sides = [
        _side(name, one, found.get(one.pk, [])) for name, one in ((_("The first"), left), (_("The second"), right))
    ]
    ours, theirs = (_read(one, found.get(one.pk, [])) for one in (left, right))
    ruled = proposal if proposal is not None and proposal.rule != PERSON else None
    return compare(ours, theirs) | {
        "identifier": proposal.pk if proposal else "",
        "left": left.pk,
        "right": right.pk,
        "title": left.alone()["title"],
        "seen": len(history),
        "decided": history[-1].decision if history else "",
        "decision": history[-1].pk if history else "",
        "together": left.speaker().pk == right.speaker().pk,
        "reason": proposal.reason if proposal else _("No rule has said anything about these two."),
        "belief": f"{belief(ruled.probability)} {ASKS[ruled.decision]}" if ruled else "",
        "rule": _("Rule “%(rule)s”, version %(version)s") % {"rule": ruled.rule, "version": ruled.version}
        if ruled
        else "",
        "sides": sides,
        "history": [{"what": SAID[one.decision], "who": who_and_when(one.by, one.at)} for one in history],
    }


def belief(probability: float) -> str:
    """How sure a rule is, in words first."""
    words = next(words for least, words in BELIEF if probability >= least)
    told = (
        _("%(probability)s of 100") % {"probability": f"{probability * 100:.0f}"}
        if 0.01 <= probability <= 0.99
        else _("nearly certain")
    )
    return str(words) % {"told": told}


def _found(reports: Iterable[str]) -> dict[str, list[Record]]:
    """The records that each report came with."""
    rows = Record.objects.filter(first_report__in=list(reports)).select_related("origin__source")
    found: defaultdict[str, list[Record]] = defaultdict(list)
    for row in rows.order_by("origin_id", "position"):
        found[row.first_report_id].append(row)
    return found


def _read(report: Report, rows: list[Record]) -> ReadRecord:
    """The record that a report came with; where none is held, what the report says of itself."""
    if rows:
        return as_read(rows[0])
    said = report.alone()
    tags = [("TY", said["sort"]), ("TI", said["title"]), *(("AU", name) for name in said["authors"].split("; "))]
    tags += [("PY", str(said["year"] or "")), ("T2", said["venue"]), ("DO", said["doi"]), ("UR", said["url"])]
    return ReadRecord(1, 1, tuple((tag, value) for tag, value in tags if value))


def _side(name: str, report: Report, rows: list[Record]) -> dict[str, Any]:
    return {
        "name": name,
        "href": f"/reports/{report.pk}/",
        "found": _where(rows[0]) if rows else _("No record is held of it."),
        "tags": [(tag, value) for tag, value in rows[0].tags] if rows else [],
        "speaks": report.speaker().citation() if report.merged_into_id else "",
    }


def _where(row: Record) -> str:
    return _("%(name)s: %(filename)s, line %(line)s") % {
        "name": row.origin.source.name,
        "filename": row.origin.filename,
        "line": f"{row.line:,}",
    }


def brief(proposals: Sequence[MatchProposal]) -> list[dict[str, Any]]:
    """Proposals for a list in which many are decided at once: two citations with the words marked that differ."""
    found = []
    for one in proposals:
        left, right = one.left.citation(), one.right.citation()
        found.append(
            {
                "identifier": one.pk,
                "title": one.left.title,
                "left": marked(left, right),
                "right": marked(right, left),
                "reason": one.reason,
                "href": f"/workspace/matches/{one.pk}/",
            }
        )
    return found


def merges(decisions: Sequence[MatchDecision]) -> list[dict[str, Any]]:
    """Merges that people decided, for a list: what speaks, what is with it, who said so."""
    return [_merge(one, one.left.speaker()) for one in decisions]


def _merge(one: MatchDecision, speaker: Report) -> dict[str, Any]:
    own = dict.fromkeys(report.alone()["title"] for report in (one.left, one.right))
    return {
        "pair": one.pair,
        "decision": one.pk,
        "report": speaker.pk,
        "stands": speaker.pk == one.right.speaker().pk,
        "title": speaker.title,
        "others": [title for title in own if title not in (speaker.title, NO_TITLE)],
        "who": who_and_when(one.by, one.at),
    }


def merged_report(report: Report) -> dict[str, Any]:
    """A merged report: where each field comes from, what else could be chosen, and what holds its records together."""
    members = list(Report.objects.together(report.pk))
    anchor = next(one for one in members if one.merged_into_id is None)
    found = _found([one.pk for one in members])
    wanted = picked([one.pk for one in members])
    return {
        "identifier": anchor.pk,
        "title": anchor.title,
        "href": f"/reports/{anchor.pk}/",
        "fields": [_field(name, anchor, members, found, wanted) for name in RULES],
        "members": [
            {"identifier": one.pk, "title": one.alone()["title"], "where": _places(one, found), "speaks": one == anchor}
            for one in members
        ],
        "links": _links(anchor.pk, members),
    }


def _places(report: Report, found: dict[str, list[Record]]) -> str:
    return "; ".join(_where(row) for row in found.get(report.pk, [])) or _("No record is held of it.")


def _field(
    name: str, anchor: Report, members: list[Report], found: dict[str, list[Record]], wanted: dict[str, str]
) -> dict[str, Any]:
    origin = anchor.chosen.get(name, anchor.pk)
    options: dict[str, dict[str, Any]] = {}
    for one in members:
        value = one.alone()[name]
        if value not in (None, "") and json.dumps(value) not in options:
            options[json.dumps(value)] = {"report": one.pk, "value": value, "where": _places(one, found)}
    chosen = getattr(anchor, name)
    return {
        "field": name,
        "name": FIELD_NAMES[name],
        "value": chosen,
        "where": _places(next((one for one in members if one.pk == origin), anchor), found),
        "why": _("chosen by a person") if name in wanted else RULES[name],
        "picked": wanted.get(name, ""),
        "others": [one for one in options.values() if one["value"] != chosen],
    }


def _links(anchor: str, members: list[Report]) -> list[dict[str, Any]]:
    """What says that these are one, people's decisions before rules."""
    ground, titles = Ground([anchor]), {one.pk: one.alone()["title"] for one in members}
    found = []
    for link in sorted(ground.links(), key=lambda link: (link.by_rule, link.rank)):
        if link.left in titles and link.right in titles:
            said = ground.decisions.get((link.left, link.right))
            who = who_and_when(said.by, said.at) if said else _("Merged by rule, not yet looked at by a person")
            pair = {"left": link.left, "right": link.right, "decision": said.pk if said else "", "who": who}
            found.append(pair | {"titles": [titles[link.left], titles[link.right]], "by_rule": link.by_rule})
    return found


def conflicts(rows: Sequence[MatchConflict]) -> list[dict[str, Any]]:
    """Contradictions between decisions, each with both pairs, who decided on them, and the way to decide anew."""
    reports = {key for one in rows for key in (one.left_id, one.right_id, one.apart_left_id, one.apart_right_id)}
    titles = {key: row.alone()["title"] for key, row in Report.objects.in_bulk(reports).items()}
    return [
        {
            "merge": _decided((one.left_id, one.right_id), titles),
            "apart": _decided((one.apart_left_id, one.apart_right_id), titles),
        }
        for one in rows
    ]


def _decided(pair: tuple[str, str], titles: dict[str, str]) -> dict[str, Any]:
    last = MatchDecision.objects.of(*pair).last()
    return {
        "titles": [titles[one] for one in pair],
        "said": SAID[last.decision] if last else "",
        "who": who_and_when(last.by, last.at) if last else "",
        "left": in_order(*pair)[0],
        "right": in_order(*pair)[1],
    }


def also_known(report: str) -> list[dict[str, Any]]:
    """The reports that speak through this one since a merge, and the one through which it speaks itself, if any."""
    row = Report.objects.select_related("merged_into").get(pk=report)
    found = [_also(one.pk, _("Also known as "), one.citation(), merged=True) for one in row.merged.order_by("pk")]
    gone = row.merged_into
    return found + ([_also(gone.pk, _("Merged into "), gone.citation(), merged=False)] if gone else [])


def _also(identifier: str, before: str, words: str, *, merged: bool) -> dict[str, Any]:
    return {"parts": [before, {"link": words, "href": f"/reports/{identifier}/"}], "merged": merged}
