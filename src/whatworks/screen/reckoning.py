"""What follows from what people said about candidates: decisions by the review's rule, conflicts, full texts put up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Max, Q, prefetch_related_objects
from django.utils import timezone

from whatworks.ledger.actions import mark_stale, record
from whatworks.ledger.fields import PUBLIC
from whatworks.screen.actions import judge
from whatworks.screen.asking import ask_for_ranking
from whatworks.screen.methods.opinions import Result, Said, result
from whatworks.screen.methods.protocol import FULL_TEXT, TITLE, Rules
from whatworks.screen.models import Candidate, Judgement, Opinion, Wave, Withdrawal
from whatworks.screen.putting_up import candidate_of
from whatworks.screen.reviewing import rules_of

AGREED = "rule:agreement"  # the actor of what several people's opinions come to
OTHERS = "other:"  # who said something in another tool, as in other:ASReview
NO_REASON = "No reason given"
DECIDED = (Candidate.INCLUDE, Candidate.EXCLUDE)
UNJUDGED = (Candidate.OPEN, Candidate.UNRETRIEVED)
ASIDE = (Candidate.UNSCREENED, Candidate.UNRETRIEVED, Candidate.GONE)  # where nobody's opinion put it


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around candidates, looked up for all of them at once; whoever changes some of it keeps it true here."""

    said: defaultdict[str, list[Opinion]]  # by candidate: every opinion on it and on its duplicates, earlier ones too
    alike: dict[str, list[Candidate]]  # by the candidate that they are decided with
    full_texts: dict[str, Candidate]  # by report

    def current(self, held: Candidate) -> list[Opinion]:
        """The opinions that count for a candidate, in the order in which they came."""
        last: dict[tuple[str, str], Opinion] = {}
        for one in sorted(self.said[held.pk], key=lambda one: one.number):
            last[one.candidate_id, one.by] = one
        kept = [one for one in last.values() if one.decision != Opinion.WITHDRAWN]
        return sorted(kept, key=lambda one: (one.at, one.pk))

    def last_word(self, held: Candidate, by: str) -> Opinion | None:
        """What this person said last about the candidate itself, taken back or not; None where they said nothing."""
        mine = [one for one in self.said[held.pk] if (one.candidate_id, one.by) == (held.pk, by)]
        return max(mine, key=lambda one: one.number, default=None)


def around(rows: Sequence[Candidate]) -> Around:
    """What stands around candidates, locked, of one stage of one review, by four questions however many they are."""
    prefetch_related_objects(rows, "judgement")
    keys = {row.pk for row in rows}
    beside = Candidate.objects.filter(Q(same_as__in=keys) | Q(as_one__in=keys))
    alike: dict[str, list[Candidate]] = {}
    same: dict[str, str] = {}
    for one in beside.select_related("review", "report", "judgement").order_by("number", "pk"):
        if one.same_as_id in keys and one.stage == rows[0].stage:
            same[one.pk] = one.same_as_id
        elif one.as_one_id in keys and one.state != Candidate.DUPLICATE:
            alike.setdefault(one.as_one_id, []).append(one)
    said: defaultdict[str, list[Opinion]] = defaultdict(list)
    for opinion in Opinion.objects.filter(candidate__in=[*keys, *same]):
        said[same.get(opinion.candidate_id, opinion.candidate_id)].append(opinion)
    return Around(said, alike, _full_texts([*rows, *(one for some in alike.values() for one in some)]))


def _full_texts(rows: Sequence[Candidate]) -> dict[str, Candidate]:
    """The full texts that are up, or were, for titles; by report."""
    titles = [row for row in rows if row.stage == TITLE]
    if not titles:
        return {}
    there = Candidate.objects.at(titles[0].review_id, FULL_TEXT).filter(report__in=[row.report_id for row in titles])
    return {one.report_id: one for one in there}


