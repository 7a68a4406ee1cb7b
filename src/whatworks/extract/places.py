"""Places: where in a report something stands. A place that cannot be is refused."""

from __future__ import annotations

from collections.abc import Sequence

from whatworks.errors import InputError
from whatworks.extract.models import StudyReport
from whatworks.saying import said

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
        raise InputError(
            said("The report %(report)s does not tell of this study; add it to the study first.", report=report[:40])
        )
    if page is not None and not 0 < page < MOST_PAGES:
        raise InputError(said("There is no page %(page)s; count from 1.", page=page))
    if len(place) > LONGEST_PLACE:
        raise InputError(
            said(
                "The place has %(count)s characters; %(longest_place)s is the most. Use the note.",
                count=len(place),
                longest_place=LONGEST_PLACE,
            )
        )
    if len(quote) > LONGEST_QUOTE:
        raise InputError(
            said(
                "The quote has %(count)s characters; %(longest_quote)s is the most.",
                count=f"{len(quote):,}",
                longest_quote=f"{LONGEST_QUOTE:,}",
            )
        )
    if rectangle is not None:
        four = len(rectangle) == 4 and all(isinstance(one, int | float) and 0 <= one <= 1 for one in rectangle)
        if not four or rectangle[0] > rectangle[2] or rectangle[1] > rectangle[3]:
            raise InputError(said("A rectangle is left, top, right and bottom as shares of the page, from 0 to 1."))
