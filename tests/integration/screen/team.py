"""A small team and something to screen, for tests."""

from __future__ import annotations

import hashlib
from typing import Any

from whatworks.collate.actions import add_records, close_import, open_import
from whatworks.collate.methods.records import Record as ReadRecord
from whatworks.collate.models import Import, Source
from whatworks.people.models import User
from whatworks.scope.models import Theme
from whatworks.screen.methods.protocol import Rules, StageRules
from whatworks.screen.models import Candidate, Opinion, Review, Screener
from whatworks.screen.queueing import next_places
from whatworks.screen.reviewing import join, open_review

TITLE, FULL = "title and abstract", "full text"
REASONS = ("Wrong population", "Wrong design")


def person(name: str) -> User:
    """Somebody who can sign in."""
    user: User = User.objects.create_user(f"{name}@example.invalid", "a long enough word", name=name)
    user.as_subject().save(force_insert=True)
    return user


def rules(*, title_rules: StageRules | None = None, **told: Any) -> Rules:
    """A protocol; by default two people decide each title, one each full text."""
    given: dict[str, Any] = {"question": "What helps children to stay at home?", "reasons": REASONS, "share": 0.2}
    given |= {"title": title_rules or StageRules("dual"), "full_text": StageRules("single")}
    return Rules(**(given | told))


def review_of(lead: User, *others: User, title: str = "Staying at home", **told: Any) -> Review:
    """A review with its team."""
    theme = Theme.objects.filter(slug="theme").first() or Theme.objects.register(slug="theme", name="A theme", order=1)
    review = open_review(
        by=lead.pk, title=title, rules=rules(**told), theme=theme, lead=lead, conducted_by="A team for tests"
    )
    for other in others:
        join(by=lead.pk, review=review, user=other, part=Screener.SCREENER)
    return review


def imported(count: int, *, name: str = "a database", start: int = 1, same: bool = False) -> Import:
    """So many records of different reports (`same`: all with one title and abstract)."""
    held = Source.objects.filter(name=name).first()
    source = held or Source.objects.register(Source.derived(name, ""), name=name, sort="database")
    records = [
        ReadRecord(
            number,
            number,
            (
                ("TY", "JOUR"),
                ("TI", f"Study {1 if same else start + number - 1} of families and services for them"),
                ("AB", f"We looked at {'one' if same else start + number - 1} family group meetings in a council."),
                ("PY", str(2000 + number % 20)),
            ),
        )
        for number in range(1, count + 1)
    ]
    digest = hashlib.sha256(f"{name}{start}{count}{same}".encode()).hexdigest()
    result = {"sha256": digest, "format": "RIS", "encoding": "utf-8", "unreadable": []}
    origin = open_import(result=result | {"record_starts": count, "records": count}, filename="x.ris", source=source)
    add_records(origin, records)
    return close_import(by="cli", origin=origin)


def next_for(user: User, review: Review, stage: str = TITLE) -> Candidate | None:
    """What this person is handed now."""
    places = next_places(by=user.pk, review=review, stage=stage, count=1)
    return places[0].candidate if places else None


def opinions(review: Review) -> list[tuple[str, str]]:
    """Who said what, in order."""
    rows = Opinion.objects.current().filter(candidate__review=review).order_by("at", "pk")
    return list(rows.values_list("by", "decision"))