def counted(opinions: Iterable[Opinion], wave: Wave) -> list[Said]:
    """What counts of the opinions on a candidate, a person's word once. The previous version speaks for what it took in."""
    rows = {(one.by, one.decision): one for one in opinions}.values()
    others = [one for one in rows if one.by.startswith(OTHERS)]
    # What another tool had decided decides here while nobody here has spoken, and all of the others say the same.
    final = len(others) == len(rows) and len({one.decision for one in others}) == 1
    before = [Said(wave.by, "include")] if wave.route == Wave.PREVIOUS else []
    said = [Said(one.by, one.decision, one.reason, one.third and (final or one not in others)) for one in rows]
    return [*before, *said]


def ruled(held: Candidate, said: Iterable[Said], rules: Rules) -> Result:
    """What follows for a candidate from what counts, by the rules of its review."""
    needed = 1 if held.wave.route == Wave.PREVIOUS else held.needed
    any_include = rules.settling == "include"
    return result(said, needed=needed, full_text=held.stage == FULL_TEXT, any_include=any_include)


def reckon(candidate: Candidate, *, by: str) -> None:
    """Draw what follows from the opinions that count for a candidate now, or for the one that it is decided with."""
    held = Candidate.objects.select_for_update().get(pk=candidate.pk)
    near = around([held])
    if held.as_one is not None:
        _stand_alike(held, held.as_one, near, by=by)
    elif draw(held, near, by=by, rules=rules_of(held.review)):
        ask_for_ranking(held.review, TITLE, by=by)


def draw(held: Candidate, near: Around, *, by: str, rules: Rules) -> bool:
    """Bring a candidate, locked, and those like it to what follows from what is said. Whether a new order is called for."""
    said, before = counted(near.current(held), held.wave), held.state
    if not said and before in ASIDE:
        return False
    held.said = len({one.by for one in said if not one.third})
    if not said and held.stage == FULL_TEXT and not _taken_further(held):
        _set_aside(held, Candidate.GONE, near, by=by)
        return False
    found = ruled(held, said, rules)
    for one in (held, *near.alike.get(held.pk, ())):
        _stand(one, found, near, by=by)
    return held.stage == TITLE and held.state != before and (held.state in DECIDED or before in DECIDED)


def _taken_further(held: Candidate) -> bool:
    """Whether the report of a full text is taken further on its title as things stand."""
    titles = Candidate.objects.at(held.review_id, TITLE).filter(report=held.report_id)
    return titles.filter(state=Candidate.INCLUDE).exists()


def _set_aside(held: Candidate, state: str, near: Around, *, by: str) -> None:
    withdraw_of(held, by=by)
    held.state, held.settled_at = state, None
    held.save(update_fields=["said", "state", "judgement", "settled_at"])
    if held.stage == TITLE:
        _send_on(held, near)


def _stand_alike(held: Candidate, leader: Candidate, near: Around, *, by: str) -> None:
    """Let a candidate stand as the one does that it is decided with."""
    if leader.state == Candidate.UNSCREENED:
        _set_aside(held, leader.state, near, by=by)
    else:
        _stand(held, _outcome(leader), near, by=by)


def _outcome(leader: Candidate) -> Result:
    one = leader.judgement
    if leader.state in DECIDED and one is not None:
        return Result("include" if one.decision == Judgement.INCLUDE else "exclude", one.reason, one.by)
    return Result("conflict" if leader.state == Candidate.CONFLICT else "open")


def reckon_alike(leader: Candidate) -> None:
    """Let those that came to be like a candidate stand as it does."""
    held = Candidate.objects.get(pk=leader.pk)
    near = around([held])
    for other in [one for one in near.alike.get(held.pk, ()) if one.state == Candidate.OPEN]:
        _stand_alike(other, held, near, by=held.judgement.by if held.judgement else AGREED)


