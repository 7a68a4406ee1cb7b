"""Published answers for somebody about to ask, before they ask; and how often that was enough. Nobody is followed."""

from __future__ import annotations

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from whatworks.collate.methods.stemming import stem
from whatworks.collate.methods.tokens import words as tokens
from whatworks.convene.models import Disclosure, Offered
from whatworks.publish.finding.store import Wanted, answered, entries
from whatworks.publish.guides.presenters import entries_of
from whatworks.publish.methods.finding_asking import SMALL

MOST, GUIDES = 5, 2
ALIKE = 2  # stems that a question and an answer of the log must share
LONGEST = 200


def offers(words: str) -> list[dict[str, str]]:
    """What is published that may answer these words: pages, guides, and answers of the disclosure log."""
    asked = " ".join(words.split())[:LONGEST]
    found = answered(Wanted(query=asked))
    keys = found.found.keys or _without_rare(asked)
    rows = [
        {"title": one["name"], "href": one["href"], "kind": _("Evidence"), "key": f"page/{one['href'].split('/')[-2]}"}
        for one in entries(keys[:MOST])
    ]
    rows += [
        {"title": one["title"], "href": one["href"], "kind": one["kind"], "key": f"guide/{one['href'].split('/')[-2]}"}
        for one in entries_of(found.guides[:GUIDES])
        if one["href"].startswith("/guides/")
    ]
    return rows + _from_log(asked)


def _stems(text: str) -> set[str]:
    return {stem(word) for word in tokens(text) if word not in SMALL and not word.isdigit()}


def _without_rare(asked: str) -> list[str]:
    """Pages for a long question of which no page has every word: those that have most of its words."""
    counts: dict[str, int] = {}
    for word in dict.fromkeys(word for word in tokens(asked) if word not in SMALL and len(word) > 3):
        for key in answered(Wanted(query=word, plainly=True)).found.keys[:20]:
            counts[key] = counts.get(key, 0) + 1
    best = sorted(counts, key=lambda key: -counts[key])
    return [key for key in best if counts[key] >= ALIKE]


def _from_log(asked: str) -> list[dict[str, str]]:
    wanted = _stems(asked)
    scored = [
        (len(wanted & _stems(f"{one.title} {one.asked}")), one) for one in Disclosure.objects.order_by("-number")[:500]
    ]
    best = sorted((pair for pair in scored if pair[0] >= ALIKE), key=lambda pair: (-pair[0], -pair[1].number))
    return [
        {
            "title": one.title,
            "href": reverse("answer_given", args=[one.number]),
            "kind": _("An answer we gave before"),
            "key": f"answer/{one.number}",
        }
        for _score, one in best[:MOST]
    ]


def keep_offer(shown: int) -> Offered:
    """Keep that so many answers were shown. Neither who asked nor what is kept."""
    return Offered.objects.create(pk=Offered.fresh(), on=timezone.localdate(), shown=shown)


def followed(identifier: str) -> None:
    """That one of the answers shown was opened."""
    Offered.objects.filter(pk=identifier).update(followed=True)


def submitted(identifier: str) -> None:
    """That the enquiry was sent all the same."""
    Offered.objects.filter(pk=identifier).update(submitted=True)


def deflection() -> dict[str, int]:
    """How often answers were shown, opened, and enough: opened, and nothing was sent after it."""
    told = Offered.objects.filter(shown__gt=0).aggregate(
        n_shown=Count("pk"),
        n_followed=Count("pk", filter=Q(followed=True)),
        n_submitted=Count("pk", filter=Q(submitted=True)),
        n_enough=Count("pk", filter=Q(followed=True, submitted=False)),
    )
    return {key.removeprefix("n_"): int(value) for key, value in told.items()}
