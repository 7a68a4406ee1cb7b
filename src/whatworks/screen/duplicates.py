"""What happens to candidates when reports are found to be one, or two again after all.

Of the candidates whose reports became one, one stays up for decision with all that was said; the others wait. It is the
candidate of the report that speaks, or else the one that came first; a report that the previous version of the review
took in comes before all. The full text that is up is that of the candidate that stays. When a merge is undone each
stands for itself again, with what was said about it; what was never up because it was taken for another is put up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Q

from whatworks.collate.following import Regrouped, follow_groups
from whatworks.collate.models import Record
from whatworks.ledger.models import Event
from whatworks.screen.methods.protocol import TITLE
from whatworks.screen.models import Candidate, Opinion, Review, Wave
from whatworks.screen.reckoning import DECIDED, full_text_of, reckon, withdraw_of
from whatworks.screen.reviewing import rules_of
from whatworks.screen.waves import add_reports, new_in

Groups = dict[tuple[str, str], list[Candidate]]  # by review, and the report that speaks


@follow_groups
def follow(change: Regrouped, event: Event) -> None:
    """Let the candidates of every review follow their reports."""
    if not Wave.objects.exists():
        return  # no review is screened here, and imports merge reports by the thousand
    _put_up(change, _grouped(change), by=event.actor)
    groups = _grouped(change)
    leaders = [one for (_, speaker), rows in groups.items() for one in _arrange(rows, speaker, by=event.actor)]
    for one in leaders:
        _join_again(one)
    # Titles first: whether a full text is up at all follows from them; and who leads before those who follow.
    for one in sorted(leaders, key=lambda one: (one.stage != TITLE, one.as_one_id is not None)):
        reckon(one, by=event.actor)


def _arrange(rows: list[Candidate], speaker: str, *, by: str) -> list[Candidate]:
    """Say which of the candidates of one report stay up, and let the others wait. Returns those to be reckoned again."""
    taken = [row for row in rows if row.wave.route == Wave.PREVIOUS]
    titles = [] if taken else [row for row in rows if row.stage == TITLE]
    first = taken or titles or rows
    leader = next((row for row in first if row.report_id == speaker), first[0])
    full = next((row for row in rows if row.stage != TITLE), None)
    leaders = [leader]
    if full is not None and leader.stage == TITLE:
        leaders.append(full_text_of(leader, full))
    up = {one.pk: one for one in leaders}
    again = [row for row in rows if row.pk in up]
    for row in again:
        _restore(row)
    for row in rows:
        if row.pk not in up:
            again += _wait_for(row, leaders[-1] if row.stage != TITLE else leader, by=by)
    return [*again, *(one for one in leaders if one.pk not in {row.pk for row in rows})]


def _restore(row: Candidate) -> None:
    """Let a candidate stand for itself again, and those that were decided with it, with it."""
    was = row.same_as
    if was is None:
        return
    row.same_as, row.state = None, Candidate.OPEN
    row.save(update_fields=["same_as", "state"])
    leader = was.as_one or was
    if row.likeness is not None and leader.likeness != row.likeness:
        Candidate.objects.filter(as_one=leader, likeness=row.likeness).exclude(pk=row.pk).update(as_one=row)


def _wait_for(row: Candidate, leader: Candidate, *, by: str) -> list[Candidate]:
    """Let a candidate be a duplicate. Returns those who are to be reckoned because it no longer speaks for them."""
    if row.same_as_id == leader.pk:
        return []
    leader.refresh_from_db(fields=["as_one"])
    spoken = Opinion.objects.current().filter(Q(candidate=row) | Q(candidate__same_as=row)).exists()
    withdraw_of(row, by=by)
    row.same_as, row.state, row.as_one, row.settled_at = leader, Candidate.DUPLICATE, None, None
    row.save(update_fields=["same_as", "state", "as_one", "settled_at", "judgement"])
    if row.stage != leader.stage:
        return _lead_on(row)
    # What people have read is decided by what they said, and no longer with a report like it.
    if leader.as_one_id == row.pk or (leader.as_one_id and spoken):
        leader.as_one = None
        leader.save(update_fields=["as_one"])
    target = leader.as_one_id or leader.pk
    Candidate.objects.filter(as_one=row).exclude(pk=target).update(as_one=target)
    return []


def _lead_on(row: Candidate) -> list[Candidate]:
    """Let the first of those that were decided with a candidate lead the others."""
    alike = list(row.alike.order_by("number", "pk"))
    for one in alike:
        one.as_one = None if one is alike[0] else alike[0]
        one.save(update_fields=["as_one"])
    return alike


def _join_again(row: Candidate) -> None:
    """Let a candidate that nobody has said anything about be decided with one like it that came before."""
    row.refresh_from_db()
    if row.stage != TITLE or row.likeness is None or row.as_one_id:
        return
    if Opinion.objects.current().filter(Q(candidate=row) | Q(candidate__same_as=row)).exists():
        return
    like = Candidate.objects.at(row.review_id, TITLE).filter(likeness=row.likeness, as_one=None, number__lt=row.number)
    first = like.exclude(state=Candidate.DUPLICATE).order_by("number").first()
    if first is not None:
        row.as_one = first
        row.save(update_fields=["as_one"])
        Candidate.objects.filter(as_one=row).update(as_one=first)


def _grouped(change: Regrouped) -> Groups:
    groups: defaultdict[tuple[str, str], list[Candidate]] = defaultdict(list)
    rows = Candidate.objects.filter(report__in=list(change.after)).select_related("wave", "same_as")
    for row in rows.order_by("number", "pk"):
        groups[row.review_id, change.after[row.report_id]].append(row)
    return groups


def _put_up(change: Regrouped, groups: Groups, *, by: str) -> None:
    """Put up what was given to a review and was taken for another until now.

    Where that other was never given itself, and was up only in its place, its candidates come with all that was said.
    """
    members: defaultdict[str, list[str]] = defaultdict(list)
    for report, speaker in change.after.items():
        members[speaker].append(report)
    for review in Review.objects.filter(pk__in={review for review, _ in groups}):
        for speaker in [one for one in members if (review.pk, one) not in groups]:
            wave = _brought_by(review, members[speaker])
            if wave is None:
                continue
            together = [one for one in members if change.before[one] == change.before[speaker]]
            stood = [one for one in together if (review.pk, one) in groups and not _brought_by(review, members[one])]
            if stood:
                _hand_over(groups.pop((review.pk, stood[0])), speaker, by=by)
            else:
                add_reports(wave, rules_of(review), [speaker])
                wave.added = new_in(wave)
                wave.save(update_fields=["added"])


def _hand_over(rows: Collection[Candidate], report: str, *, by: str) -> None:
    """Let the candidates that are up be of another report; what was decided is drawn anew for it."""
    for row in [row for row in rows if row.same_as_id is None]:
        withdraw_of(row, by=by)
        row.report_id = report
        row.state = Candidate.OPEN if row.state in DECIDED else row.state
        row.save(update_fields=["report", "judgement", "state"])


def _brought_by(review: Review, reports: Collection[str]) -> Wave | None:
    """The first wave by which a review was given any of these reports."""
    origins = set(Record.objects.filter(first_report__in=reports).values_list("origin", flat=True))

    def gave(given: dict[str, Iterable[str]]) -> bool:
        return not origins.isdisjoint(given["imports"]) or not set(reports).isdisjoint(given["reports"])

    return next((wave for wave in review.waves.order_by("number") if gave(wave.given)), None)
