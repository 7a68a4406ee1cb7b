"""Made-up tables on which comparisons without a lot are compared with R and Python; see `mixed_tables` for where numbers come from.

`python -m tests.unit.trial.quasi_tables FOLDER` writes them for `quasi_from_r.R`.
"""

from __future__ import annotations

import csv
import math
import sys
from pathlib import Path

import numpy as np

from tests.unit.trial.mixed_tables import Table, normals, uniforms

NEVER = 999.0


def months() -> Table:
    """48 months of counts in a growing population; from month 30 they are lower, and fall."""
    noise, rows = normals(41, 48), []
    for month in range(1, 49):
        people = 50_000 + 120 * month
        since = max(0, month - 30)
        season = 0.12 * math.sin(2 * math.pi * month / 12) - 0.05 * math.cos(2 * math.pi * month / 12)
        log = math.log(0.004) + 0.004 * month + season - 0.15 * (month >= 30) - 0.01 * since
        rows.append((month, people, round(people * math.exp(log + 0.11 * noise[month - 1]))))
    return dict(zip(("month", "people", "count"), np.array(rows, float).T, strict=True))


def places() -> Table:
    """48 places of 12 regions over 6 years, which begin in year 3, 4 or 6, or never; the effect grows with time."""
    of_place, noise = normals(51, 48), normals(52, 288)
    rows = []
    for place in range(48):
        began = (3.0, 4.0, 6.0, NEVER)[(place + place // 7) % 4]
        for year in range(1, 7):
            grown = 0.4 + 0.3 * (year - began) if year >= began else 0.0
            drift = 0.05 * year * (place % 12) / 12
            y = round(2 + 0.8 * of_place[place] + 0.2 * year + drift + grown + 0.5 * noise[6 * place + year - 1], 3)
            rows.append((place + 1, place % 12 + 1, year, began, float(year >= began), y))
    return dict(zip(("place", "region", "year", "began", "on", "y"), np.array(rows, float).T, strict=True))


def families() -> Table:
    """240 families; the more need, the likelier the service."""
    need, age, chance, noise = normals(61, 240), normals(62, 240), uniforms(63, 240), normals(64, 240)
    area = [float(one < 0.4) for one in uniforms(65, 240)]
    rows = []
    for n, a, u, e, one in zip(need, age, chance, noise, area, strict=True):
        served = float(u < 1 / (1 + math.exp(0.9 - 0.8 * n + 0.3 * a - 0.6 * one)))
        rows.append(
            (round(n, 3), round(10 + 3 * a, 2), one, served, round(5 + 1.2 * n + 0.1 * a + 0.5 * served + e, 3))
        )
    return dict(zip(("need", "age", "area", "served", "y"), np.array(rows).T, strict=True))


if __name__ == "__main__":
    for made in (months, places, families):
        with (Path(sys.argv[1]) / f"{made.__name__}.csv").open("w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(made())
            writer.writerows(np.column_stack(list(made().values())).tolist())
