"""How quick is search? A scratch centre of many reports, recombined from real ones, on the database in use.

On SQLite by itself, on PostgreSQL under `python -m tools.postgres python -m benches.searching`. BENCH_REPORTS says how
many reports (100,000 unless told otherwise), BENCH_KEEP names a folder to build in and to use again. Times are of this
process's wall clock and, where it is SQLite, of its processor; the machine should be quiet.
"""

from __future__ import annotations

import csv
import gzip
import itertools
import math
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.shared import SHARED

REPORTS = int(os.environ.get("BENCH_REPORTS", "100000"))
BATCH, SEED = 2000, 20
WHOLE = int(
    os.environ.get("BENCH_WHOLE", "50000")
)  # reports that are indexed by the centre's own way, before the others
QUERIES = 200
GOALS = {"sqlite": 30.0, "postgresql": 60.0}  # ms within which 95 of 100 searches for three words must be done


def setup() -> None:
    """Start Django on a scratch centre."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "whatworks.web.settings"
    import django

    django.setup()
    from whatworks.archive.opening import bring_up_to_date

    bring_up_to_date()


def real_records() -> tuple[list[str], list[list[str]], list[str], list[str]]:
    """Real titles, abstracts as sentences, names and journals."""
    csv.field_size_limit(10**9)
    titles, abstracts, names, journals = [], [], set(), set()
    for path in sorted((SHARED / "screening").glob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                titles.append(row["title"] or "")
                names.update(name.strip() for name in re.split(r";| and ", row["authors"] or "") if len(name) > 3)
                if row["abstract"]:
                    abstracts.append(re.split(r"(?<=[.?!])\s+", row["abstract"]))
    for path in sorted((SHARED / "dedup").glob("*/records_pre_merged.csv")):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                titles.append(row["title"] or "")
                names.update(name.strip() for name in (row["author"] or "").split(" and ") if len(name) > 3)
                journals.add((row.get("journal") or "").strip())
    return [title for title in titles if len(title) > 20], abstracts, sorted(names), sorted(journals - {""})


@dataclass(frozen=True)
class Sentence:
    """A real sentence, read once: a million abstracts are put together from some tens of thousands of them."""

    tokens: tuple[str, ...]
    joined: tuple[str, ...]
    words: frozenset[str]


def sentence(text: str) -> Sentence:
    """Read one sentence by the rules by which abstracts are read."""
    from whatworks.collate.methods.stemming import stem
    from whatworks.collate.methods.tokens import compounds, words

    said, joined = words(text), compounds(text)
    spoken = frozenset(word for word in (*said, *joined) if not word.isdigit())
    return Sentence(tuple(map(stem, said)), tuple(map(stem, joined)), spoken)


def made_up(count: int) -> Iterator[tuple[str, Any, Any]]:
    """Reports put together from parts of real ones: half a title with half of another, eight sentences of eight abstracts.

    Each comes as what it says and as it is read; the index is given both, as `write` is by an import.
    """
    from whatworks.collate.methods.tokens import Written

    titles, abstracts, names, journals = real_records()
    known = [sentence(text) for abstract in abstracts for text in abstract]
    chance = np.random.default_rng(SEED)
    kinds = ["JOUR", "JOUR", "JOUR", "JOUR", "CONF", "CHAP", "THES", "RPRT", "BOOK"]
    for number in range(count):
        at = chance.integers(1 << 30, size=20).tolist()
        one, other = titles[at[0] % len(titles)].split(), titles[at[1] % len(titles)].split()
        title = " ".join(one[: len(one) // 2 + 1] + other[len(other) // 2 :])
        if number % 7 == 0:  # a slip of the hand
            slip = at[2] % (len(title) - 2)
            title = title[:slip] + title[slip + 1] + title[slip] + title[slip + 2 :]
        said = Written(
            titles=(title,),
            authors=tuple(names[which % len(names)] for which in at[3 : 4 + number % 5]),
            venues=(journals[at[8] % len(journals)],),
            year=max(2026 - int(-9 * math.log((at[9] + 1) / (1 << 30))), 1950),
            kind=kinds[at[10] % len(kinds)],
            sources=(f"src-{at[11] % 6}",),
            dois=(f"10.1000/bench.{number}",),
        )
        yield f"rep-bench{number:07d}", said, together(said, [known[which % len(known)] for which in at[12:]])


def together(said: Any, sentences: list[Sentence]) -> Any:
    """A report as it is read, with an abstract of these sentences."""
    from whatworks.collate.methods.tokens import Read, Stream, read

    short = read(said)
    abstract = [token for one in sentences for token in one.tokens]
    joined = [part for one in sentences for token in one.joined for part in (token, None)]
    spoken = short.others.union(*(one.words for one in sentences)) - short.titled
    return Read(Stream((*abstract, None, *joined, *short.stream.tokens)), short.titled, spoken)


def build() -> None:
    """Make the reports and their index: the first by the centre's own way, the others crossed from these."""
    from whatworks.collate.models import Report, Source
    from whatworks.collate.search.store import store

    begun, processor = time.perf_counter(), time.process_time()
    if not Report.objects.exists():
        for number in range(6):
            Source.objects.register(f"src-{number}", name=f"Database {number}", sort="database")
        for number, batch in enumerate(in_batches(made_up(min(REPORTS, WHOLE))), 1):
            save(batch)
            tell(number * BATCH, begun, processor)
    if Report.objects.count() < REPORTS:
        cross(begun, processor)
        count_as_all(REPORTS)
    store().make()
    store().tidy()
    print(
        f"{REPORTS:,} reports made and indexed in {time.perf_counter() - begun:,.0f} s "
        f"({time.process_time() - processor:,.0f} s of this process's processor)"
    )


