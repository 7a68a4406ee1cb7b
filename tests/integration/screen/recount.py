"""The slow, obvious twin of the live flow: counts made one report at a time from waves, records and opinions.

It asks the candidates only which of a group stays up, which one it is decided with, and how many opinions were wanted;
where each stands is worked out anew from what people said.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from whatworks.collate.models import Record, Report
from whatworks.screen.methods.protocol import FULL_TEXT, TITLE
from whatworks.screen.models import Candidate, Opinion, Review

UP = ("include", "exclude", "conflict", "open", "unscreened", "unretrieved")
PREFIX = {True: "other", False: "dbr"}


@dataclass
class Ground:
    """All rows of a review, and through which report each speaks."""

    review: Review

    def __post_init__(self) -> None:
        self.speaks = {pk: into or pk for pk, into in Report.objects.values_list("pk", "merged_into")}
        self.waves = [wave for wave in self.review.waves.order_by("number") if wave.complete]
        self.rows = list(Candidate.objects.filter(review=self.review).select_related("wave", "as_one", "judgement"))
        words = Opinion.objects.filter(candidate__review=self.review).order_by("at", "pk")
        self.opinions = list(words.values("candidate_id", "by", "number", "decision", "reason", "third"))

    def said(self, row: Candidate) -> list[dict[str, object]]:
        """The last words about a candidate and its duplicates."""
        about = {one.pk for one in self.rows if one.stage == row.stage and row.pk in (one.pk, one.same_as_id)}
        mine = [one for one in self.opinions if one["candidate_id"] in about]
        last = Counter()
        for one in mine:
            last[one["candidate_id"], one["by"]] = max(last[one["candidate_id"], one["by"]], one["number"])
        kept = [one for one in mine if one["number"] == last[one["candidate_id"], one["by"]]]
        return [one for one in kept if one["decision"] != "withdrawn"]

    def stands(self, row: Candidate) -> str:
        """Where what was said puts a candidate."""
        row = row.as_one or row
        said, previous = self.said(row), row.wave.route == "previous"
        thirds = [one for one in said if one["third"] and one["decision"] != "maybe"]
        if thirds:
            return str(thirds[-1]["decision"])
        words = {(one["by"], one["decision"]) for one in said} | ({("", "include")} if previous else set())
        answers = {decision for _, decision in words}
        if len(words) < (1 if previous else row.needed):
            return "open"
        if len(answers) == 1 and "maybe" not in answers:
            return str(answers.pop())
        shared_doubt = row.stage == TITLE and "exclude" not in answers and len(words) > 1
        return "include" if shared_doubt else "conflict"


def recount(review: Review) -> dict[str, int]:
    """Every count of the flow that is not nought; an AssertionError where a report is lost, or counted twice."""
    ground, found = Ground(review), Counter[str]()
    alive = _alive(ground)
    for wave in ground.waves:
        if wave.route != "previous":
            number = Record.objects.filter(origin__in=wave.given["imports"]).count() + len(wave.given["reports"])
            found["other_results" if wave.route == "other" else f"{wave.route[:-1]}_results"] += number
            found["other_duplicates" if wave.route == "other" else "duplicates"] += number
    for row in alive:
        if row.wave.route == "previous":
            assert row.state == ground.stands(row)
            found["previous_reports"] += row.state == "include"
            continue
        other = row.wave.route == "other"
        found["other_duplicates" if other else "duplicates"] -= 1
        _title(ground, row, found, other=other)
    if any(wave.route == "previous" for wave in ground.waves):
        found["total_reports"] = found["previous_reports"] + found["new_reports"]
    return {item: n for item, n in found.items() if n}


def _alive(ground: Ground) -> list[Candidate]:
    """The one candidate that is up for each report that was given."""
    found: dict[str, Candidate] = {}
    for wave in ground.waves:
        records = Record.objects.filter(origin__in=wave.given["imports"]).values_list("first_report", flat=True)
        for report in [*records, *wave.given["reports"]]:
            group = ground.speaks[report]
            up = [
                row
                for row in ground.rows
                if ground.speaks[row.report_id] == group
                and row.same_as_id is None
                and (row.stage == TITLE or row.wave.route == "previous")
            ]
            assert len(up) == 1, (report, [(row.stage, row.wave.route, row.state) for row in up])
            found[up[0].pk] = up[0]
    return list(found.values())


def _title(ground: Ground, row: Candidate, found: Counter[str], *, other: bool) -> None:
    leader = row.as_one or row
    assert leader.same_as_id is None and leader.as_one_id is None, "who follows must have somebody to follow"
    left_out = row.state == "unscreened" and not ground.said(leader)
    if left_out:
        assert ground.review.stops.standing().filter(stage=TITLE).exists()
    state = "unscreened" if left_out else ground.stands(row)
    assert row.state == state, (row.state, state)
    full = next((one for one in ground.rows if one.stage == FULL_TEXT and one.report_id == row.report_id), None)
    judged = full is not None and bool(ground.said(full))
    assert (full is not None and full.state in UP) == (state == "include" or judged)
    if full is not None and full.state in UP:
        found["records_screened"] += not other
        _full_text(ground, full, found, PREFIX[other])
    elif state == "exclude":
        found["other_screened_out" if other else "records_excluded"] += 1
        found["records_screened"] += not other
    elif state == "unscreened":
        found["other_automatic" if other else "excluded_automatic"] += 1
    else:
        found["other_waiting" if other else "records_waiting"] += 1


def _full_text(ground: Ground, full: Candidate, found: Counter[str], route: str) -> None:
    said = bool(ground.said(full))
    state = full.state if not said and full.state in ("unretrieved", "unscreened") else ground.stands(full)
    assert full.state == state, (full.state, state)
    found[f"{route}_sought_reports"] += 1
    if state == "unretrieved":
        found[f"{route}_notretrieved_reports"] += 1
    elif state in ("include", "exclude"):
        found[f"{route}_assessed"] += 1
        found[f"{route}_excluded" if state == "exclude" else "new_reports"] += 1
    else:
        found[f"{route}_reports_waiting"] += 1
