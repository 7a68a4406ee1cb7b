"""Made-up designs, lists and commitments for the tests of drawing: nothing here is about a real place."""

from __future__ import annotations

import json
from typing import Any

from whatworks.stats.lot import commitment
from whatworks.trial.methods.allocating import committing
from whatworks.trial.methods.allocating.listing import read_list
from whatworks.trial.methods.allocating.publishing import allocate
from whatworks.trial.methods.design import digest

COMMITTED, FROZEN, TOLD, DRAWN = (f"2026-01-0{day}T09:00:00Z" for day in (1, 2, 4, 5))
BEACON = "2026-01-03T09:00:00Z"
SECRETS = {"Custodian one": "ivy", "Custodian two": "oak"}
THREE = '[[arms]]\nname = "usual"\nparts = 2\n[[arms]]\nname = "short"\n[[arms]]\nname = "long"\n'
LIST = """unit,area,pair,size,share,batch
Ash,north,a,210,0.10,1
Beech,north,b,340,0.325,1
Cedar,south,a,95,.5,1
Dogwood,south,c,410,0.2,1
Elder,north,b,288,0.45,1
Fir,east,c,150,0.05,1
Gorse,east,d,505,0.61,2
Hazel,north,d,77,0.38,2
Holly,south,e,310,0.12,2
Ivy,south,e,264,0.27,2
Juniper,east,f,199,0.33,2
Larch,east,f,450,0.19,2
""".replace(",.5,", ",0.5,")

CASES = {
    "simple": ('method = "simple"', "cluster", "", ""),
    "simple, three arms": ('method = "simple"', "cluster", THREE, ""),
    "complete": ('method = "complete"', "cluster", "", ""),
    "complete, three arms": ('method = "complete"', "cluster", THREE, ""),
    "complete in strata": ('method = "complete"\nstrata = ["area"]', "cluster", "", ""),
    "blocks": ('method = "permuted-blocks"\nblock_sizes = [2, 4]', "individual", "", ""),
    "blocks in strata and batches": (
        'method = "permuted-blocks"\nblock_sizes = [2, 4]\nstrata = ["area"]\nstage = "batch"', "individual", "", "",
    ),
    "stratified": ('method = "stratified"\nstrata = ["area"]', "blocked-cluster", "", ""),
    "stratified in blocks": ('method = "stratified"\nstrata = ["area"]\nblock_sizes = [2]', "cluster", "", ""),
    "pairs": ('method = "matched-pairs"\npair = "pair"', "matched-pairs", "", ""),
    "minimisation": ('method = "minimisation"\nfactors = ["area", "batch"]\ncoin = [7, 10]', "individual", "", ""),
    "minimisation, three arms": ('method = "minimisation"\nfactors = ["area"]\nstage = "batch"', "individual", THREE, ""),
    "minimisation in strata": ('method = "minimisation"\nfactors = ["batch"]\nstrata = ["area"]', "individual", "", ""),
    "constrained": ('method = "constrained"\ncovariates = ["size", "share"]', "cluster", "", ""),
    "constrained, unequal": (
        'method = "constrained"\ncovariates = ["size"]\nkeep = "1/4"', "cluster",
        '[[arms]]\nname = "usual"\nparts = 2\n[[arms]]\nname = "offered"\n', "",
    ),
    "constrained, absolute": (
        'method = "constrained"\ncovariates = ["size", "share"]\nmeasure = "l1"\nweights = [3, 0.5]\nkeep = 0.2', "cluster", "", "",
    ),
    "constrained, sampled": (
        'method = "constrained"\ncovariates = ["size", "share"]\nmeasure = "l1"\nweights = ["2", "1/3"]\nsample = 200\nkeep = 0.1',
        "cluster", "", "",
    ),
    "constrained in strata": (
        'method = "constrained"\ncovariates = ["size"]\nstrata = ["area"]\nkeep = "1/2"', "cluster", "", "",
    ),
    "constrained in batches": (
        'method = "constrained"\ncovariates = ["size"]\nstage = "batch"\nkeep = "1/2"', "cluster", "", "",
    ),
    "steps": ('method = "stepped-wedge"', "stepped-wedge", "", "steps = 5"),
    "steps, by sequences": ('method = "stepped-wedge"', "stepped-wedge", "", "sequences = [3, 4, 5]"),
    "steps in batches": ('method = "stepped-wedge"\nstage = "batch"', "stepped-wedge", "", "steps = 3"),
}  # fmt: skip


def design(allocation: str, kind: str = "cluster", arms: str = "", size: str = "") -> str:
    """The TOML of a design."""
    return f'[design]\nkind = "{kind}"\n{arms}\n[size]\n{size}\n[allocation]\n{allocation}\n'


def units(text: str = LIST) -> list[dict[str, str]]:
    """The rows of a list."""
    return read_list(text)


def told(text: str, rows: list[dict[str, str]], before: dict[str, Any] | None = None, **change: Any) -> dict[str, Any]:
    """A file of commitments with two custodians and a beacon, frozen, all secrets told. `change`: other times or secrets."""
    held = committing.opened()
    for name, secret in SECRETS.items():
        held = committing.committed(held, name=name, commitment=commitment(secret), at=COMMITTED)
    held = committing.named(
        held,
        name="Beacon",
        source="a public source",
        round="12",
        named_for=change.get("named_for", BEACON),
        at=COMMITTED,
    )
    held = committing.frozen(
        held, design=digest(text), units=rows, at=change.get("at", FROZEN), before=before["digest"] if before else None
    )
    for name, secret in {**SECRETS, "Beacon": "AB12"}.items():
        held = committing.revealed(held, name=name, secret=secret, at=TOLD)
    return held


def record(text: str, rows: list[dict[str, str]], before: dict[str, Any] | None = None) -> dict[str, Any]:
    """A draw of record, as it is read again from its file."""
    held = allocate(text, rows, drawn_at=DRAWN, commitments=told(text, rows, before), before=before)
    return dict(json.loads(json.dumps(held, ensure_ascii=False)))


def practice(text: str, rows: list[dict[str, str]], seed: str = "1") -> dict[str, Any]:
    """A draw for practice, as it is read again from its file."""
    return dict(json.loads(json.dumps(allocate(text, rows, drawn_at=DRAWN, typed=seed), ensure_ascii=False)))
