"""What a rule would suggest for the GRADE reasons to lower, from what is held. A suggestion; people judge.

Shown only after a rater has recorded their own answers. The bands are house rules: the published guidance names what to look at
and leaves the steps to judgement. Indirectness is never suggested: no number says whether the people, service or outcome are those
we ask about. Reasons to raise are not suggested either.
"""

from __future__ import annotations

from dataclasses import dataclass

PEOPLE, FEW_STUDIES = 400, 10  # people in all below which chance alone can move a mean much; studies a bias test needs
HALF, CONSIDERABLE, SUBSTANTIAL = 0.5, 75.0, 50.0  # share of the weight; I2 in percent
SUSPECT = 0.1  # p of Egger's test, as is usual for a test of such low power

RANDOMISED, NOT_RANDOMISED = "randomised", "non-randomised"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is held about one pooled result (or one study's).

    share_high, share_low, share_unjudged: shares of the weight from studies at high risk of bias, at low risk, and of
    those whose risk nobody judged (0 to 1; the rest lies between). i2 in percent, None with one study. low, high: the
    95% interval on the analysis's own scale, with no effect at `null`. band_low, band_high: where a difference is too
    small to matter, None where no band was set. prediction_low, prediction_high: None below three studies. people: in
    all studies, None where a study does not say. egger_p: None where the test could not be done.
    """

    studies: int
    randomised: int
    share_high: float
    share_low: float
    share_unjudged: float
    i2: float | None
    low: float | None
    high: float | None
    null: float = 0.0
    band_low: float | None = None
    band_high: float | None = None
    prediction_low: float | None = None
    prediction_high: float | None = None
    people: int | None = None
    egger_p: float | None = None


@dataclass(frozen=True, slots=True)
class Suggested:
    """What a rule suggests for one question, and why. The value is None where no rule can say."""

    value: int | str | None
    why: str


def suggested(facts: Facts) -> dict[str, Suggested]:
    """By input of the GRADE scheme, what the rules suggest. An input that is not here is for people alone."""
    return {
        "start": _start(facts),
        "risk_of_bias": _risk_of_bias(facts),
        "inconsistency": _inconsistency(facts),
        "imprecision": _imprecision(facts),
        "publication_bias": _publication_bias(facts),
    }


def _start(facts: Facts) -> Suggested:
    count = f"{facts.randomised} of {facts.studies} {'study is' if facts.studies == 1 else 'studies are'} randomised."
    if facts.randomised == facts.studies:
        return Suggested(RANDOMISED, count)
    if facts.randomised == 0:
        return Suggested(NOT_RANDOMISED, count)
    return Suggested(None, f"{count} Where both kinds are put together, people must say which counts.")


def _risk_of_bias(facts: Facts) -> Suggested:
    if facts.share_unjudged >= HALF:
        return Suggested(None, f"Nobody judged the risk of bias of {_percent(facts.share_unjudged)} of the weight.")
    if facts.share_high >= HALF:
        return Suggested(2, f"{_percent(facts.share_high)} of the weight is from studies at high risk of bias.")
    if facts.share_low < HALF:
        return Suggested(1, f"Only {_percent(facts.share_low)} of the weight is from studies at low risk of bias.")
    return Suggested(0, f"{_percent(facts.share_low)} of the weight is from studies at low risk of bias.")


def _inconsistency(facts: Facts) -> Suggested:
    if facts.studies < 2 or facts.i2 is None:
        return Suggested(0, "One study: there is nothing that it could disagree with.")
    said = f"I² is {facts.i2:.0f}%"
    if facts.i2 >= CONSIDERABLE and not _same_side(facts):
        return Suggested(2, f"{said}, and a new place could well see the opposite.")
    if facts.i2 >= SUBSTANTIAL:
        return Suggested(1, f"{said}, which is more than chance would usually give.")
    return Suggested(0, f"{said}.")


def _same_side(facts: Facts) -> bool:
    """Whether the range for a new place lies on one side of no effect."""
    low, high = facts.prediction_low, facts.prediction_high
    return low is not None and high is not None and (low > facts.null or high < facts.null)


def _imprecision(facts: Facts) -> Suggested:
    if facts.low is None or facts.high is None:
        return Suggested(None, "No interval is held.")
    crossed = _crossed(facts.low, facts.high, facts)
    small = facts.people is not None and facts.people < PEOPLE
    people = "how many people is not recorded" if facts.people is None else f"{facts.people:,} people in all"
    said = ["The range stays on one side", "The range crosses one line that matters", "The range crosses both lines"]
    return Suggested(min(2, crossed + small), f"{said[crossed]}; {people}{f', fewer than {PEOPLE}' if small else ''}.")


def _crossed(low: float, high: float, facts: Facts) -> int:
    """How many lines that matter lie inside the interval: the two edges of the band, or no effect where none was set."""
    edges = [edge for edge in (facts.band_low, facts.band_high) if edge is not None] or [facts.null]
    return sum(low < edge < high for edge in edges)


def _publication_bias(facts: Facts) -> Suggested:
    if facts.studies < FEW_STUDIES or facts.egger_p is None:
        return Suggested(None, f"Fewer than {FEW_STUDIES} studies, or no test that could be done: no test can say.")
    said = f"Egger's test over {facts.studies} studies gives p = {facts.egger_p:.3f}"
    if facts.egger_p < SUSPECT:
        return Suggested(1, f"{said}: small studies say something else.")
    return Suggested(0, f"{said}.")


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"
