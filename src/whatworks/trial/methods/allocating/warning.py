"""What somebody who relies on an allocation should know about the way in which it was drawn."""

from __future__ import annotations

from collections.abc import Iterator

from whatworks.saying import Said, said
from whatworks.trial.methods.allocating.listing import Units, strata_of
from whatworks.trial.methods.allocating.ways import Drawn, step_sizes
from whatworks.trial.methods.design import Design
from whatworks.trial.methods.design.parts import WEDGE

FEW_UNITS = 100  # below, simple draws often leave arms of unlike size (Schulz and Grimes 2002, doi 10.1016/S0140-6736(02)08028-0)
FEW_CANDIDATES = 100
FEW_SEQUENCES = 6


def warnings(design: Design, units: Units, drawn: Drawn) -> list[Said]:
    """Sentences for the file and for whoever draws."""
    way = design.allocation
    found = [*_constrained(drawn), *_strata(design, units)]
    if way.method == "simple" and len(units) < FEW_UNITS:
        found.append(
            said(
                "Simple draws leave the numbers in the arms to chance; with %(n)s units they may differ much.",
                n=len(units),
            )
        )
    if way.block_sizes and len(set(way.block_sizes)) == 1:
        found.append(
            said(
                "All blocks have one size, so whoever sees arms one by one can foretell the last of each; give several sizes."
            )
        )
    if way.method == "minimisation":
        found.append(
            said("Whoever knows the earlier arms can guess the next one more often than not; keep them concealed.")
        )
    if way.method == WEDGE and len(step_sizes(design, len(units))) < FEW_SEQUENCES:
        found.append(
            said(
                "There are few steps, so tests rest on few different orders; see the smallest possible p before the draw."
            )
        )
    return found


def _constrained(drawn: Drawn) -> Iterator[Said]:
    for kept in drawn.candidates:
        count = len(kept.found.kept)
        if count < FEW_CANDIDATES:
            yield said(
                "Only %(n)s allocations were candidates, so no test by re-drawing can give a p below 1 in %(n)s; keep more.",
                n=count,
            )
        for one, other in kept.found.always_or_never:
            share = kept.found.together[one, other]
            names = {"one": kept.units[one], "other": kept.units[other]}
            if share:
                yield said(
                    "%(one)s and %(other)s are in the same arm in every candidate; loosen the constraint.", **names
                )
            else:
                yield said(
                    "%(one)s and %(other)s are never in the same arm in any candidate; loosen the constraint.", **names
                )


def _strata(design: Design, units: Units) -> Iterator[Said]:
    if not design.allocation.strata:
        return
    whole = sum(arm.parts for arm in design.arms)
    strata = strata_of(units, design.allocation.strata)
    small = [values for values, held in strata if len(held) < whole]
    if small:
        yield said(
            "%(n)s of %(all)s strata have fewer units than one for each part of the arms (%(first)s, for one); they balance nothing.",
            n=len(small),
            all=len(strata),
            first=", ".join(small[0]),
        )
