"""What stands around the results of a page: who was studied, what people wrote and recorded, what is under way. Reads only."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from whatworks.extract.models import Study
from whatworks.publish.page.judged import Judgements, judgements
from whatworks.publish.page.studied import Studied, last_search, studied, under_way
from whatworks.publish.writing.passages import blocks_of, passages_of, written
from whatworks.rate.gathering import Ground
from whatworks.scope.models import Intervention, Particular
from whatworks.scope.particulars import name_of, particulars_of, sorts
from whatworks.screen.models import Review

# Which part of a page tells what is recorded of an intervention.
PART_OF = {
    "age": "how-to-do-it",
    "setting": "how-to-do-it",
    "who": "how-to-do-it",
    "registered": "how-to-do-it",
    "partner": "partners",
    "cost": "costs",
}
YEAR = re.compile(r"\b(19|20)\d\d\b")
UNDATED = "A cost is recorded without the year of its prices, so no band is shown"


@dataclass(frozen=True, slots=True)
class Around:
    """All that a page says beside its results, as it is held now."""

    studied: Studied
    passages: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    """What people wrote for the page, as blocks, by the part of the page."""
    known: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    """What is recorded of the intervention, each with its source, as blocks, by the part of the page."""
    judged: Judgements = field(default_factory=Judgements)
    """What people judged beside the outcomes."""
    young: tuple[Any, ...] = ()
    under_way: tuple[Study, ...] = ()
    last_search: str = ""


def around(intervention: Intervention, held: Sequence[Ground], reviews: Sequence[Review]) -> Around:
    """What stands around the results of an intervention."""
    texts, of = written(intervention), studied(held)
    return Around(
        studied=of,
        passages={part: blocks_of(one) for part, one in texts.items()},
        known=known(intervention),
        judged=judgements(intervention, of, reviews),
        young=tuple(passages_of(intervention).get("young", ())),
        under_way=tuple(under_way(intervention)),
        last_search=last_search(reviews),
    )


def known(intervention: Intervention) -> dict[str, list[dict[str, Any]]]:
    """What is recorded of an intervention, by the part of the page that tells it; a sort without a record is left out."""
    found: dict[str, list[dict[str, Any]]] = {}
    for sort, rows in particulars_of(intervention).items():
        if rows and sort in PART_OF:
            pairs = [[sorts()[sort].title, [part for at, one in enumerate(rows) for part in _told(one, first=at == 0)]]]
            found.setdefault(PART_OF[sort], []).append({"type": "pairs", "pairs": pairs})
    return found


def _told(one: Particular, *, first: bool) -> list[Any]:
    """A record with its source; a band of cost only where the year of its prices is told with it."""
    dated = one.sort != "cost" or YEAR.search(one.words)
    said = name_of(one) + (f", {one.words}" if one.sort == "cost" else "") if dated else UNDATED
    source = {"link": one.source, "href": one.source_url} if one.source_url else one.source
    return ["" if first else "; ", said, " (", source, ")"]
