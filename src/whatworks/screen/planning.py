"""Planning a review on a finished one: a file with its decisions, or a review held here, read again by long work."""

from __future__ import annotations

import csv
import datetime
import io
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from whatworks.collate.uploads import keep
from whatworks.errors import InputError
from whatworks.ledger.models import Job
from whatworks.ledger.work import enqueue, task
from whatworks.saying import said
from whatworks.screen.methods.protocol import TITLE
from whatworks.screen.models import Candidate, Review
from whatworks.screen.texts import texts_of

PLAN = "screen.plan"
LEARNERS = ("blend", "margin", "bayes", "nearest", "random")
SEEDS = (1, 2, 3)
LASTING = datetime.timedelta(minutes=30)
FOLDER = "plans"  # of the centre's home: each file in a folder of its own, so that no two plans share one
LEFT = datetime.timedelta(hours=1)  # after which a file that no plan waits for is taken for left behind
LARGEST = 20 * 1024 * 1024  # bytes of a file of decisions
MOST = 20_000  # records: a plan reads all of them again, several times
LABELS = ("included", "label_included", "label", "decision")
WORDS = {"1": 1, "0": 0, "include": 1, "included": 1, "exclude": 0, "excluded": 0, "yes": 1, "no": 0}


@dataclass(frozen=True, slots=True)
class Past:
    """A finished review: its words and what was decided."""

    titles: Sequence[str]
    abstracts: Sequence[str]
    labels: Sequence[int]


def past_in(text: str) -> Past:
    """A past review out of a table; an InputError names the first line that cannot be read."""
    rows = csv.DictReader(io.StringIO(text))
    names = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
    label = next((names[one] for one in LABELS if one in names), None)
    if label is None or not {"title", "abstract"} & set(names):
        raise InputError(
            said(
                "The table needs a column title or abstract, and a column included with 1 or 0; its columns are "
                "%(names)s.",
                names=", ".join(names)[:200] or said("none"),
            )
        )
    titles, abstracts, labels = [], [], []
    for number, row in enumerate(rows, 2):
        told = (row.get(label) or "").strip().lower().removesuffix(".0")
        if told not in WORDS:
            raise InputError(
                said(
                    "Row %(number)s says %(told)r in the column %(label)s; write 1 for included and 0 for not.",
                    number=number,
                    told=told[:40],
                    label=label,
                )
            )
        titles.append(row.get(names.get("title", ""), "") or "")
        abstracts.append(row.get(names.get("abstract", ""), "") or "")
        labels.append(WORDS[told])
    return Past(titles, abstracts, labels)


def past_of(review: Review) -> Past:
    """What was decided on title and abstract in a review that is screened here."""
    from whatworks.screen.stopping import DECIDED, pool  # loads what counts, which a room that only loads need not

    rows = list(pool(review, TITLE).filter(state__in=DECIDED).order_by("number").values_list("report", "state"))
    texts = texts_of(report for report, _ in rows)
    held = [(texts[report], int(state == Candidate.INCLUDE)) for report, state in rows]
    return Past([text.title for text, _ in held], [text.abstract for text, _ in held], [label for _, label in held])


def readable(path: Path) -> Past:
    """The past review in a file, checked: enough in it, and not too much."""
    from whatworks.screen.methods.planning import check_past

    try:
        found = past_in(path.read_text("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError(said("The file is not text in UTF-8; save the table as CSV (UTF-8) and try again.")) from None
    except csv.Error as error:
        raise InputError(
            said("The table cannot be read as CSV (%(error)s); save it as CSV and try again.", error=str(error))
        ) from None
    check_past(found.titles, found.labels)
    if len(found.titles) > MOST:
        raise InputError(
            said(
                "There are %(count)s records; a plan takes at most %(most)s.",
                count=f"{len(found.titles):,}",
                most=f"{MOST:,}",
            )
        )
    return found


def ask_for_plan(
    *, by: str, name: str, target: float, confidence: float, path: Path | None = None, review: Review | None = None
) -> Job:
    """Have a finished review read again by each learner. One of `path` and `review` is given."""
    forget_left()
    source = {"path": str(path)} if path else {"review": review.pk if review else ""}
    readable(path) if path else _check_held(review)
    return enqueue(kind=PLAN, by=by, arguments={"name": name, "target": target, "confidence": confidence} | source)


def _check_held(review: Review | None) -> None:
    from whatworks.screen.methods.planning import check_past

    if review is None:
        raise InputError(said("Choose a file, or a review that is held here."))
    found = past_of(review)
    check_past(found.titles, found.labels)


def plan_outside(arguments: dict[str, Any], cursor: dict[str, Any]) -> dict[str, Any] | None:
    """One learner on the past review; None where all are done. It takes long, so it holds no lock meanwhile."""
    from whatworks.screen.methods.planning import plan

    at = len(cursor.get("rows", []))
    if at == len(LEARNERS):
        return None
    sought = {"target": arguments["target"], "confidence": arguments["confidence"]}
    try:
        past = _past(arguments)
        found = plan(past.titles, past.abstracts, past.labels, learner=LEARNERS[at], seeds=SEEDS, **sought)
    except Exception:
        forget(arguments)  # the job fails with it
        raise
    return found.to_dict()


def _past(arguments: dict[str, Any]) -> Past:
    if arguments.get("path"):
        return readable(Path(arguments["path"]))
    return past_of(Review.objects.get(pk=arguments["review"]))


@task(PLAN, outside=plan_outside, lasting=LASTING, patient=True)
def plan_step(arguments: dict[str, Any], cursor: dict[str, Any], found: dict[str, Any] | None) -> dict[str, Any] | None:
    """Keep what one learner would have done. When all are done, the file that was brought is no longer needed."""
    if found is None:
        forget(arguments)
        return None
    rows = [*cursor.get("rows", []), found]
    return {"rows": rows, "done": len(rows), "total": len(LEARNERS)}


def bring(chunks: Iterable[bytes]) -> Path:
    """Keep a file for a plan, in a folder of its own. InputError where it is too large; then nothing is kept."""
    name = f"{FOLDER}/{uuid.uuid4().hex}"
    try:
        return keep(chunks, within=name, largest=LARGEST)
    except BaseException:
        with suppress(OSError):
            (Path(settings.HOME) / name).rmdir()
        raise


def forget(arguments: dict[str, Any]) -> None:
    """Delete the file of a plan, if one was brought for it: decisions on what nobody else may have seen yet."""
    path = Path(arguments.get("path") or "none")
    if path.parent.parent == _folder():
        path.unlink(missing_ok=True)
        with suppress(OSError):  # not empty: not ours alone
            path.parent.rmdir()


def forget_left() -> None:
    """Delete what a worker that was lost for good has left behind."""
    live = Job.objects.filter(kind=PLAN, state__in=(Job.WAITING, Job.RUNNING))
    needed = {arguments.get("path") for arguments in live.values_list("arguments", flat=True)}
    before = (timezone.now() - LEFT).timestamp()
    for path in _folder().glob("*/*"):
        if str(path) not in needed and path.stat().st_mtime < before:
            forget({"path": str(path)})


def _folder() -> Path:
    return Path(settings.HOME) / FOLDER
