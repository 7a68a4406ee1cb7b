"""The published figures in the shared data, as tests ask for them."""

from __future__ import annotations

import csv
import gzip

from tests.shared import SHARED

CARE = SHARED / "social_care"
STARTING = "Children starting to be looked after each year"


def number(cell: str) -> float | None:
    """A cell as a number; None for a symbol."""
    try:
        return float(cell)
    except ValueError:
        return None


def counts() -> list[dict[str, str]]:
    """Counts and rates of every authority, region and England, 2019 to 2025, the latest release of each."""
    file = CARE / "dfe_cla" / "cla_number_and_rate_per_10k_2019_to_2025.csv"
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def starting(year: int, level: str = "Local authority") -> list[dict[str, str]]:
    """The rows on children who started to be looked after in a year."""
    return [
        row
        for row in counts()
        if row["time_period"] == str(year) and row["geographic_level"] == level and row["population_type"] == STARTING
    ]


def release(name: str) -> dict[tuple[str, str, str], float | None]:
    """The counts of authorities in one release, by code, what is counted, and year."""
    file = CARE / "dfe_cla" / "cla_number_and_rate_all_vintages.csv.gz"
    with gzip.open(file, "rt", encoding="utf-8-sig", newline="") as stream:
        return {
            (row["new_la_code"], row["population_type"], row["time_period"]): number(row["children_count"])
            for row in csv.DictReader(stream)
            if row["release"] == name and row["geographic_level"] == "Local authority"
        }


def neighbours() -> dict[str, list[str]]:
    """The ten statistical neighbours of each authority by the model of 2025, by the old three-digit codes."""
    with (CARE / "reference" / "sn_model_2025_wide.csv").open(encoding="utf-8-sig", newline="") as stream:
        return {row["old_la_code"]: [row[f"SN_{at}"] for at in range(1, 11)] for row in csv.DictReader(stream)}


def poverty(year: str) -> dict[str, float]:
    """Children in low-income families in a year, per cent, by the old three-digit codes."""
    file = CARE / "lait" / "lait_csc_indicators_2016_to_2025.csv.gz"
    with gzip.open(file, "rt", encoding="utf-8-sig", newline="") as stream:
        return {
            row["LA Number"]: value
            for row in csv.DictReader(stream)
            if row["Short Desc"] == "ChildPov" and row["Years"] == year and (value := number(row["Values"])) is not None
        }


def referrals() -> dict[str, list[float | None]]:
    """Referrals of each authority in the 36 months from April 2021 to March 2024, by its name."""
    months = "April May June July August September October November December January February March".split()
    file = CARE / "dfe_cin" / "c6_children_in_need_referrals_by_month_2013_to_2024.csv"
    found: dict[str, dict[str, list[float | None]]] = {}
    with file.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["geographic_level"] == "Local authority" and row["time_period"] in ("2022", "2023", "2024"):
                held = [number(row[month]) for month in months]
                years = found.setdefault(row["la_name"], {})
                if any(value is not None for value in held) or row["time_period"] not in years:
                    years[row["time_period"]] = held
    return {
        name: [value for year in ("2022", "2023", "2024") for value in years.get(year, [None] * 12)]
        for name, years in found.items()
    }
