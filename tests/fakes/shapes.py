"""The shapes of answers as OpenAlex and Crossref document them, and whether a value has one.

Written from the services' published references, apart from the fakes, so that a fake that drifts is found out: a dict
names members and their shapes (a name that ends in `?` may be missing), a list holds the shape of each of its members, a
tuple allows any of its shapes, a type means a value of that type, None means null.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

TEXT_OR_NULL = (str, None)
DATE = {"date-parts": [[(int, None)]]}
STAMPED = {"date-parts": [[int]], "date-time": str, "timestamp": int}

OPENALEX_SOURCE = {
    "id": str,
    "display_name": str,
    "issn_l": TEXT_OR_NULL,
    "issn": ([str], None),
    "is_oa": bool,
    "host_organization": TEXT_OR_NULL,
    "host_organization_name": TEXT_OR_NULL,
    "type": TEXT_OR_NULL,
}
OPENALEX_LOCATION = {
    "is_oa": bool,
    "landing_page_url": TEXT_OR_NULL,
    "pdf_url": TEXT_OR_NULL,
    "source": (OPENALEX_SOURCE, None),
    "license": TEXT_OR_NULL,
    "version": TEXT_OR_NULL,
}
OPENALEX_WORK = {
    "id": str,
    "doi": TEXT_OR_NULL,
    "title": TEXT_OR_NULL,
    "display_name": TEXT_OR_NULL,
    "publication_year": (int, None),
    "publication_date": TEXT_OR_NULL,
    "ids": {"openalex": str, "doi?": str, "mag?": (int, str), "pmid?": str, "pmcid?": str},
    "language": TEXT_OR_NULL,
    "primary_location": (OPENALEX_LOCATION, None),
    "type": str,
    "is_retracted": bool,
    "authorships": [
        {
            "author_position": str,
            "author": {"id": TEXT_OR_NULL, "display_name": TEXT_OR_NULL, "orcid": TEXT_OR_NULL},
            "institutions": [dict],
            "raw_author_name": TEXT_OR_NULL,
        }
    ],
    "cited_by_count": int,
    "biblio": {"volume": TEXT_OR_NULL, "issue": TEXT_OR_NULL, "first_page": TEXT_OR_NULL, "last_page": TEXT_OR_NULL},
    "keywords": [dict],
    "locations": [OPENALEX_LOCATION],
    "referenced_works": [str],
    "abstract_inverted_index": (dict, None),
    "updated_date": str,
    "created_date": str,
}
OPENALEX_ANSWER = {
    "meta": {
        "count": int,
        "db_response_time_ms": int,
        "page": (int, None),
        "per_page": int,
        "next_cursor?": TEXT_OR_NULL,
    },
    "results": [OPENALEX_WORK],
    "group_by": [dict],
}
OPENALEX_ERROR = {"error": str, "message": str}

CROSSREF_WORK = {
    "indexed": STAMPED,
    "reference-count": int,
    "publisher": str,
    "DOI": str,
    "type": str,
    "created": STAMPED,
    "deposited": STAMPED,
    "source": str,
    "is-referenced-by-count": int,
    "title": [str],
    "prefix": str,
    "member": str,
    "container-title?": [str],
    "short-container-title?": [str],
    "author?": [{"given?": str, "family?": str, "name?": str, "sequence": str, "affiliation": [dict]}],
    "issue?": str,
    "volume?": str,
    "page?": str,
    "ISSN?": [str],
    "score": (float, int),
    "issued": DATE,
    "published?": DATE,
    "references-count": int,
    "URL": str,
}
CROSSREF_ANSWER = {
    "status": "ok",
    "message-type": "work-list",
    "message-version": str,
    "message": {
        "facets": dict,
        "total-results": int,
        "items": [CROSSREF_WORK],
        "items-per-page": int,
        "query": dict,
        "next-cursor?": str,
    },
}
CROSSREF_ERROR = {
    "status": "failed",
    "message-type": "validation-failure",
    "message": [{"type": str, "value": str, "message": str}],
}


def unlike(value: Any, shape: Any, at: str = "answer") -> Iterator[str]:
    """Every place where a value has not the shape, a sentence each. Members that the shape does not name are allowed."""
    if isinstance(shape, tuple):
        tried = [list(unlike(value, one, at)) for one in shape]
        yield from [] if [] in tried else min(tried, key=len)
    elif isinstance(shape, dict):
        if not isinstance(value, dict):
            yield f"{at} is no object"
            return
        for name, inner in shape.items():
            plain = name.removesuffix("?")
            if plain in value:
                yield from unlike(value[plain], inner, f"{at}.{plain}")
            elif plain == name:
                yield f"{at} lacks {name}"
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{at} is no list"
            return
        for number, one in enumerate(value):
            yield from unlike(one, shape[0], f"{at}[{number}]")
    elif isinstance(shape, type):
        if not isinstance(value, shape) or (shape is int and isinstance(value, bool)):
            yield f"{at} is {type(value).__name__}, not {shape.__name__}"
    elif value != shape:
        yield f"{at} is {value!r}, not {shape!r}"
