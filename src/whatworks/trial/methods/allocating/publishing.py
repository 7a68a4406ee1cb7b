"""The published allocation: one JSON object that holds all that is needed to draw it again, and nothing else about anybody.

Its numbers are whole, its fractions and decimals are texts, so that it has one canonical form (keys by code point, no spaces, UTF-8 as it
is) and one digest in any language. What happens afterwards is appended to `events`; see `happening`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from whatworks.errors import InputError
from whatworks.ledger.canonical import digest as digest_of
from whatworks.saying import said
from whatworks.stats.lot import MARK, Lot
from whatworks.trial.methods.allocating import warning
from whatworks.trial.methods.allocating.balancing import arms_of, balance, counts
from whatworks.trial.methods.allocating.committing import moment, seed
from whatworks.trial.methods.allocating.constraining import Constrained
from whatworks.trial.methods.allocating.listing import NAME, Units, list_digest, refuse_units
from whatworks.trial.methods.allocating.ways import RULES, Drawn, Kept, check, draw
from whatworks.trial.methods.design import Design, digest, read

FORMAT = "whatworks allocation 1"
STREAM = "whatworks lot 1"
RECORD, PRACTICE = "draw of record", "practice only"
USED = (
    "method", "strata", "block_sizes", "pair", "factors", "coin", "covariates", "weights", "measure", "keep", "sample", "stage",
)  # fmt: skip
LISTED = 20_000  # candidates that are written out; of more, their number and digest
Document = dict[str, Any]


def practice_seed(typed: str) -> str:
    """The seed of a draw that is practice only: from whatever the operator typed."""
    return hashlib.sha256(MARK + b"practice\n" + typed.encode()).hexdigest()


def allocate(
    design: str, units: Units, *, drawn_at: str, commitments: Mapping[str, Any] | None = None, typed: str | None = None,
    before: Mapping[str, Any] | None = None,
) -> Document:  # fmt: skip
    """Draw, and say all of it. `design`: its TOML; `commitments`: the file with all secrets told, for a draw of record; `typed`: instead,
    an operator's seed, for a draw labelled practice only; `before`: the published allocation that this one continues.

    Raises InputError for what is out of order, in one sentence.
    """
    if (commitments is None) == (typed is None):
        raise InputError(said("A draw takes commitments, or is practice only with a seed that is typed; not both."))
    text = design.replace("\r\n", "\n")
    plan = read(text)
    check(plan)
    refuse_units(units)
    earlier = _continued(plan, units, before)
    if commitments is not None:
        goes_on = before["digest"] if before else None
        if before and before["label"] != RECORD:
            raise InputError(said("A draw of record cannot continue one that was practice only."))
        drawn_seed = seed(commitments, design=digest(text), units=units, before=goes_on)
        last = max(one["revealed_at"] for one in commitments["parties"])
        if moment(drawn_at) < last:
            raise InputError(said("The draw is said to be at %(at)s, before the last secret was told.", at=drawn_at))
    else:
        drawn_seed = practice_seed(str(typed))
    found: Document = {
        "label": PRACTICE if commitments is None else RECORD, "format": FORMAT, "stream": STREAM, "rules": RULES,
        "drawn_at": moment(drawn_at), "design": {"text": text, "digest": digest(text)},
        "list": {"columns": list(units[0]), "units": [list(one.values()) for one in units], "digest": list_digest(units)},
        "commitments": None if commitments is None else dict(commitments), "typed": typed, "seed": drawn_seed,
    }  # fmt: skip
    drawn = draw(plan, units, Lot(drawn_seed), earlier)
    found |= outcome(plan, units, drawn)
    found["warnings"] = [str(one) for one in warning.warnings(plan, units, drawn)]
    found |= {"before": None if before is None else dict(before), "events": []}
    return found | {"digest": digest_of_draw(found)}


def outcome(design: Design, units: Units, drawn: Drawn) -> Document:
    """What came of a draw: everything in the file that replaying computes anew."""
    return {
        "method": method(design),
        "allocation": dict(drawn.arms),
        "counts": counts(design, units, drawn.arms),
        "balance": balance(design, units, drawn.arms),
        "candidates": [_candidates(one) for one in drawn.candidates],
    }


def method(design: Design) -> Document:
    """The way of drawing with all that it used, whatever was left to a default too. `steps`: how many, or how many clusters at each."""
    way, size = asdict(design.allocation), design.size
    plain = {name: list(way[name]) if isinstance(way[name], tuple) else way[name] for name in USED}
    arms = [{"name": arm.name, "parts": arm.parts} for arm in design.arms]
    steps = list(size.sequences) or size.steps or len(size.layout)
    return {"kind": design.design.kind, "arms": arms, "steps": steps, **plain}


def digest_of_draw(held: Mapping[str, Any]) -> str:
    """The digest of a draw: of the whole file but its events, which are chained to it, and the digest itself."""
    return digest_of({name: value for name, value in held.items() if name not in ("events", "digest")})


def rows_of(held: Mapping[str, Any]) -> list[dict[str, str]]:
    """The units of a published allocation with their columns."""
    listed = held["list"]
    return [dict(zip(listed["columns"], row, strict=True)) for row in listed["units"]]


def earlier_of(held: Mapping[str, Any] | None) -> list[tuple[dict[str, str], str]]:
    """The units of an allocation and of those that it continues, the first draw first, with their arms."""
    if held is None:
        return []
    return [*earlier_of(held["before"]), *((unit, held["allocation"][unit[NAME]]) for unit in rows_of(held))]


def _continued(design: Design, units: Units, before: Mapping[str, Any] | None) -> list[tuple[dict[str, str], str]]:
    earlier = earlier_of(before)
    names = {unit[NAME] for unit, _ in earlier}
    for unit in units:
        if unit[NAME] in names:
            raise InputError(said("%(unit)s was drawn before; a later list holds new units only.", unit=unit[NAME]))
    arms = set(arms_of(design, units))
    for unit, arm in earlier:
        if arm not in arms:
            raise InputError(
                said("%(unit)s was drawn to %(arm)s, an arm that the design no longer has.", unit=unit[NAME], arm=arm)
            )
    return earlier


def scheme_lines(units: int, kept: Sequence[Sequence[int]]) -> list[str]:
    """Candidates as texts of 0 (first arm) and 1 (second), one sign for each unit in the order of the batch."""
    lines = []
    for chosen in kept:
        signs = ["1"] * units
        for place in chosen:
            signs[place] = "0"
        lines.append("".join(signs))
    return lines


def _candidates(kept: Kept) -> Document:
    found, units = kept.found, kept.units
    lines = scheme_lines(len(units), found.kept)
    at = found.kept.index(found.chosen)
    return {
        "units": list(units), "looked_at": found.looked_at, "kept": len(lines), "cutoff": str(found.cutoff), "chosen": at,
        "imbalance": str(found.scores[at]), "together": together(units, found),
        "imbalances": dict(zip(("least", "median", "mean", "most"), map(str, found.spread), strict=True)),
        "digest": hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest(),
        "listed": lines if len(lines) <= LISTED else None,
    }  # fmt: skip


def together(units: Sequence[str], found: Constrained) -> Document:
    """How often two units share an arm among the candidates: the least and the most, and the pairs that always or never do."""
    shares = found.together
    pairs = {
        which: [[units[a], units[b]] for (a, b), one in shares.items() if one == share]
        for which, share in (("always", 1), ("never", 0))
    }
    return {"least": str(min(shares.values())), "most": str(max(shares.values())), **pairs}