def tell(done: int, begun: float, processor: float) -> None:
    """How it goes."""
    if done % (BATCH * 10) == 0:
        rate, cost = done / (time.perf_counter() - begun), 1e6 * (time.process_time() - processor) / done
        print(f"  {done:,} reports, {rate:,.0f} a second, {cost:,.0f} us each", file=sys.stderr, flush=True)


def cross(begun: float, processor: float) -> None:
    """The others: title, names and facts of one of the first, half its abstract, and half of that of another.

    Their tokens are those of the first put together anew, and go straight into the tables: what is measured afterwards is
    finding, not reading.
    """
    from django.db import connection, transaction

    from whatworks.collate.models import Entry, IndexState, Report
    from whatworks.collate.search.places import place_of
    from whatworks.collate.search.store import store

    chance = np.random.default_rng(SEED + 2)
    first = list(
        Report.objects.values_list("pk", "title", "authors", "year", "venue", "sort", "entry__bundle", "entry")
    )
    lines = [store().tokens_at(one[-1]).split(" ~ ", 1) for one in first]
    abstracts, rests = [line[0].split() for line in lines], [line[-1] for line in lines]
    done, following = Entry.objects.count(), IndexState.objects.get().following
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP INDEX collate_entry_tokens")
    while done < REPORTS:
        rows = []
        for one, other in chance.integers(len(first), size=(BATCH, 2)).tolist():
            half, rest = len(abstracts[one]) // 2, abstracts[other]
            line = " ".join([*abstracts[one][:half], *rest[len(rest) // 2 :], "~", rests[one]])
            place = place_of(first[one][3], following + len(rows))
            rows.append((f"rep-bench{done + len(rows):07d}", first[one], place, line))
        with transaction.atomic(), connection.cursor() as cursor:
            put_crossed(cursor, sorted(rows, key=lambda row: row[2]), connection.vendor)
        done, following = done + BATCH, following + BATCH
        tell(done, begun, processor)
    IndexState.objects.update(following=following)


def put_crossed(cursor: Any, rows: list[Any], vendor: str) -> None:
    """Rows of reports and of the index."""
    subjects = [(key, "report", first[1]) for key, first, _, _ in rows]
    reports = [(key, *first[1:6], "", "", "", "{}") for key, first, _, _ in rows]
    names = "identifier, title, authors, year, venue, sort, doi, url, retraction_url, chosen"
    if vendor == "postgresql":
        entries = [(place, key, first[6], 0, as_vector(line)) for key, first, place, line in rows]
        for table, columns, values in (
            ("ledger_subject", "identifier, kind, title", subjects),
            ("collate_report", names, reports),
            ("collate_entry", "place, report_id, bundle, digest, tokens", entries),
        ):
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for value in values:
                    copy.write_row(value)
        return
    marks = ", ".join(["%s"] * 10)
    cursor.executemany("INSERT INTO ledger_subject (identifier, kind, title) VALUES (%s, %s, %s)", subjects)
    cursor.executemany(f"INSERT INTO collate_report ({names}) VALUES ({marks})", reports)
    cursor.executemany(
        "INSERT INTO collate_entry (place, report_id, bundle, digest) VALUES (%s, %s, %s, 0)",
        [(place, key, first[6]) for key, first, place, _ in rows],
    )
    cursor.executemany(
        "INSERT INTO collate_search (rowid, tokens) VALUES (%s, %s)", [(place, line) for _, _, place, line in rows]
    )


def as_vector(line: str) -> str:
    """A line of tokens as the text of a tsvector."""
    from whatworks.collate.methods.tokens import Stream
    from whatworks.collate.search.postgres import vector

    return vector(Stream(tuple(None if token == "~" else token for token in line.split())))


def count_as_all(reports: int) -> None:
    """Multiply the counts of words, so that they stand for all reports."""
    from django.db.models import F

    from whatworks.collate.models import IndexState, Word

    times = max(round(reports / IndexState.objects.get().sampled), 1)
    Word.objects.update(seen=F("seen") * times)
    IndexState.objects.update(sampled=reports)


def in_batches(things: Iterator[tuple[str, Any, Any]]) -> Iterator[list[tuple[str, Any, Any]]]:
    """BATCH at a time."""
    while batch := list(itertools.islice(things, BATCH)):
        yield batch


def save(batch: list[tuple[str, Any, Any]]) -> None:
    """Some reports and their entries, in one transaction."""
    from django.db import transaction

    from whatworks.collate.models import Report
    from whatworks.collate.search.indexing import write

    with transaction.atomic():
        Report.objects.register_all([row_of(key, said) for key, said, _ in batch])
        write([(key, said) for key, said, _ in batch], [reading for _, _, reading in batch])


def row_of(key: str, said: Any) -> Any:
    """The report's own row."""
    from whatworks.collate.models import Report

    return Report(
        subject_id=key,
        title=said.titles[0],
        authors="; ".join(said.authors),
        year=said.year,
        venue=said.venues[0],
        doi=said.dois[0],
        sort=said.kind,
    )


def sizes() -> str:
    """How large the index is."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE collate_entry")
            cursor.execute(
                "SELECT pg_database_size(current_database()), pg_total_relation_size('collate_entry'), "
                "pg_relation_size('collate_entry_tokens'), pg_relation_size('collate_entry')"
            )
            whole, entry, index, heap = (value / 1e9 for value in cursor.fetchone())
            return f"database {whole:.2f} GB; entries with words {entry:.2f} (their index {index:.2f}, the short list {heap:.2f})"
        cursor.execute("PRAGMA optimize")
        cursor.execute("SELECT SUM(LENGTH(block)) FROM collate_search_data")
        index = cursor.fetchone()[0] / 1e9
        cursor.execute("SELECT SUM(LENGTH(packed)) FROM collate_search_tokens")
        packed = cursor.fetchone()[0] / 1e9
    file = Path(str(connection.settings_dict["NAME"])).stat().st_size / 1e9
    return f"database {file:.2f} GB; index of words {index:.2f}, words kept to be forgotten again {packed:.2f}"


def samples() -> dict[str, list[str]]:
    """What is asked: words that stand together in some report, as people's searches do, and the slips they make."""
    from whatworks.collate.methods.tokens import SMALL, words
    from whatworks.collate.models import Report

    chance = np.random.default_rng(SEED + 1)
    keys = [f"rep-bench{number:07d}" for number in chance.integers(REPORTS, size=QUERIES)]
    titles = [title for _, title in sorted(Report.objects.filter(pk__in=keys).values_list("pk", "title"))]
    spoken = [[word for word in words(title) if word not in SMALL and len(word) > 3] for title in titles]
    spoken = [said for said in spoken if len(said) >= 4]
    pick = lambda said, size: " ".join(chance.choice(said, size=size, replace=False))  # noqa: E731
    raw = [title.split() for title in titles if len(title.split()) > 4]
    slip = lambda word: word[:2] + word[3] + word[2] + word[4:] if len(word) > 5 else word  # noqa: E731
    return {
        "three words": [pick(said, 3) for said in spoken],
        "two words": [pick(said, 2) for said in spoken],
        "one word": [pick(said, 1) for said in spoken],
        "phrase of three": [f'"{" ".join(said[1:4])}"' for said in raw],
        "title: two words": [" ".join(f"title:{word}" for word in pick(said, 2).split()) for said in spoken],
        "beginning*": [f"{said[0][:5]}* {said[1]}" for said in spoken],
        "three with OR": [pick(said, 3).replace(" ", " OR ") for said in spoken],
        "one but not another": ["{} -{}".format(*pick(said, 2).split()) for said in spoken],
        "with years": [f"{pick(said, 2)} year:2015..2020" for said in spoken],
        "slips": [" ".join(slip(word) for word in said[:4]) for said in spoken],
    }


Times = list[tuple[float, float]]  # milliseconds of each query: by the clock, and of this process's processor


def timed(ask: Callable[[Any], Any], queries: Sequence[Any]) -> tuple[Times, list[Any]]:
    """How long each query took, and what came."""
    took, found = [], []
    for query in queries:
        begun, processor = time.perf_counter(), time.process_time()
        found.append(ask(query))
        took.append((1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - processor)))
    return took, found


def told(name: str, took: Times, more: str = "") -> float:
    """One line of figures. Gives the clock's time within which 95 of 100 were done."""
    middle, most, worst = np.percentile([clock for clock, _ in took], [50, 95, 99])
    _, busy = np.percentile([processor for _, processor in took], [50, 95])
    print(f"{name:<34} {middle:8.1f} {most:8.1f} {worst:8.1f} {busy:12.1f}   {more}", flush=True)
    return float(most)


def measure() -> bool:
    """Every kind of search, as the door gives it. Whether the goal for three words was reached."""
    from django.db import connection
    from django.test import Client

    from whatworks.collate.methods.query import parse
    from whatworks.collate.models import Report
    from whatworks.collate.search import find
    from whatworks.collate.search.finding import question_of, search_of
    from whatworks.collate.search.store import store
    from whatworks.collate.search.suggesting import did_you_mean, more_like, titles_like

    asked = samples()

    def top(text: str) -> int:
        question, _ = question_of(search_of(text), parse(text))
        places = [place for place, _ in store().find(question.node, limit=20)]
        return len(list(Report.objects.filter(entry__place__in=places)))

    timed(top, asked["three words"][:50])  # warm, as a running centre is
    print(f"{connection.vendor}, {REPORTS:,} reports: ms     50%      95%      99%  processor 95%")
    goal = True
    for name in [name for name in asked if name != "slips"]:
        took, found = timed(top, asked[name])
        most = told(f"{name}, first 20", took, f"{np.mean(found):.0f} found of 20")
        if name == "three words":
            goal = most <= GOALS[connection.vendor]
    for name in ("three words", "one word", "three with OR"):
        took, pages = timed(find, asked[name])
        totals = [page.total for page in pages]
        told(f"{name}, page with facets", took, f"median {np.median(totals):,.0f} found")
    told("did you mean", timed(lambda text: did_you_mean(search_of(text)), asked["slips"])[0])
    told("title nearly remembered", timed(titles_like, asked["slips"])[0])
    some = list(Report.objects.filter(pk__in=[f"rep-bench{number * 97 % REPORTS:07d}" for number in range(100)]))
    told("more like this", timed(more_like, some)[0])
    client = Client(SERVER_NAME="localhost")
    for name in ("three words", "one word"):
        took, answers = timed(lambda text: client.get("/reports/", {"q": text}), asked[name])
        told(f"{name}, whole page", took, f"{sorted({answer.status_code for answer in answers})}")
    return goal


def main() -> None:
    """Build where nothing is built yet, then measure."""
    folder = os.environ.get("BENCH_KEEP") or tempfile.mkdtemp(prefix="bench-searching-")
    os.environ["WHATWORKS_HOME"] = folder
    setup()
    from whatworks.collate.models import Report

    if Report.objects.count() < REPORTS:
        build()
    print(sizes())
    print("The goal for three words was reached." if measure() else "The goal for three words was NOT reached.")


if __name__ == "__main__":
    main()
