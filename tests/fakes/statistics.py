"""The statistics service on this machine: the documented shape of its answers, about invented publications and figures."""

from __future__ import annotations

import gzip
import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.serving import Reply, Request

FIRST = """time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,la_name,\
new_la_code,population_count,population_estimate,number,rate_per_10000
2023,Reporting year,National,E92000001,England,,,,,,Children looked after at 31 March each year,3000,60,200
2023,Reporting year,Local authority,E92000001,England,E12900001,Invented North,901,Oakshire,E06900001,\
Children looked after at 31 March each year,1000,40,400
2023,Reporting year,Local authority,E92000001,England,E12900001,Invented North,902,Elmshire,E06900002,\
Children looked after at 31 March each year,2000,c,c
"""
# As releases do: a number said otherwise, one given that was withheld, a year more, columns and words of another year.
SECOND = """time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,la_name,\
new_la_code,population_type,population_estimate,children_count,rate_per_10000
2023,Reporting year,National,E92000001,England,,,,,,Children looked after on 31 March each year,3000,60,200
2023,Reporting year,Local authority,E92000001,England,E12900001,Invented North,901,Oakshire,E06900001,\
Children looked after on 31 March each year,1000,42,420
2023,Reporting year,Local authority,E92000001,England,E12900001,Invented North,902,Elmshire,E06900002,\
Children looked after on 31 March each year,2000,18,90
2024,Reporting year,National,E92000001,England,,,,,,Children looked after on 31 March each year,3100,70,226
2024,Reporting year,Local authority,E92000001,England,E12900001,Invented North,901,Oakshire,E06900001,\
Children looked after on 31 March each year,1050,45,429
"""
FOREIGN = "time_period,geographic_level,country_code,country_name,moon_phase\n2023,National,E92000001,England,3\n"


def identifier(name: str) -> str:
    """The identifier that an invented publication or data set always has."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


@dataclass
class Published:
    """A data set and the files of its versions, the newest last."""

    title: str
    versions: dict[str, str] = field(default_factory=lambda: {"1.0": FIRST})
    status: str = "Published"

    @property
    def identifier(self) -> str:
        return identifier(self.title)

    def told(self) -> dict[str, Any]:
        """The data set in the documented shape."""
        said: dict[str, Any] = {
            "id": self.identifier,
            "title": self.title,
            "summary": "Invented.",
            "status": self.status,
        }
        if not self.versions:
            return said
        number = len(self.versions)
        version, text = list(self.versions.items())[-1]
        return said | {
            "latestVersion": {
                "version": version,
                "published": f"{2022 + number}-11-16T09:30:00+00:00",
                "totalResults": text.count("\n") - 1,
                "file": {"id": identifier(f"{self.title} {version}")},
                "timePeriods": {"start": "2023", "end": str(2022 + number)},
                "geographicLevels": ["National", "Local authority"],
                "filters": ["Population type"],
                "indicators": ["Number", "Rate per 10,000"],
            }
        }


def problem(status: int, title: str) -> Reply:
    """A refusal in the documented shape."""
    return Reply(status, {"title": title, "type": "Not Found" if status == 404 else "Error", "status": status})


class StatisticsFake:
    """The service: `publications` by title, each with its data sets; `asked` remembers which files were asked for.

    Files are packed by gzip whoever asks, as the service's are; `packed` False sends them as they are.
    """

    def __init__(self, publications: dict[str, list[Published]], *, packed: bool = True) -> None:
        self.publications, self.packed = publications, packed
        self.asked: list[str] = []

    def __call__(self, request: Request) -> Reply:
        found = re.fullmatch(r"/v1/(?:publications(?:/([^/]+)/data-sets)?|data-sets/([^/]+)/csv)", request.path)
        if found is None:
            return problem(404, "Not Found")
        if found[2]:
            return self._file(found[2], request.parameters.get("dataSetVersion", "*"))
        if not found[1]:
            return self._paged(request, self._matching(request.parameters.get("search", "")), largest=40)
        for title, data_sets in self.publications.items():
            if identifier(title) == found[1]:
                return self._paged(request, [one.told() for one in data_sets], largest=20)
        return problem(404, "Not Found")

    def _matching(self, words: str) -> list[dict[str, Any]]:
        """As documented of the service: publications that have any of the words."""
        wanted = set(words.casefold().split())
        return [
            {
                "id": identifier(title),
                "title": title,
                "slug": "-".join(title.casefold().split()),
                "summary": "Invented.",
                "lastPublished": "2024-11-16T09:30:00+00:00",
            }
            for title in self.publications
            if not wanted or wanted & set(title.casefold().split())
        ]

    def _paged(self, request: Request, rows: list[dict[str, Any]], largest: int) -> Reply:
        page, size = (int(request.parameters.get(name, default)) for name, default in (("page", 1), ("pageSize", 10)))
        if page < 1 or not 1 <= size <= largest:
            error = {"message": f"Must be between 1 and {largest}.", "code": "InclusiveBetween", "path": "pageSize"}
            said = {"title": "There are validation errors with the request.", "type": "Bad Request", "status": 400}
            return Reply(400, said | {"errors": [error]})
        paging = {
            "page": page,
            "pageSize": size,
            "totalResults": len(rows),
            "totalPages": (len(rows) - 1) // size + 1,
        }
        return Reply(200, {"paging": paging, "results": rows[(page - 1) * size : page * size]})

    def _file(self, wanted: str, version: str) -> Reply:
        for one in (one for data_sets in self.publications.values() for one in data_sets):
            if one.identifier == wanted and version in one.versions:
                self.asked.append(f"{one.title} {version}")
                return self._sent(one.versions[version].encode())
        return problem(404, "Not Found")

    def _sent(self, body: bytes) -> Reply:
        headers = {"Content-Type": "text/csv", "X-Robots-Tag": "noindex"}
        if not self.packed:
            return Reply(200, body, headers, cut=len(body))  # told where to end, the server does not pack it
        body = gzip.compress(body, mtime=0)
        return Reply(200, body, headers | {"Content-Encoding": "gzip"}, cut=len(body))
