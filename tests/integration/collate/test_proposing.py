"""What the rules propose: an import is compared with what is held, by keys alone, and nothing that people decided moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.collate.centre import BY, OTHER, bring_in, speaks
from whatworks.collate import proposing
from whatworks.collate.actions import decide, propose_matches
from whatworks.collate.models import Import, MatchKey, MatchProgress, MatchProposal, Record
from whatworks.collate.proposing import match_piece, neighbours
from whatworks.collate.queueing import claim, let_go, next_pairs, waiting
from whatworks.collate.tasks import IMPORT, PROPOSE, enqueue_import, enqueue_proposals
from whatworks.ledger.models import Event, Job
from whatworks.ledger.work import _step, work_off
from whatworks.ledger.work import claim as take_job

pytestmark = pytest.mark.django_db

PLACES = "Iowa Utah Ohio Maine Texas Kansas Nevada Oregon Alaska Hawaii Idaho Vermont".split()


def paper(name: str, **change: str) -> dict[str, str]:
    title = f"How young people from {name} fared in their first years after leaving care"
    at = PLACES.index(name)
    place = {"PY": str(2001 + at), "JO": "Children and Places", "VL": str(at + 1), "SP": str(at * 9 + 1)}
    return {"TI": title, "AU": "Marlow, Ann"} | place | change


def export(number: int, *records: dict[str, str]) -> Import:
    return bring_in(number, list(records))


def test_a_new_import_is_matched_with_what_is_held_and_with_itself() -> None:
    export(1, paper("Iowa"), paper("Utah", SP="40"))
    origin = export(2, paper("Iowa", AU="Marlow, A."), paper("Maine", SP="90"), paper("Maine", SP="90"))
    propose_matches(by=BY)
    pairs = {frozenset(one.pair) for one in MatchProposal.objects.filter(decision="same")}
    first = dict(Record.objects.values_list("pk", "first_report"))
    held = {(row.origin_id, row.position): first[row.pk] for row in Record.objects.all()}
    iowa = {report for (where, at), report in held.items() if at == 1}
    maine = {report for (where, at), report in held.items() if where == origin.pk and at > 1}
    assert {frozenset(iowa), frozenset(maine)} <= pairs
    assert not any(pair & iowa and pair & maine for pair in pairs)


def test_running_again_adds_nothing_and_asks_nothing_twice() -> None:
    export(1, paper("Iowa"))
    export(2, paper("Iowa", SP="99"))
    first = propose_matches(by=BY)
    assert first and propose_matches(by=BY) == []
    decide(by=OTHER, left=first[0].left_id, right=first[0].right_id, decision="different")
    MatchProgress.objects.update(matched=0)
    assert propose_matches(by=BY) == []
    assert not MatchProposal.objects.filter(waits=True).exists()
    assert Event.objects.filter(verb="collate.propose-matches").count() == 1


def test_a_newer_rule_supersedes_what_an_older_one_said_and_no_decision(monkeypatch: pytest.MonkeyPatch) -> None:
    export(1, paper("Iowa"))
    export(2, paper("Iowa"))
    [old] = propose_matches(by=BY)
    decide(by=OTHER, left=old.left_id, right=old.right_id, decision="same")
    MatchProposal.objects.filter(pk=old.pk).update(reason="An older rule said so.", version="0")
    monkeypatch.setattr(proposing, "VERSION", "another")
    [new] = propose_matches(by=BY)
    assert MatchProposal.objects.get(pk=old.pk).superseded and not new.superseded
    assert speaks(old.left_id) == speaks(old.right_id)
    assert not MatchProposal.objects.filter(waits=True).exists()


def test_a_popular_key_is_not_followed_to_all_its_holders() -> None:
    """Fifty thousand editorials must not be read for each new one."""
    export(1, *({"TI": "Editorial", "PY": str(1900 + n), "SP": str(n)} for n in range(100)))
    origin = export(2, {"TI": "Editorial", "PY": "1950", "SP": "50"})
    proposing.key_all()
    assert len(neighbours(list(origin.rows.all()))) <= proposing.LARGEST_BLOCK


def test_what_is_not_published_yet_is_matched_with_nothing() -> None:
    export(1, paper("Iowa"))
    bring_in(2, [paper("Iowa")], close=False)
    assert propose_matches(by=BY) == []
    assert MatchKey.objects.exists()


def test_the_work_goes_on_where_it_was_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposing, "MATCHED", 2)
    monkeypatch.setattr(proposing, "KEYED", 2)
    export(1, *(paper(name) for name in PLACES[:6]))
    origin = export(2, *(paper(name) for name in PLACES[:6]))
    work_off()  # what follows every import
    job = enqueue_proposals(by=BY, origin=origin)
    mine = take_job("first")
    assert mine is not None
    for _ in range(10):
        assert _step(mine)
    made = MatchProposal.objects.count()
    Job.objects.filter(pk=job.pk).update(state=Job.WAITING, worker="")  # its worker was killed
    work_off()
    job.refresh_from_db()
    assert (job.state, job.error, job.done) == (Job.DONE, "", 6)
    whole = set(MatchProposal.objects.values_list("left", "right"))
    assert 0 < made < len(whole)
    MatchProposal.objects.all().delete()
    MatchProgress.objects.update(matched=0)
    monkeypatch.setattr(proposing, "MATCHED", 500)
    while match_piece(origin, by=BY) is not None:
        pass
    assert set(MatchProposal.objects.values_list("left", "right")) == whole


def test_two_people_never_get_the_same_pair_and_a_pair_left_lying_comes_back() -> None:
    """One would decide on what the other has just decided."""
    import datetime

    from django.utils import timezone

    export(1, *(paper(name) for name in PLACES[:6]))
    export(2, *(paper(name) for name in PLACES[:6]))
    propose_matches(by=BY)
    total = waiting()
    mine, theirs = next_pairs(BY, count=2), next_pairs(OTHER, count=total)
    assert len(mine) == 2 and len(theirs) == total - 2
    assert not {one.pk for one in mine} & {one.pk for one in theirs}
    assert [one.pk for one in next_pairs(BY, count=2)] == [one.pk for one in mine]  # a page loaded again
    let_go(mine[0].pk, BY)
    assert claim(mine[0], OTHER) and not claim(mine[0], BY)
    mine[1].claim.__class__.objects.filter(pk=mine[1].pk).update(until=timezone.now() - datetime.timedelta(seconds=1))
    assert claim(mine[1], OTHER)


def test_pairs_can_be_narrowed_to_one_import() -> None:
    export(1, paper("Iowa"), paper("Utah"))
    second = export(2, paper("Iowa"))
    propose_matches(by=BY)
    third = export(3, paper("Utah"))
    propose_matches(by=BY)
    found = next_pairs(BY, origin=third.pk, count=9)
    assert found and {one.origin_id for one in found} == {third.pk}
    assert waiting(third.pk) == len(found) < waiting()
    assert waiting(second.pk) + waiting(third.pk) <= waiting()


def test_looking_for_matches_lets_an_import_that_waits_go_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whoever brings in a file waits in front of the page; nobody waits in front of this work."""
    monkeypatch.setattr(proposing, "MATCHED", 2)
    export(1, *(paper(name) for name in PLACES[:6]))
    origin = export(2, *(paper(name) for name in PLACES[:6]))
    work_off()
    enqueue_proposals(by=BY, origin=origin)
    file = tmp_path / "small.ris"
    file.write_text("TY  - JOUR\nTI  - A small one\nER  - \n\n")
    waiting_import = enqueue_import(by=BY, path=file, source=origin.source)
    work_off()
    ended = list(Job.objects.filter(kind__in=[PROPOSE, IMPORT]).order_by("ended_at").values_list("key", flat=True))
    assert ended.index(waiting_import.key) < ended.index(f"propose-{origin.pk}")
    assert MatchProgress.objects.get(origin=origin).matched == 6
    assert MatchProposal.objects.filter(waits=True).count() >= 6
