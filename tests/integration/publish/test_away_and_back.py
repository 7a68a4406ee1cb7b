"""One study taken away and given back: stale, approved, stale, approved, and the same answer to the last digit."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from whatworks.collate.retractions import load_list
from whatworks.extract.models import Contrast
from whatworks.ledger.sealer import seal_all
from whatworks.ledger.verification import verify
from whatworks.publish.actions import approve, refresh
from whatworks.publish.models import Page, Revision
from whatworks.synthesise.models import Synthesis

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

PAGE = "independent-living-programmes"
APPROVED = ("identifier", "revision", "approved")  # what a page says of its own revision


def notice(folder: Path, doi: str, nature: str, on: str) -> None:
    """A list of retractions with one row, as publishers' notices are gathered, loaded and said to be about the report."""
    path = folder / f"{nature}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["Record ID", "Title", "RetractionDate", "RetractionDOI", "OriginalPaperDOI", "RetractionNature"]
        )
        writer.writerow(["", "", on, f"10.1000/{nature.lower()}", doi, nature])
    load_list(by="test", path=path)


def newest(page: Page) -> Revision:
    found = page.newest()
    assert found
    return found


def stale(client: Client) -> bool:
    return "We have been checking it since" in client.get(f"/evidence/{PAGE}/", secure=True).content.decode()


def results(page: Page) -> dict[str, Any]:
    """What the page's approved revision rests on, as numbers: by analysis and role."""
    names = newest(page).subject.rests_on.values_list("input_id", flat=True)
    held = Synthesis.objects.filter(pk__in=list(names)).order_by("pk")
    return {f"{one.analysis_id} {one.role}": (one.result, one.inputs) for one in held}


def approved(page: Page, why: str) -> Revision:
    refresh(by="rule:test")
    return approve(by="rule:test", page=page, what_changed=why)


def test_a_study_away_and_back_ends_where_it_began(client: Client, tmp_path: Path) -> None:
    page = Page.objects.get(slug=PAGE)
    first, before = newest(page), results(page)
    taken = [row["contrast"] for result, inputs in before.values() for row in inputs if result["k"] > 2]
    row = Contrast.objects.filter(pk__in=taken).exclude(report__doi="").order_by("pk").select_related("report")[0]
    assert not stale(client)

    notice(tmp_path, row.report.doi, "Retraction", "5/31/2024 0:00")
    assert stale(client) and newest(page).pk == first.pk, "readers are told at once, and see what they saw"
    second = approved(page, "A study was retracted and is left out.")
    assert not stale(client)
    assert results(page) != before and second.number == first.number + 1

    notice(tmp_path, row.report.doi, "Reinstatement", "6/30/2024 0:00")
    assert stale(client)
    third = approved(page, "The study was reinstated and is taken in again.")
    assert not stale(client)
    assert results(page) == before, "the same to the last digit"
    said = [{name: one.content[name] for name in one.content if name not in APPROVED} for one in (first, third)]
    assert without_traces(said[0]) == without_traces(said[1])
    seal_all()
    assert verify().differences == []


def without_traces(told: Any) -> Any:
    """A page's document without the identifiers of the rows it leads to: results made anew are rows of their own."""
    if isinstance(told, dict):
        left = {name: value for name, value in told.items() if name not in ("trace", "rating")}
        return {name: without_traces(value) for name, value in left.items()}
    return [without_traces(one) for one in told] if isinstance(told, list) else told
