"""Taking up what people decided in other tools: theirs becomes opinions here, under the tool's name and never a user's.

Where the decisions of one tool about a report agree they stand as that tool's; where they differ each is kept under its
own name, and the report is in conflict here. Doing it again adds nothing. What cannot be taken up is counted by why.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import F

from whatworks.collate.models import Import, OthersDecision
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.ledger.actions import record
from whatworks.saying import said
from whatworks.screen.methods.protocol import FULL_TEXT, TITLE
from whatworks.screen.models import Candidate, Review, Wave
from whatworks.screen.passing_on import Voice, pass_all_on
from whatworks.screen.reckoning import OTHERS
from whatworks.screen.reviewing import may_lead

WAYS = {
    "labels": "As decided: what the other tool came to holds here, unless somebody here has said something",
    "opinions": "As opinions: what each of them said counts as one person's answer here",
}
LONGEST = 64  # characters of a name
PIECE = 50  # reports in one transaction: a person who decides meanwhile waits a fraction of a second
IN_CONFLICT = "in conflict in the other tool"
NOT_UP = "of records that are not up in this review"
BEFORE = "of reports that the previous version of the review took in"
TITLE_OPEN = "on a full text whose title and abstract are not decided here"
IMPLIED = "Taken further there: its full text was judged."


@dataclass(slots=True)
class TakenUp:
    """How many decisions were taken up, how many had been before, and why others were not."""

    added: int = 0
    already: int = 0
    left: Counter[str] = field(default_factory=Counter)

    def summary(self) -> str:
        """One sentence."""
        said = f"{self.added:,} taken up, {self.already:,} taken up before"
        return (
            f"{said}; not taken up: {', '.join(f'{n:,} {why}' for why, n in self.left.most_common())}."
            if (self.left)
            else f"{said}."
        )


def take_up(
    *, by: str, review: Review, wave: Wave | None = None, imports: Sequence[Import] = (), as_: str = "labels"
) -> TakenUp:
    """Take up others' decisions on the records of these imports, of a wave, or of all waves, in one of WAYS.

    Some at a time are one transaction, so what was interrupted is done again. Raises ForbiddenError where the person does
    not lead the review, ConflictError while records are still being added.
    """
    if as_ not in WAYS:
        raise InputError(
            said("Decisions cannot be taken up as %(as_)r; choose one of %(ways)s.", as_=as_[:40], ways=", ".join(WAYS))
        )
    if not may_lead(review, by):
        raise ForbiddenError(said("Only a lead of the review takes up what was decided elsewhere."))
    waves = [wave] if wave else list(review.waves.all())
    if adding := next((one for one in waves if not one.complete), None):
        raise ConflictError(
            said("“%(name)s” is still being added; take its decisions up when all of it is there.", name=adding.name)
        )
    origins = [one.pk for one in imports] or [origin for one in waves for origin in one.given["imports"]]
    found = TakenUp()
    # Titles first: a full text is up only when its title is taken further.
    for stage in (TITLE, FULL_TEXT):
        groups = list(_grouped(review, stage, origins, found).items())
        for start in range(0, len(groups), PIECE):
            _take(by, review, dict(groups[start : start + PIECE]), stage, as_, found)
    payload = {"added": found.added, "already": found.already, "left": dict(found.left), "as": as_}
    record(verb="screen.take-up", by=by, about=[review], payload=payload)
    return found


def _grouped(review: Review, stage: str, origins: Sequence[str], found: TakenUp) -> dict[str, list[OthersDecision]]:
    """Others' decisions at a stage by the title that they are about."""
    titles = _titles(review, leading=stage == TITLE)
    taken_in = set(Candidate.objects.filter(review=review, wave__route=Wave.PREVIOUS).values_list("report", flat=True))
    rows = OthersDecision.objects.filter(record__origin__in=origins, record__origin__complete=True)
    # Not the records themselves: each has all of its fields, and only its report is asked for.
    rows = rows.annotate(report=F("record__report")).order_by("record__origin", "record__position", "position")
    groups: defaultdict[str, list[OthersDecision]] = defaultdict(list)
    for row in rows.filter(stage=FULL_TEXT) if stage == FULL_TEXT else rows.exclude(stage=FULL_TEXT):
        report = row.report
        if row.stage not in ("", TITLE, FULL_TEXT):
            found.left[f"at a stage called “{row.stage}”"] += 1
        elif report not in titles:
            found.left[BEFORE if report in taken_in else NOT_UP] += 1
        elif row.verdict == "conflict":
            found.left[IN_CONFLICT] += 1
        else:
            groups[titles[report]].append(row)
    return groups


