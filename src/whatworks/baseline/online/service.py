"""The statistics service of the Department for Education: its publications, their data sets, and a file of each."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import urlencode

from whatworks.baseline.online import shapes
from whatworks.errors import InputError
from whatworks.ledger.online import Asker, Etiquette, Wording
from whatworks.ledger.online.keeping import Shelf
from whatworks.saying import said

APART = 0.5  # seconds; the service does not say how fast one may ask
MOST_PAGES = 50
UPDATING = Wording(
    asked=said("the figures"),
    kept=said("what was taken in before stays, and the next update goes on from there"),
    wait=said("update again then, what was taken in before stays"),
    more=said("update again to go on, or set WHATWORKS_ONLINE_REQUESTS higher"),
    mend=said("see whether the service still has them"),
)


@dataclass(frozen=True, slots=True)
class Publication:
    """A publication as the service lists it."""

    identifier: str
    title: str


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set of a publication, and its newest version; `version` is empty where none is published."""

    identifier: str
    title: str
    status: str
    version: str
    published_on: datetime.date | None


class Statistics:
    """The service, asked politely. Every method raises InputError with one sentence where no answer can be had."""

    def __init__(
        self,
        etiquette: Etiquette,
        base: str = "",
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._base = (base or shapes.BASE).rstrip("/")
        self._asker = Asker(shapes.NAME, etiquette, UPDATING, apart=APART, cache=Shelf(None), sleep=sleep, now=now)

    def publication(self, title: str) -> Publication | None:
        """The publication of this title, whatever its capitals and apostrophes; None where the service lists none."""
        # The service finds whatever has any of the words, so that the one meant may stand on a later page.
        listed = self._listed(
            shapes.PUBLICATIONS,
            {"search": title},
            shapes.LARGEST_PAGE_OF_PUBLICATIONS,
            shapes.PUBLICATION,
            "publication",
        )
        found = next((one for one in listed if folded(one["title"]) == folded(title)), None)
        return Publication(found["id"], found["title"].strip()) if found else None

    def data_sets(self, publication: Publication) -> list[DataSet]:
        """Every data set of a publication that programs may fetch."""
        path = shapes.DATA_SETS.format(publication.identifier)
        listed = self._listed(path, {}, shapes.LARGEST_PAGE_OF_DATA_SETS, shapes.DATA_SET, "data set")
        return [_data_set(one) for one in listed]

    def address(self, data_set: DataSet) -> str:
        """Where the file of a data set's newest version lies."""
        return f"{self._base}/{shapes.FILE.format(data_set.identifier)}?{urlencode(_chosen(data_set))}"

    def bring(self, data_set: DataSet, into: BinaryIO) -> None:
        """Write the file of a data set's newest version into `into`."""
        path = shapes.FILE.format(data_set.identifier)
        answer = self._asker.bring(f"{self._base}/{path}", _chosen(data_set), into)
        into.seek(0)
        kind = answer.headers.get("content-type", "")
        if "html" in kind or "json" in kind or into.read(200).lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"<", b"{", b""):
            raise InputError(
                said(
                    "%(name)s answered with something that is no CSV file (%(kind)s); try again later, or "
                    "download the file by hand.",
                    name=shapes.NAME,
                    kind=kind or said("of no named kind"),
                )
            )

    def _listed(
        self, path: str, parameters: dict[str, str], size: int, shape: dict[str, Any], what: str
    ) -> Iterator[dict[str, Any]]:
        for page in range(1, MOST_PAGES + 1):
            asked = parameters | {"page": str(page), "pageSize": str(size)}
            answer = self._asker.ask(f"{self._base}/{path}", asked, {}, 0.0, page)
            shapes.fitting(answer, shapes.LIST, f"a list, each a {what}")
            yield from (shapes.fitting(one, shape, what) for one in answer["results"])
            if page >= answer["paging"]["totalPages"]:
                return
        raise InputError(
            said(
                "%(name)s lists more than %(most_pages)s pages of one kind; it may have changed.",
                name=shapes.NAME,
                most_pages=MOST_PAGES,
            )
        )


def folded(title: str) -> str:
    """A title to be compared: small letters, one kind of apostrophe, single spaces."""
    return " ".join(title.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())


def _chosen(data_set: DataSet) -> dict[str, str]:
    return {"dataSetVersion": data_set.version}


def _data_set(said: dict[str, Any]) -> DataSet:
    latest = said.get("latestVersion") or {}
    day = None
    with suppress(ValueError):  # a day that no calendar has is left unsaid
        day = datetime.date.fromisoformat(latest.get("published", "")[:10])
    return DataSet(said["id"].lower(), said["title"].strip(), said["status"], latest.get("version", ""), day)
