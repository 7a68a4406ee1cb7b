"""Places: where in a report something stands. A place that cannot be is refused."""

from __future__ import annotations

from collections.abc import Sequence

from whatworks.errors import InputError
from whatworks.extract.models import StudyReport

LONGEST_PLACE, LONGEST_QUOTE, MOST_PAGES = 160, 5000, 100_000


def check_place(
    study: str,
    report: str | None,
    *,
    page: int | None,
    place: str,
    quote: str,
    rectangle: Sequence[float] | None = None,
) -> None:
    """Refuse a place that cannot be: of a report that does not tell of the study, or on no page. Raises InputError."""
    if report and not StudyReport.objects.filter(study=study, report=report).exists():
        raise InputError(f"The report {report[:40]} does not tell of this study; add it to the study first.")
    if page is not None and not 0 < page < MOST_PAGES:
        raise InputError(f"There is no page {page}; count from 1.")
    if len(place) > LONGEST_PLACE:
        raise InputError(f"The place has {len(place)} characters; {LONGEST_PLACE} is the most. Use the note.")
    if len(quote) > LONGEST_QUOTE:
        raise InputError(f"The quote has {len(quote):,} characters; {LONGEST_QUOTE:,} is the most.")
    if rectangle is not None:
        four = len(rectangle) == 4 and all(isinstance(one, int | float) and 0 <= one <= 1 for one in rectangle)
        if not four or rectangle[0] > rectangle[2] or rectangle[1] > rectangle[3]:
            raise InputError("A rectangle is left, top, right and bottom as shares of the page, from 0 to 1.")