def _titles(review: Review, *, leading: bool) -> dict[str, str]:
    """By the report that speaks, its title; `leading` for the one that decides for it, where it is nearly identical."""
    rows = Candidate.objects.at(review, TITLE).exclude(state=Candidate.DUPLICATE)
    told = rows.values_list("pk", "as_one", "report", "report__merged_into")
    return {into or report: (leading and leader) or pk for pk, leader, report, into in told}


def _take(
    by: str, review: Review, piece: Mapping[str, Sequence[OthersDecision]], stage: str, as_: str, found: TakenUp
) -> None:
    up = _full_texts(by, review, piece, as_) if stage == FULL_TEXT else {title: title for title in piece}
    if left := sum(len(said) for title, said in piece.items() if title not in up):
        found.left[TITLE_OPEN] += left
    heard: list[tuple[Voice, int]] = []
    for title, target in up.items():
        said, final = piece[title], as_ == "labels"
        for name, rows in _voices(said, agreed=final and len({row.verdict for row in said}) == 1):
            first, key = next((row for row in rows if row.reason), rows[0]), _key(target, name, rows)
            heard.append((Voice(target, name, first.verdict, key, first.reason, _note(rows), final), len(rows)))
    made = pass_all_on(by=by, voices=[voice for voice, _ in heard])
    for (_, count), (_, new) in zip(heard, made, strict=True):
        found.added, found.already = found.added + new * count, found.already + (not new) * count


def _full_texts(by: str, review: Review, piece: Mapping[str, Sequence[OthersDecision]], as_: str) -> dict[str, str]:
    """By title, the full text that is up for it. That it was judged there means that its title was taken further there."""
    rows = Candidate.objects.filter(pk__in=piece).values_list("pk", "report", "as_one")
    reports, leaders = {pk: report for pk, report, _ in rows}, {pk: leader or pk for pk, _, leader in rows}
    up = _up(review, reports.values())
    bare = [title for title in piece if reports[title] not in up]
    while bare:
        # Near-identical ones are decided together: where one of them was taken further the others are up too.
        first: dict[str, str] = {}
        for title in bare:
            first.setdefault(leaders[title], title)
        pass_all_on(by=by, voices=[_implied(one, piece[one], final=as_ == "labels") for one in first.values()])
        up |= _up(review, [reports[title] for title in bare])
        bare = [title for title in bare if title not in first.values() and reports[title] not in up]
    return {title: up[reports[title]] for title in piece if reports[title] in up}


def _implied(title: str, said: Sequence[OthersDecision], *, final: bool) -> Voice:
    """That a title was taken further, by the tool that judged its full text."""
    name = _actor(said[0].tool)
    return Voice(title, name, Candidate.INCLUDE, _key(title, name, said), note=IMPLIED, final=final)


def _up(review: Review, reports: Collection[str]) -> dict[str, str]:
    """By report, the full text that is up for it."""
    rows = Candidate.objects.at(review, FULL_TEXT).counted().filter(report__in=list(reports))
    return dict(rows.values_list("report", "pk"))


def _voices(said: Sequence[OthersDecision], *, agreed: bool) -> list[tuple[str, list[OthersDecision]]]:
    """Who speaks: each tool where all agree, else each by name. One who said two things (of two records) is two voices."""
    groups: dict[tuple[str, str, str], list[OthersDecision]] = {}
    for row in said:
        groups.setdefault((row.tool, "" if agreed else row.who, row.verdict), []).append(row)
    voices: Counter[tuple[str, str]] = Counter()
    found = []
    for (tool, who, _), rows in groups.items():
        voices[tool, who] += 1
        found.append((_actor(tool, who, voices[tool, who]), rows))
    return found


def _actor(tool: str, who: str = "", voice: int = 1) -> str:
    """The name under which others' words are kept; a long one is cut and told apart by a digest.

    >>> _actor("ASReview"), _actor("Rayyan", "Anna"), _actor("Rayyan", "Anna", 2)
    ('other:ASReview', 'other:Rayyan:Anna', 'other:Rayyan:Anna#2')
    """
    name = f"{OTHERS}{tool}" + (f":{who}" if who else "") + (f"#{voice}" if voice > 1 else "")
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 9]}~{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _key(candidate: str, name: str, rows: Iterable[OthersDecision]) -> str:
    """The same decisions taken up again are the same request."""
    return hashlib.sha256("\n".join([candidate, name, *sorted(row.pk for row in rows)]).encode()).hexdigest()


def _note(rows: Iterable[OthersDecision]) -> str:
    return "; ".join(dict.fromkeys(label for row in rows for label in row.labels))