def _stand(held: Candidate, found: Result, near: Around, *, by: str) -> None:
    """Bring a candidate's state and judgement to what was found."""
    one = held.judgement
    fits = one is not None and (one.decision, one.reason) == (found.outcome, found.reason)
    if one is not None and not fits:
        _withdraw(one, by=by)
        held.judgement = None
    if found.outcome in DECIDED and not fits:
        told = {"stage": held.stage, "decision": found.outcome, "reason": found.reason}
        held.judgement = judge(by=_named(found.by), review=held.review, report=held.report, **told)
    held.settled_at = None if found.outcome not in DECIDED else held.settled_at or timezone.now()
    held.state = found.outcome
    held.save(update_fields=["said", "state", "judgement", "settled_at"])
    if held.stage == TITLE:
        _send_on(held, near)


def _named(by: str) -> str:
    """Who decided, as readers may know it: of people in other tools only the tool."""
    return ":".join(by.split(":")[:2]) if by.startswith(OTHERS) else by or AGREED


def _withdraw(judgement: Judgement, *, by: str) -> None:
    made = Withdrawal.objects.create(id=Withdrawal.derived(judgement.pk), judgement=judgement, by=by)
    about = [judgement.review_id, judgement.report_id]
    event = record(verb="screen.withdraw", by=by, about=about, made=[made], audience=PUBLIC)
    if (judgement.stage, judgement.decision) == (Judgement.FULL_TEXT, Judgement.INCLUDE):
        mark_stale(judgement.review_id, event=event)


def _send_on(held: Candidate, near: Around) -> None:
    """What is taken further on its title is up for its full text; what no longer is, no longer, unless it was judged."""
    there = near.full_texts.get(held.report_id)
    if there is None:
        if held.state == Candidate.INCLUDE:
            near.full_texts[held.report_id] = _put_up(held, Candidate.OPEN)
        return
    # The conditions stand in the statements too: somebody may have judged the full text since it was looked up.
    here = Candidate.objects.filter(pk=there.pk)
    if held.state == Candidate.INCLUDE and there.state == Candidate.GONE:
        here.filter(state=Candidate.GONE).update(state=Candidate.OPEN)
        there.state = Candidate.OPEN
    elif held.state != Candidate.INCLUDE and there.state in UNJUDGED and not there.said:
        here.filter(state__in=UNJUDGED, said=0).update(state=Candidate.GONE, settled_at=None)
        there.state, there.settled_at = Candidate.GONE, None


def _put_up(title: Candidate, state: str) -> Candidate:
    """The full text of a title, put up as part of the same wave."""
    last = Candidate.objects.at(title.review_id, FULL_TEXT).aggregate(last=Max("number"))["last"] or 0
    rules, report = rules_of(title.review), title.report_id
    made = candidate_of(title.wave_id, title.review_id, rules, report, stage=FULL_TEXT, number=last + 1)
    if Candidate.objects.filter(pk=made.pk).exists():
        made.pk = Candidate.fresh()
    made.state = state
    made.save(force_insert=True)
    return made


def full_text_of(title: Candidate, other: Candidate) -> Candidate:
    """The full text that is up for a title; where there is none yet, one that begins as the other stands."""
    there = Candidate.objects.at(title.review_id, FULL_TEXT).filter(report=title.report_id).first()
    missed = other.state == Candidate.UNRETRIEVED
    return there or _put_up(title, Candidate.UNRETRIEVED if missed else Candidate.GONE)


def take_over(rows: Sequence[Candidate], *, by: str) -> None:
    """Count reports as taken in by the previous version of the review."""
    near = around(rows)
    for one in rows:
        _stand(one, Result("include", "", by), near, by=by)


def withdraw_of(candidate: Candidate, *, by: str) -> None:
    """Withdraw what was decided about a candidate that no longer stands for itself; the caller saves the candidate."""
    if candidate.judgement is not None:
        _withdraw(candidate.judgement, by=by)
        candidate.judgement = None
