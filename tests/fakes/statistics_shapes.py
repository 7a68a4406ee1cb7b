"""The shapes of answers as the statistics service of the Department for Education documents them.

Written from the OpenAPI document of its Public Data API, version 1, apart from the fake and from what the program reads;
in the manner of `shapes`, which checks them.
"""

from __future__ import annotations

PAGING = {"page": int, "pageSize": int, "totalResults": int, "totalPages": int}
PUBLICATION = {"id": str, "title": str, "slug": str, "summary": str, "lastPublished": str}
LATEST_VERSION = {
    "version": str,
    "published": str,
    "totalResults": int,
    "file": {"id": str},
    "timePeriods": {"start": str, "end": str},
    "geographicLevels": [str],
    "filters": [str],
    "indicators": [str],
}
DATA_SET = {
    "id": str,
    "title": str,
    "summary": str,
    "status": ("Published", "Deprecated", "Withdrawn"),
    "supersedingDataSetId?": (str, None),
    "latestVersion?": (LATEST_VERSION, None),
}
PUBLICATIONS = {"paging": PAGING, "results": [PUBLICATION]}
DATA_SETS = {"paging": PAGING, "results": [DATA_SET]}
PROBLEM = {"title": str, "type": str, "status": int}
REFUSAL = PROBLEM | {"errors": [{"message": str, "code": str, "path": str}]}
