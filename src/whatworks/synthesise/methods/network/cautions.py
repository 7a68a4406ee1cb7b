"""What a reader must know before using a network, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from whatworks.synthesise.methods.cautions import DOUBT, FEW

if TYPE_CHECKING:
    from whatworks.synthesise.methods.network.results import Network

AnyNetwork = TypeVar("AnyNetwork", bound="Network")
NOTHING = 1e-20  # a Hartung-Knapp factor that is 0 but for rounding
RANKS = (
    "P-scores order treatments by how likely each is better than the others; they say nothing of how much better, and "
    "a first place can rest on one small study, so read them beside the effects and their intervals."
)


def cautions(network: AnyNetwork, notes: tuple[str, ...], scale: float | None) -> AnyNetwork:
    """The network with the sentences that apply to it. scale: the Hartung-Knapp factor, None where it is not used."""
    return replace(network, warnings=(*notes, *_spread(network), *_agreement(network), *_interval(network, scale)))


def _spread(network: Network) -> Iterator[str]:
    if network.tau2 is None:
        yield "There are no more studies than it takes to connect the treatments: how much effects differ is unknown."
    elif network.method.model == "common":
        if network.q_p is not None and network.q_p < DOUBT:
            yield "The studies differ more than chance explains, yet a common-effect model assumes one true effect each."
    elif network.q_df < FEW - 1:
        yield (
            f"Only {network.q_df} degrees of freedom for heterogeneity: how much effects differ between studies is "
            "hardly known."
        )
    if network.tau2_ci_high == 0:
        yield "The studies agree more closely than chance leads one to expect; the interval of tau2 is empty."
    if network.method.model == "random" and network.tau2 is not None and network.k < 3:
        yield "No prediction intervals: they need at least three studies."


def _agreement(network: Network) -> Iterator[str]:
    if len(network.treatments) < 3:
        return
    test = network.decomposition.random or network.decomposition.between
    if not network.decomposition.between.df:
        yield (
            "No comparison has both direct and indirect evidence, so whether the two would agree cannot be tested; the "
            "indirect effects rest on the studies being alike in what changes effects."
        )
    elif test.p is not None and test.p < DOUBT:
        yield (
            f"Direct and indirect evidence do not agree (inconsistency, p = {test.p:.2g}): look at the heat plot and "
            "at the comparisons split into both, before any effect here is used."
        )
    split = [one for one in network.comparisons if one.difference is not None]
    odd = [one for one in split if one.difference is not None and (one.difference.p or 1) < 0.05 / len(split)]
    for one in odd[:3]:
        yield f"For {one.treat1} and {one.treat2} direct and indirect evidence contradict each other."
    yield RANKS
    yield f"Effects that are {network.method.better} count as better in the ranks; turn `better` round if that is wrong."


def _interval(network: Network, scale: float | None) -> Iterator[str]:
    if scale is None or not network.q_df:
        return
    if network.method.model == "common":
        yield "The Hartung-Knapp interval is not meant for a common-effect model."
    if scale < NOTHING:
        yield "All studies agree exactly, so the Hartung-Knapp intervals shrink to points; do not use them."
    elif scale < 1:
        yield (
            "The Hartung-Knapp intervals rest on standard errors smaller than the usual ones "
            f"(by a factor of {scale**0.5:.2f}); hksj-adhoc does not allow this."
        )
