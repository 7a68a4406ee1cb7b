"""The metadata of a release: what RO-Crate 1.1 requires is there, and every name in it is described once."""

from __future__ import annotations

from typing import Any

import pytest

from whatworks.archive.crate import METADATA, citation, crate

CENTRE = {"name": "A centre", "description": "About.", "licence": "CC BY 4.0"}
SIZES = {"data/a.csv": 3, "data/ATTRIBUTION.md": 5, "open/pages.json": 2, "site/index.html": 9}


@pytest.fixture
def graph() -> dict[str, dict[str, Any]]:
    made = crate(
        CENTRE,
        number=3,
        day="2027-05-01",
        address="https://a.example/releases/3/",
        sizes=SIZES,
        digests=dict.fromkeys(SIZES, "ab" * 32),
    )
    identifiers = [one["@id"] for one in made["@graph"]]
    assert len(identifiers) == len(set(identifiers))
    assert made["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    return {one["@id"]: one for one in made["@graph"]}


def test_the_descriptor_points_at_the_root(graph: dict[str, dict[str, Any]]) -> None:
    """Without it no reader of crates finds anything."""
    descriptor = graph[METADATA]
    assert (descriptor["@type"], descriptor["about"]) == ("CreativeWork", {"@id": "./"})
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}


def test_the_root_has_all_that_is_required(graph: dict[str, dict[str, Any]]) -> None:
    root = graph["./"]
    assert root["@type"] == "Dataset" and root["datePublished"] == "2027-05-01"
    assert all(root[name] for name in ("name", "description", "license"))
    assert graph[root["license"]["@id"]]["name"] == "CC BY 4.0"


def test_every_part_is_described_and_the_site_is_one_folder(graph: dict[str, dict[str, Any]]) -> None:
    parts = [one["@id"] for one in graph["./"]["hasPart"]]
    assert parts == ["data/ATTRIBUTION.md", "data/a.csv", "open/pages.json", "site/"]
    assert all(one in graph for one in parts)
    assert graph["data/a.csv"]["encodingFormat"] == "text/csv"
    assert graph["data/a.csv"]["contentSize"] == "3" and graph["data/a.csv"]["sha256"] == "ab" * 32
    assert graph["site/"]["@type"] == "Dataset"


def test_a_citation_names_release_day_address_and_digest_and_invents_no_doi() -> None:
    told = citation(CENTRE, number=3, day="1 May 2027", year=2027, address="https://a.example/releases/3/", digest="ab")
    assert told == (
        "A centre (2027). Release 3, 1 May 2027. https://a.example/releases/3/ (SHA-256 of its list of files: ab)"
    )
