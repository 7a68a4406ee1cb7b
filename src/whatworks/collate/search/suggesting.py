"""What was meant, and what is like it: typing errors put right, titles nearly remembered, more like a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rapidfuzz import fuzz, utils

from whatworks.collate.methods.query import Every, Some, Term, parse
from whatworks.collate.methods.stemming import stem
from whatworks.collate.methods.tokens import SMALL, Written, words
from whatworks.collate.methods.trigrams import replaced
from whatworks.collate.models import Entry, IndexState, Report
from whatworks.collate.search import vocabulary
from whatworks.collate.search.finding import SECONDS, Search, question_of
from whatworks.collate.search.indexing import written
from whatworks.collate.search.store import store

RARE = 2000  # reports at most in which a word may be to lead to others like it
TELLING = 10  # words of a report that are looked up
LIKENESS = 70.0  # of a hundred; a title less like the words asked for is not one that was meant
SHOWN = 10


def did_you_mean(search: Search) -> str:
    """The same search with its unknown words put right, where that finds something; empty otherwise."""
    understood = parse(search.text)
    known = vocabulary.known(understood.plain)
    swaps = []
    for word in dict.fromkeys(understood.plain):
        if word not in known and (near := vocabulary.near_words(word)):
            swaps.append((word, near[0].word))
    better = replaced(search.text, swaps) if swaps else ""
    if not better or better == search.text:
        return ""
    question, _ = question_of(search, parse(better))
    with store().in_time(SECONDS):
        return better if store().find(question.node, limit=1, within=question.within) else ""


def titles_like(text: str, most: int = SHOWN) -> list[Report]:
    """Reports whose title is nearly this one: every word put right by itself, some words missing or too many."""
    asked = [word for word in dict.fromkeys(words(text)) if word not in SMALL]
    if len(asked) < 2:
        return []
    known = vocabulary.known(asked)
    meant = [
        word if word in known else next((near.word for near in vocabulary.near_words(word)), word) for word in asked
    ]
    with store().in_time(SECONDS):
        scores = _sharing([stem(word) for word in meant], "t:")
    best = [place for place, score in scores if score > 0][: 10 * most]
    rows = Report.objects.filter(entry__place__in=best).select_related("entry")
    like = [(fuzz.token_set_ratio(text, row.title, processor=utils.default_process), row) for row in rows]
    like += [(fuzz.ratio(text, row.title, processor=utils.default_process), row) for row in rows]
    highest: dict[str, float] = {}
    for score, row in like:
        highest[row.pk] = max(highest.get(row.pk, 0.0), score)
    kept = [row for row in rows if highest[row.pk] >= LIKENESS]
    return sorted(kept, key=lambda row: (-highest[row.pk], row.entry.place))[:most]


def more_like(report: Report, most: int = SHOWN) -> list[Report]:
    """The reports that share the words which tell most about this one, most shared first; itself not among them."""
    with store().in_time(SECONDS):
        scores = _sharing(_words_of(written([report])[0][1]), "")
    mine = Entry.objects.filter(report=report.pk).values_list("place", flat=True).first()
    best = [place for place, _ in scores if place != mine][:most]
    by_place = {row.entry.place: row for row in Report.objects.filter(entry__place__in=best).select_related("entry")}
    return [by_place[place] for place in best if place in by_place]


def _words_of(said: Written) -> list[str]:
    """The stems of a report, those of its title and keywords first, then by how often they are used."""
    counts = Counter(stem(word) for word in words(said.abstract) if word not in SMALL)
    for text in (*said.titles[:1], *said.keywords):
        counts.update({stem(word): 3 for word in words(text) if word not in SMALL})
    return [token for token, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:60]]


def _sharing(stems: Sequence[str], mark: str) -> list[tuple[int, float]]:
    """Places by how much of these words they share, a rare word counting more; common words only break ties."""
    state = IndexState.objects.filter(pk=1).first()
    reports = state.sampled if state else 0
    rarity = vocabulary.rarity(stems, reports)
    telling = sorted((one for one in rarity if rarity[one][1]), key=lambda one: (-rarity[one][0], one))
    telling = [one for one in telling if len(one) > 2 and not one.isdigit() and rarity[one][1] <= RARE][:TELLING]
    if len(telling) < 2:  # nothing rare in it: what shares everything
        telling = sorted(rarity, key=lambda one: (-rarity[one][0], one))[:4]
        rows = store().find(Every(tuple(Term((mark + one,)) for one in telling)), limit=SHOWN + 1)
        return [(place, 1.0) for place, _ in rows]
    scores: Counter[int] = Counter()
    for one in telling:
        for place, _ in store().find(Some((Term((mark + one,)),)), limit=RARE):
            scores[place] += rarity[one][0]  # type: ignore[assignment]
    return sorted(scores.items(), key=lambda found: (-found[1], found[0]))
