"""Fixtures of search. Imports are inside: this is read before Django is set up."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def held(db: None) -> list[tuple[Any, Any]]:
    """A few reports that differ in what searches ask, indexed: each with what it says."""
    from tests.integration.collate_search.holding import SAID
    from whatworks.collate.models import Report
    from whatworks.collate.search.indexing import write

    made = []
    for number, said in enumerate(SAID):
        report = Report.objects.register(
            f"rep-{number}",
            title=said.titles[0],
            authors="; ".join(said.authors),
            year=said.year,
            venue="; ".join(said.venues),
            sort=said.kind,
        )
        made.append((report, said))
    write([(report.pk, said) for report, said in made])
    return made
