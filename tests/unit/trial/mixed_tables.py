"""Tables on which mixed models are compared with R: a published one, and made-up ones that come out the same everywhere.

The made-up ones come from whole numbers alone (Park and Miller 1988, doi 10.1145/63039.63042), rounded, and not from a library's
generator, whose stream may change. `python -m tests.unit.trial.mixed_tables FOLDER` writes them for `mixed_from_r.R`.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

from tests.shared import SHARED

Table = dict[str, np.ndarray]

# Reaction times (ms) of 18 people on days 0 to 9 with 3 hours of sleep: Belenky and others 2003, doi 10.1046/j.1365-2869.2003.00337.x.
SLEEP = """
308 249.56 258.7047 250.8006 321.4398 356.8519 414.6901 382.2038 290.1486 430.5853 466.3535
309 222.7339 205.2658 202.9778 204.707 207.7161 215.9618 213.6303 217.7272 224.2957 237.3142
310 199.0539 194.3322 234.32 232.8416 229.3074 220.4579 235.4208 255.7511 261.0125 247.5153
330 321.5426 300.4002 283.8565 285.133 285.7973 297.5855 280.2396 318.2613 305.3495 354.0487
331 287.6079 285 301.8206 320.1153 316.2773 293.3187 290.075 334.8177 293.7469 371.5811
332 234.8606 242.8118 272.9613 309.7688 317.4629 309.9976 454.1619 346.8311 330.3003 253.8644
333 283.8424 289.555 276.7693 299.8097 297.171 338.1665 332.0265 348.8399 333.36 362.0428
334 265.4731 276.2012 243.3647 254.6723 279.0244 284.1912 305.5248 331.5229 335.7469 377.299
335 241.6083 273.9472 254.4907 270.8021 251.4519 254.6362 245.4523 235.311 235.7541 237.2466
337 312.3666 313.8058 291.6112 346.1222 365.7324 391.8385 404.2601 416.6923 455.8643 458.9167
349 236.1032 230.3167 238.9256 254.922 250.7103 269.7744 281.5648 308.102 336.2806 351.6451
350 256.2968 243.4543 256.2046 255.5271 268.9165 329.7247 379.4445 362.9184 394.4872 389.0527
351 250.5265 300.0576 269.8939 280.5891 271.8274 304.6336 287.7466 266.5955 321.5418 347.5655
352 221.6771 298.1939 326.8785 346.8555 348.7402 352.8287 354.4266 360.4326 375.6406 388.5417
369 271.9235 268.4369 257.2424 277.6566 314.8222 317.2135 298.1353 348.1229 340.28 366.5131
370 225.264 234.5235 238.9008 240.473 267.5373 344.1937 281.1481 347.5855 365.163 372.2288
371 269.8804 272.4428 277.8989 281.7895 279.1705 284.512 259.2658 304.6306 350.7807 369.4692
372 269.4117 273.474 297.5968 310.6316 287.1726 329.6076 334.4818 343.2199 369.1417 364.1236
"""


def uniforms(seed: int, count: int) -> list[float]:
    """Numbers between 0 and 1."""
    found = []
    for _ in range(count):
        seed = 16807 * seed % 2147483647
        found.append(seed / 2147483647)
    return found


def normals(seed: int, count: int) -> list[float]:
    """Roughly normal numbers: twelve uniform ones less six."""
    told = uniforms(seed, 12 * count)
    return [sum(told[12 * i : 12 * i + 12]) - 6 for i in range(count)]


def sleep() -> Table:
    """Reaction by day and person, 180 rows."""
    rows = [[float(one) for one in line.split()] for line in SLEEP.split("\n") if line]
    return {
        "person": np.repeat([row[0] for row in rows], 10),
        "days": np.tile(np.arange(10.0), len(rows)),
        "reaction": np.array([one for row in rows for one in row[1:]]),
    }


def crossed() -> Table:
    """300 pupils of 14 schools, who live in 9 areas; the arm is the school's, and what `pre` does differs by school."""
    school = [int(14 * one) for one in uniforms(11, 300)]
    area = [int(9 * one * one) for one in uniforms(14, 300)]
    pre = [round(one, 2) for one in normals(12, 300)]
    noise, of_school, of_slope, of_area = normals(13, 300), normals(15, 14), normals(16, 14), normals(17, 9)
    y = [
        round(1 + 0.4 * (s % 2) + 0.5 * x + 0.8 * of_school[s] + 0.45 * of_slope[s] * x + 0.6 * of_area[a] + e, 3)
        for s, a, x, e in zip(school, area, pre, noise, strict=True)
    ]
    return {
        "school": np.array(school) + 1.0,
        "area": np.array(area) + 1.0,
        "arm": np.array(school) % 2.0,
        "pre": np.array(pre),
        "y": np.array(y),
    }


def wedge() -> Table:
    """A stepped wedge of 10 clusters and 6 periods, about 6 people in each; each period of a cluster has a spread of its own."""
    noise, kept = normals(21, 420), uniforms(24, 420)
    of_cluster, of_period = normals(22, 10), normals(23, 60)
    rows = []
    for i in range(420):
        cluster, period = i // 42, i // 7 % 6
        arm = int(period > cluster // 2)
        shared = 0.5 * of_cluster[cluster] + 0.35 * of_period[6 * cluster + period]
        if kept[i] < 0.8:
            rows.append((cluster + 1, period + 1, arm, round(0.1 * period + 0.3 * arm + shared + noise[i], 3)))
    return {
        name: np.array(column, float)
        for name, column in zip(("cluster", "period", "arm", "y"), zip(*rows, strict=True), strict=True)
    }


def shared(name: str) -> Table:
    """A shared reference table's columns as numbers."""
    with (SHARED / "trial" / name).open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {key: np.array([float(row[key]) for row in rows]) for key in rows[0]}


def periods(table: Table, last: int) -> list[np.ndarray]:
    """A column for each period after the first."""
    return [(table["period"] == one).astype(float) for one in range(2, last + 1)]


if __name__ == "__main__":
    for made in (sleep, crossed, wedge):
        with (Path(sys.argv[1]) / f"{made.__name__}.csv").open("w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(made())
            writer.writerows(np.column_stack(list(made().values())).tolist())
