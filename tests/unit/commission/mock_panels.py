"""The three mock panels of ERforResearch 4.0.0 (R. Heyard, Swiss National Science Foundation), and their expected ranks by JAGS."""

from __future__ import annotations

import csv
from pathlib import Path

# Fifteen applications a panel, each with the grades of its five assessors, from 1 (worst) to 6.
GRADES = {
    "p1": "66652 66551 65642 64562 65542 64632 65432 62552 64342 63522 54332 53422 52331 54311 52231",
    "p2": "66656 65566 64665 55555 55544 45444 44444 44334 34433 33323 33222 31322 12222 22211 21111",
    "p3": "66662 56462 54562 53642 35442 43352 34442 53242 44421 25511 42321 23231 31221 13121 21121",
}
# By expected_ranks_from_jags.R, 40,000 kept draws a panel: each is sure to about .02.
EXPECTED = {
    "p1": "2.482 4.136 4.081 4.108 5.080 6.196 7.277 7.303 8.365 9.482 10.486 11.381 12.983 12.989 13.650",
    "p2": "1.403 2.057 2.724 3.968 5.024 6.199 6.849 8.133 8.704 10.105 11.205 11.855 13.168 13.780 14.827",
    "p3": "1.426 2.622 3.195 4.451 6.001 6.761 6.821 7.645 8.550 9.351 10.934 11.668 12.964 13.570 14.040",
}


def rows(panel: str) -> list[tuple[str, str, float]]:
    """Application, assessor and grade."""
    given = enumerate(GRADES[panel].split())
    return [(f"a{at:02}", f"v{by}", float(grade)) for at, all_five in given for by, grade in enumerate(all_five)]


def write(path: str) -> None:
    """All of them as a file for R."""
    with Path(path).open("w", newline="", encoding="utf-8") as file:
        sheet = csv.writer(file)
        sheet.writerow(["panel", "application", "voter", "grade"])
        sheet.writerows([panel, *row] for panel in GRADES for row in rows(panel))
