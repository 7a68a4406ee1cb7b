"""What happens to candidates when reports are found to be one, or two again after all."""

from __future__ import annotations

from collections import defaultdict

from whatworks.collate.following import Regrouped, follow_groups
from whatworks.ledger.models import Event
from whatworks.screen.deciding import reckon, take_over, withdraw_of
from whatworks.screen.models import Candidate, Wave


@follow_groups
def follow(change: Regrouped, event: Event) -> None:
    """Of the candidates whose reports became one, one stays up for decision with all that was said; the others wait.

    It is the candidate of the report that speaks, or else the one that came first. When a merge is undone each stands
    for itself again, with what was said about it.
    """
    groups: defaultdict[tuple[str, str, str], list[Candidate]] = defaultdict(list)
    for row in Candidate.objects.filter(report__in=list(change.after)).order_by("number"):
        groups[row.review_id, row.stage, change.after[row.report_id]].append(row)
    again: dict[str, Candidate] = {}
    for (_, _, speaker), rows in groups.items():
        leader = next((row for row in rows if row.report_id == speaker), rows[0])
        for row in rows:
            _follow(row, None if row.pk == leader.pk else leader, again, by=event.actor)
        again[leader.pk] = leader
    for row in again.values():
        reckon(row, by=event.actor)


def _follow(row: Candidate, leader: Candidate | None, again: dict[str, Candidate], *, by: str) -> None:
    if leader is None and row.same_as_id is not None:
        row.same_as, row.state = None, Candidate.OPEN
        row.save(update_fields=["same_as", "state"])
        if row.wave.route == Wave.PREVIOUS:
            take_over(row, by=by)
        again[row.pk] = row
    elif leader is not None and row.same_as_id != leader.pk:
        withdraw_of(row, by=by)
        row.same_as, row.state, row.as_one, row.settled_at = leader, Candidate.DUPLICATE, None, None
        row.save(update_fields=["same_as", "state", "as_one", "settled_at", "judgement"])
        Candidate.objects.filter(as_one=row).exclude(pk=leader.pk).update(as_one=leader)
