"""What publications about cases say, for spreadsheets, programs and feed readers. Each file begins with what it cannot show."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _

from whatworks.contact.feeds import OURS, Feed
from whatworks.learn.cases_presenters import COUNTRY, SENTENCE, title_of, values_of
from whatworks.learn.models import CasePublication, CaseSettled
from whatworks.spreadsheets import cell

LATEST = 30
# No table has more than one of age, place and date in it.
PUBLICATIONS = (
    "identifier",
    "title",
    "publisher",
    "year",
    "kind",
    "cases",
    "counted",
    "link",
    "number",
    "licence",
    "made_up",
    "reads_as",
)
CODES = ("identifier", "title", "asked", "term", "called", "place_in_it", "cases", "made_up", "reads_as")


def publication_rows() -> Iterator[dict[str, Any]]:
    """Every publication, coded or not."""
    for one in CasePublication.objects.order_by("title", "slug"):
        yield {
            "identifier": one.pk, "title": one.title, "publisher": one.publisher, "year": one.year, "kind": one.sort,
            "cases": one.cases, "counted": one.counted, "link": one.link, "number": one.number, "licence": one.licence,
            "made_up": one.demonstration, "reads_as": str(SENTENCE),
        }  # fmt: skip


def code_rows() -> Iterator[dict[str, Any]]:
    """What each publication says, a row for each term; ages are counted apart, without their publications."""
    for one in CaseSettled.objects.standing():
        for key in sorted(one.codes):
            if key == "age":
                continue
            for term, place in sorted(one.codes[key].items()):
                yield {
                    "identifier": one.publication_id, "title": one.publication.title, "asked": key, "term": term,
                    "called": title_of(key, term, one.version), "place_in_it": place,
                    "cases": one.shown.get(key, {}).get(term), "made_up": one.publication.demonstration,
                    "reads_as": str(SENTENCE),
                }  # fmt: skip


def as_csv(names: tuple[str, ...], rows: Iterator[dict[str, Any]]) -> str:
    """Rows for a spreadsheet; an empty cell is not known or not shown."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([cell(_plain(row[name])) for name in names] for row in rows)
    return out.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else value


def as_json() -> dict[str, Any]:
    """The same as plain values, with how many publications there are of each band of ages and each country."""

    def counted(facet: str) -> dict[str, int]:
        return {one["title"]: one["publications"] for one in values_of(facet)}

    def bare(row: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in row.items() if name != "reads_as"}

    return {
        "reads_as": str(SENTENCE),
        "publications": [bare(row) for row in publication_rows()],
        "codes": [bare(row) for row in code_rows()],
        "publications_by_age": counted("age"),
        "publications_by_country": counted(COUNTRY),
    }


def feed() -> str:
    """What was coded last, as an Atom feed."""
    base = str(settings.BASE_URL)
    made = Feed(
        title=_("Learning from cases"), link=base + reverse("cases"), description=str(SENTENCE), language="en-GB",
        feed_url=base + reverse("cases_feed"), feed_guid=uuid.uuid5(OURS, "cases").urn, author_name="whatworks",
    )  # fmt: skip
    for one in CaseSettled.objects.standing().order_by("-at", "pk")[:LATEST]:
        made.add_item(
            title=_("%(title)s (made up)") % {"title": one.publication.title} if one.publication.demonstration else one.publication.title,
            link=base + reverse("case_publication", args=[one.publication.slug]),
            description=escape(f"{SENTENCE} {one.publication.summary}".strip()), unique_id=uuid.uuid5(OURS, one.pk).urn,
            pubdate=one.at, updateddate=one.at,
        )  # fmt: skip
    return str(made.writeString("utf-8"))
