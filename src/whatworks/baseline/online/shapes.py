"""What the service answers, as far as anything here rests on it, and whether an answer is so.

Written from the OpenAPI document of the service (Explore education statistics, Public Data API, version 1) as its
publisher keeps it with the service's own sources, `src/explore-education-statistics-api-docs/source/openapi-v1.json` in
github.com/dfe-analytical-services/explore-education-statistics, and from the pages “Pagination”, “Versioning”, “Error
handling” and “How to get CSV data” beside it (api.education.gov.uk/statistics/docs). There are: the addresses, their
parameters and largest pages, `paging` and `results`, each member named here, the statuses of data sets, that a version is
one to three numbers, that a CSV file is text/csv and packed by gzip whoever asks, and that `dataSetVersion` chooses one.

Not said there: which publications have data sets (the first two of `publications.toml` had in February 2026, as the
reference of the publisher's own R package lists), what the columns of their CSV files are called, and how fast one may ask.

A shape: a dict names members and their shapes, a pattern is text that fits it whole, a type is a value of it, a tuple
allows any of its shapes, None is null. Members that no shape names are not looked at.
"""

from __future__ import annotations

import re
from typing import Any

from whatworks.errors import InputError
from whatworks.saying import said

NAME = "Explore education statistics"
BASE = "https://api.education.gov.uk/statistics/v1"
PUBLICATIONS, LARGEST_PAGE_OF_PUBLICATIONS = "publications", 40
DATA_SETS, LARGEST_PAGE_OF_DATA_SETS = "publications/{}/data-sets", 20
FILE = "data-sets/{}/csv"
WITHDRAWN = "Withdrawn"  # a data set may also be Published or Deprecated; both have files

# Both become parts of addresses and of names of files, so nothing else may stand in them.
IDENTIFIER = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
VERSION = re.compile(r"[0-9]{1,5}(\.[0-9]{1,5}){0,2}")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T.*")

LIST = {"paging": {"page": int, "totalPages": int}, "results": list}
PUBLICATION = {"id": IDENTIFIER, "title": str}
LATEST = {"version": VERSION, "published": MOMENT}
DATA_SET = {"id": IDENTIFIER, "title": str, "status": str, "latestVersion": (LATEST, None)}


def fitting(value: Any, shape: Any, what: str) -> Any:
    """The value, where it has the shape; else InputError, which says of what answer (`what`) and at which member."""
    wrong = _misfit(value, shape, what)
    if wrong:
        raise InputError(
            said(
                "%(name)s answered in a form that is not documented (%(wrong)s); the service may have changed: "
                "download the file from the publication's own page, and look for a newer version of this program.",
                name=NAME,
                wrong=wrong,
            )
        )
    return value


def _misfit(value: Any, shape: Any, at: str) -> str:
    if isinstance(shape, tuple):
        tried = [_misfit(value, one, at) for one in shape]
        return "" if "" in tried else tried[0]
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return f"{at} is no object"
        members = (_misfit(value.get(name), inner, f"{at}, {name}") for name, inner in shape.items())
        return next(filter(None, members), "")
    if shape is None:
        return "" if value is None else f"{at} is not null"
    if isinstance(shape, re.Pattern):
        good = isinstance(value, str) and shape.fullmatch(value) is not None
    else:
        good = isinstance(value, shape) and not isinstance(value, bool)
    if good:
        return ""
    return f"{at} is missing" if value is None else f"{at} is {str(value)[:40]!r}"
