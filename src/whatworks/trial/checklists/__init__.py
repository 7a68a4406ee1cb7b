"""Checklists of reporting as data: one file for each, read by `whatworks.trial.methods.checklists`."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

from whatworks.trial.methods.checklists import Checklist, fits, read
from whatworks.trial.methods.design import Design

ORDER = ("consort-2025", "consort-cluster-2012", "consort-stepped-wedge-2018", "consort-pilot-2016", "tidier-2014")


@lru_cache(maxsize=1)
def shipped() -> tuple[Checklist, ...]:
    """Every checklist that comes with the program, the general one first."""
    home = resources.files(__name__)
    return tuple(read(home.joinpath(f"{key}.toml").read_text("utf-8")) for key in ORDER)


def fitting(design: Design) -> list[Checklist]:
    """Those that a trial of this design is asked to follow."""
    return [one for one in shipped() if fits(one, design)]
