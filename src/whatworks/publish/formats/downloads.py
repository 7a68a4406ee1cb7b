"""What somebody takes away from a revision: the page in other formats, and the rows and analyses behind it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from whatworks.ledger.canonical import digest
from whatworks.ledger.sharing import shared
from whatworks.publish.formats.keeping import kept
from whatworks.publish.methods.handout import handout
from whatworks.publish.methods.handout_parts import Handout
from whatworks.publish.methods.linked import linked_data
from whatworks.publish.models import Revision
from whatworks.saying import said
from whatworks.spoken import spoken
from whatworks.spreadsheets import cell
from whatworks.synthesise.methods.r_script import quoted, r_script
from whatworks.synthesise.models import Synthesis

HEAD = (
    "outcome",
    "study",
    "measured",
    "estimate",
    "low",
    "high",
    "as_printed",
    "raw",
    "in_pool",
    "why_not",
    "revision",
    "trace",
)
UNDER = said("under 100 kB")  # what the page says of the files that are made; a test holds it for every page that ships


@dataclass(frozen=True, slots=True)
class Format:
    """One file of a revision: its name in the address, what it is in words, its type, and how it is made."""

    name: str
    words: str
    kind: str
    size: str
    type: str
    make: Callable[[Revision], bytes]
    shown: bool = False
    """Whether a browser shows it itself instead of saving it."""


def base() -> str:
    """The centre's address for links in files; empty where it is known only to this machine."""
    host = urlsplit(settings.BASE_URL).hostname or ""
    return "" if host in ("localhost", "::1") or host.startswith("127.") else settings.BASE_URL.rstrip("/")


def body_of(revision: Revision, form: Format) -> tuple[bytes, str]:
    """The bytes of a file of a revision with their SHA-256: kept as first made, the same today as then."""
    made_of = (revision.pk, _digest_of(revision), form.name, base())
    return kept(made_of, lambda: form.make(revision))


@shared
def _digest_of(revision: Revision) -> str:
    return digest(revision.content)


@shared
def handout_of(revision: Revision) -> Handout:
    """What a revision says, in the order in which its files say it."""
    return handout(revision.content)


def _pdf(revision: Revision) -> bytes:
    from whatworks.publish.formats.pdf import pdf

    return pdf(handout_of(revision), base=base(), at=revision.approved_at)


def _word(revision: Revision) -> bytes:
    from whatworks.publish.formats.word import word

    return word(handout_of(revision), base=base(), at=revision.approved_at)


def _slide(revision: Revision) -> bytes:
    from whatworks.publish.formats.slide import slide

    return slide(handout_of(revision), base=base(), at=revision.approved_at)


def _text(revision: Revision) -> bytes:
    from whatworks.publish.formats.text import text

    return text(handout_of(revision), base=base()).encode()


def _linked(revision: Revision) -> bytes:
    at = revision.approved_at.date().isoformat()
    return (json.dumps(linked_data(revision.content, base=base(), at=at), ensure_ascii=False, indent=1) + "\n").encode()


def page_csv(revision: Revision) -> str:
    """Every row of every table of the page, as published."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    stated = _stated(revision.content)
    for outcome in revision.content["outcomes"]:
        for row in (outcome["table"] or {"rows": []})["rows"]:
            writer.writerow([_cell(value) for value in _values(outcome["name"], row, stated)])
    return out.getvalue()


def _stated(content: Mapping[str, Any]) -> str:
    """Which revision the rows are of: a table lives on without the page that it came from."""
    on = (content.get("approved") or {}).get("on", "")
    return f"{content.get('identifier', '')} revision {content.get('revision', '')}, {on}".strip(", ")


def _values(outcome: str, row: dict[str, Any], stated: str) -> list[Any]:
    numbers = [row["estimate"], row["low"], row["high"]]
    return [
        outcome,
        row["name"],
        row["detail"],
        *numbers,
        row["text"],
        row["raw"],
        row["pooled"],
        row["why_not"],
        stated,
        row["trace"],
    ]


def _cell(value: Any) -> Any:
    """A number stays a number; text that a spreadsheet would run is made text for sure."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else cell(value)


def page_r(revision: Revision) -> str:
    """The analyses of the page for metafor in R, with their inputs in the script."""
    pooled = [outcome["analysis"] for outcome in revision.content["outcomes"] if outcome["analysis"]]
    rests = revision.subject.rests_on.values("input")
    syntheses = Synthesis.objects.filter(pk__in=rests, analysis__in=pooled, role=Synthesis.DEFAULT).select_related(
        "analysis"
    )
    scripts = [_script(one) for one in syntheses.order_by("analysis__title")]
    return "\n".join(scripts) or "# Nothing was put together on this page.\n"


def _script(one: Synthesis) -> str:
    """The script of one result, its inputs written into it, so that it runs with nothing beside it."""
    columns = {
        "study": [quoted(row["study"]) for row in one.inputs],
        "yi": [repr(row["yi"]) for row in one.inputs],
        "vi": [repr(row["vi"]) for row in one.inputs],
    }
    rows = ",\n  ".join(f"{name} = c({', '.join(values)})" for name, values in columns.items())
    lines = r_script(one.result["method"], "yi", "vi", "").splitlines()
    given = [f"data <- data.frame(\n  {rows}\n)" if line.startswith("data <- ") else line for line in lines]
    return "\n".join([f"# {one.analysis.title} ({one.pk})", *given]) + "\n"


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SLIDE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
FORMATS = MappingProxyType(
    {
        one.name: one
        for one in (
            Format("summary.pdf", said("One page to print"), "PDF", UNDER, "application/pdf", _pdf, shown=True),
            Format("summary.docx", said("The whole page"), "Word", UNDER, WORD, _word),
            Format("slide.pptx", said("One slide"), "PowerPoint", UNDER, SLIDE, _slide),
            Format(
                "summary.txt",
                said("Plain text to paste"),
                said("text"),
                said("a few kB"),
                "text/plain; charset=utf-8",
                _text,
                shown=True,
            ),
            Format("data.csv", said("Data"), "CSV", "", "text/csv; charset=utf-8", lambda one: page_csv(one).encode()),
            Format(
                "analysis.R",
                said("The same analysis"),
                said("R script"),
                "",
                "text/plain; charset=utf-8",
                lambda one: page_r(one).encode(),
            ),
            Format("page.json", said("For programs"), "JSON-LD", "", "application/ld+json", _linked, shown=True),
        )
    }
)


def downloads_of(slug: str, number: int) -> list[dict[str, str]]:
    """What the page offers to take away, each with its type and size in words, at the address of this revision."""
    return [
        {
            "text": f"{spoken(one.words)} ({', '.join(spoken(part) for part in (one.kind, one.size) if part)})",
            "href": f"/evidence/{slug}/revisions/{number}/{one.name}",
            "type": one.type.partition(";")[0],
        }
        for one in FORMATS.values()
    ]
