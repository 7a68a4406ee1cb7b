"""The words that reports use: for beginnings*, for typing errors, and to know which words are rare."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from math import log

from django.db import connection, transaction
from django.db.models import F, Sum

from whatworks.collate.methods import trigrams
from whatworks.collate.methods.query import Begins, Node, leaves, spelled_out
from whatworks.collate.methods.stemming import beginnings, stem
from whatworks.collate.methods.tokens import Read
from whatworks.collate.models import IndexState, Word, WordGram
from whatworks.collate.search.store import Store
from whatworks.saying import said

ALL_COUNTED, EACH_OF = 1 << 14, 8  # the first reports are all counted, later ones one of eight, which stands for eight
REMEMBERED = 400_000  # words a process knows to be kept; about 60 MB
SPELLINGS, STEMS = 600, 200  # words that a beginning may have, and the stems that are then searched for
CANDIDATES = 80
_known: dict[str, dict[str, bool]] = {}


def weight(report: str, number: int) -> int:
    """For how many reports this one stands in the count of words."""
    if number < ALL_COUNTED:
        return 1
    return 0 if zlib.crc32(report.encode()) % EACH_OF else EACH_OF


def learn(said: Sequence[tuple[int, Read]], state: IndexState) -> None:
    """Keep the words of some reports, each with the number of reports it stands for."""
    titled: set[str] = set()
    others: set[str] = set()
    counts: Counter[str] = Counter()
    for times, reading in said:
        titled |= reading.titled
        others |= reading.others
        if times:
            for word in (*reading.titled, *reading.others):
                counts[word] += times
    _keep(titled, others - titled, _memory(state.mark))
    by_count: dict[int, list[str]] = {}
    for word, count in counts.items():
        by_count.setdefault(count, []).append(word)
    for count, words in sorted(by_count.items()):
        for start in range(0, len(words), 2000):
            Word.objects.filter(word__in=words[start : start + 2000]).update(seen=F("seen") + count)


def _memory(mark: str) -> dict[str, bool]:
    """The words known to be kept in this index, and whether as words of titles; forgotten when it was built anew."""
    if mark not in _known:
        _known.clear()
    memory = _known.setdefault(mark, {})
    if len(memory) > REMEMBERED:
        memory.clear()
    return memory


def _keep(titled: set[str], others: set[str], memory: dict[str, bool]) -> None:
    """Add the words that are new, and the trigrams of those that are new in titles."""
    unsure = [word for word in titled if not memory.get(word)] + [word for word in others if word not in memory]
    if not unsure:
        return
    held = _held(unsure)
    new = [Word(word=word, stem=stem(word)) for word in sorted(unsure) if word not in held]
    Word.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)
    held |= _held([word.word for word in new])
    fresh = [held[word][0] for word in titled if word in held and not held[word][1]]
    if fresh:
        Word.objects.filter(pk__in=fresh).update(titled=True)
        names = {held[word][0]: word for word in titled if word in held}
        grams = [WordGram(id=key) for number in sorted(fresh) for key in trigrams.keys(names[number], number)]
        WordGram.objects.bulk_create(grams, batch_size=900, ignore_conflicts=True)
    # Only what is committed may be remembered as kept.
    transaction.on_commit(lambda: memory.update(dict.fromkeys(others, False) | dict.fromkeys(titled, True)))


def _held(words: Sequence[str]) -> dict[str, tuple[int, bool]]:
    found: dict[str, tuple[int, bool]] = {}
    for start in range(0, len(words), 5000):
        rows = Word.objects.filter(word__in=words[start : start + 5000]).values_list("word", "id", "titled")
        found |= {word: (number, titled) for word, number, titled in rows}
    return found


def complete(node: Node, store: Store) -> tuple[Node, list[str]]:
    """The tree with every beginning* spelled out by the words that are known, and what had to be left out."""
    begins: dict[Begins, tuple[str, ...]] = {}
    notes: list[str] = []
    for leaf in leaves(node):
        if isinstance(leaf, Begins) and leaf not in begins and leaf.mark != "d":
            pairs = [pair for start in beginnings(leaf.start) for pair in store.beginnings(start, SPELLINGS)]
            tokens = list(dict.fromkeys(_token(leaf.mark, word, said) for word, said in pairs))
            if len(tokens) > STEMS or len(pairs) >= SPELLINGS:
                tokens = tokens[:STEMS]
                notes.append(
                    said(
                        "More than %(count)s words begin with “%(start)s”; the commonest of them were searched for.",
                        count=len(tokens),
                        start=leaf.start,
                    )
                )
            begins[leaf] = tuple(tokens)
    return (spelled_out(node, begins) if begins else node), notes


def _token(mark: str, word: str, said: str) -> str:
    """Names are indexed as they are written, all other words by their stem."""
    return f"{mark}:{word if mark == 'a' else said}" if mark else said


def near_words(word: str) -> list[trigrams.Near]:
    """The words of titles that are nearly this one, the likeliest first."""
    slips = trigrams.slips_allowed(word)
    if not slips:
        return []
    spans = trigrams.ranges(word, slips)
    sql = (
        f"SELECT id & {(1 << trigrams.WORD_BITS) - 1} AS number, COUNT(*) AS shared FROM collate_wordgram "  # noqa: S608
        f"WHERE {' OR '.join(['id BETWEEN %s AND %s'] * len(spans))} GROUP BY 1 HAVING COUNT(*) >= %s "
        "ORDER BY 2 DESC, 1 LIMIT %s"
    )
    bounds = [bound for span in spans for bound in span]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*bounds, trigrams.fewest_shared(word, slips), CANDIDATES])
        numbers = [number for number, _ in cursor.fetchall()]
    return trigrams.nearest(word, Word.objects.filter(pk__in=numbers).values_list("word", "seen"))


def known(words: Iterable[str]) -> dict[str, int]:
    """Which of these words are known, and in about how many reports each is."""
    return dict(Word.objects.filter(word__in=list(words)).values_list("word", "seen"))


def rarity(stems: Iterable[str], reports: int) -> dict[str, tuple[float, int]]:
    """For each stem how much it tells (the logarithm of how rare it is), and in about how many reports it is."""
    wanted = list(stems)
    rows = Word.objects.filter(stem__in=wanted).values_list("stem").annotate(Sum("seen"))
    seen = {stem: int(count) for stem, count in rows}
    return {stem: (log((reports + 1) / (seen.get(stem, 0) + 0.5)), seen.get(stem, 0)) for stem in wanted}
