"""Long lists in pages, in the shape that the template of page links takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest

PER_PAGE = 25


def paged(request: HttpRequest, rows: Sequence[Any]) -> tuple[list[Any], dict[str, Any]]:
    """The rows of the page asked for (the nearest there is), and the links to those before and after."""
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    pages = {
        "page": page.number,
        "pages": page.paginator.num_pages,
        "total": page.paginator.count,
        "start": page.start_index(),
        "previous": f"{request.path}?page={page.number - 1}" if page.has_previous() else "",
        "next": f"{request.path}?page={page.number + 1}" if page.has_next() else "",
    }
    return list(page.object_list), pages
