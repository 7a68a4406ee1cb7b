"""A centre that holds what the shipped pack says of England's places, and nothing else. Loading takes about a second."""

from __future__ import annotations

from pathlib import Path

from whatworks.archive.demonstration import shipped_pack
from whatworks.archive.loading import load_files

BY = "usr-test"
WANTED = (
    "people/areas.csv",
    "people/successions.csv",
    "baseline/vintages.csv",
    "baseline/figures.csv",
    "baseline/neighbours.csv",
)


def places_only() -> dict[str, str]:
    """The register of places, as files of a pack."""
    return _files(WANTED[:2])


def load_england() -> None:
    """Places, published figures and neighbours."""
    load_files(files=_files(WANTED), name="england", by=BY)


def load_places() -> None:
    """The register of places alone."""
    load_files(files=places_only(), name="places", by=BY)


def _files(names: tuple[str, ...]) -> dict[str, str]:
    pack: Path = shipped_pack()
    return {"pack.toml": 'name = "england"\n'} | {name: (pack / name).read_text("utf-8") for name in names}
