"""A release described for machines: the metadata file of RO-Crate 1.1, and how to cite it.

Follows the RO-Crate Metadata Specification 1.1 (https://w3id.org/ro/crate/1.1): a descriptor, a root data set with name,
description, date and licence, and its files. No DOI is given, since none was registered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

METADATA = "ro-crate-metadata.json"
SPECIFICATION = "https://w3id.org/ro/crate/1.1"
KINDS = {
    "csv": "text/csv",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "jsonld": "application/ld+json",
    "md": "text/markdown",
    "ris": "application/x-research-info-systems",
    "toml": "application/toml",
}
WORDS = {  # of files whose name alone says too little
    "open/pages.json": "What every page says, in its newest approved revision",
    "open/results.json": "The pooled results that pages show, with their numbers",
    "open/guides.json": "What every practice guide says, and the packages that gather them",
    "open/catalogue.jsonld": "Pages and guides in the words of schema.org",
    "open/changes.json": "What changed since the release before",
}
LICENCES = "data/ATTRIBUTION.md"


def kind_of(path: str) -> str:
    """The media type of a file by its name."""
    return KINDS.get(path.rpartition(".")[2], "application/octet-stream")


def crate(
    centre: Mapping[str, str],
    *,
    number: int,
    day: str,
    address: str,
    sizes: Mapping[str, int],
    digests: Mapping[str, str],
) -> dict[str, Any]:
    """The metadata of a release whose files have these sizes and SHA-256 digests; of the site only the folder is named."""
    files = sorted(path for path in sizes if not path.startswith("site/"))
    folders = [{"@id": "site/"}] if any(path.startswith("site/") for path in sizes) else []
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{centre['name']}, release {number}",
        "description": centre["description"] or "Everything public of a centre on one day, as plain files.",
        "datePublished": day,
        "version": str(number),
        "identifier": address,
        "license": {"@id": "#licence"},
        "hasPart": [*({"@id": path} for path in files), *folders],
    }
    licence = {
        "@id": "#licence",
        "@type": "CreativeWork",
        "name": centre["licence"] or "Not stated",
        "description": f"{LICENCES} says which part is under which licence." if LICENCES in sizes else "Not stated.",
    }
    site = {
        "@id": "site/",
        "@type": "Dataset",
        "name": "The public site as plain files",
        "description": "Open site/index.html. Each file and its digest is in the manifest.",
    }
    entities = [_descriptor(), root, licence, *([site] if folders else [])]
    entities += [_file(path, sizes[path], digests[path]) for path in files]
    return {
        "@context": [f"{SPECIFICATION}/context", {"sha256": "https://schema.org/sha256"}],
        "@graph": entities,
    }


def _descriptor() -> dict[str, Any]:
    return {
        "@id": METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": SPECIFICATION},
        "about": {"@id": "./"},
    }


def _file(path: str, size: int, digest: str) -> dict[str, Any]:
    described = {"description": WORDS[path]} if path in WORDS else {}
    return described | {
        "@id": path,
        "@type": "File",
        "name": path.rpartition("/")[2],
        "encodingFormat": kind_of(path),
        "contentSize": str(size),
        "sha256": digest,
    }


def citation(centre: Mapping[str, str], *, number: int, day: str, year: int, address: str, digest: str) -> str:
    """How to cite a release: whose, which, when, where, and the digest that only these files have."""
    return f"{centre['name']} ({year}). Release {number}, {day}. {address} (SHA-256 of its list of files: {digest})"
