"""The single checks behind `alarms`, each for one way in which an entry goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import sqrt

from whatworks.extract.methods.entered import Alarm, Entry
from whatworks.extract.methods.granularity import grim_possible, grimmer_possible, percent_possible, sd_limits
from whatworks.extract.methods.metrics import METRICS
from whatworks.extract.methods.working import shown

LARGE, LARGE_RATIO = 2.0, 10.0  # beyond these an effect is more often a slip than a finding
STANDARDISED = ("SMD", "D", "SMDH", "SMD1", "SMD1H", "SMDC", "SMCC", "SMCR", "SMCRH")
ARMS = {"1": "intervention group", "2": "comparison group"}
SHARES = ("proportion1", "proportion2", "baseline_risk", "icc", "r2", "alpha")
SPREADS = ("sd", "sd1", "sd2", "sdy", "sd_before", "sd_after", "sd_before1", "sd_before2", "sd_after1", "sd_after2",
           "sd_change1", "sd_change2", "se", "se1", "se2")  # fmt: skip


def outside(entry: Entry) -> Iterator[Alarm]:
    """Numbers that lie outside what they can be: correlations, shares, percentages, spreads, counts."""
    for name in ("r", "partial", "beta"):
        if entry.has(name) and abs(entry[name]) > 1:
            yield Alarm(
                "correlation-outside", "stop", f"{name} is {shown(entry[name])}; a correlation lies from −1 to 1."
            )
    for name in SHARES:
        if entry.has(name) and not 0 <= entry[name] <= 1:
            word = "the intracluster correlation" if name == "icc" else name
            hint = "; write 0.3 for 30 per cent" if 1 < entry[name] <= 100 else ""
            yield Alarm("share-outside", "stop", f"{word} is {shown(entry[name])}; it lies from 0 to 1{hint}.")
    for name in ("percent", "percent1", "percent2"):
        if entry.has(name) and not 0 <= entry[name] <= 100:
            yield Alarm("percent-outside", "stop", f"{name} is {shown(entry[name])}; a percentage lies from 0 to 100.")
    for name in SPREADS:
        if entry.has(name) and entry[name] <= 0:
            how = "below 0" if entry[name] < 0 else "0: nobody would differ from anybody"
            yield Alarm("spread-not-positive", "stop", f"{name} is {how}.")
    if entry.has("level") and not 0 < entry["level"] < 1:
        yield Alarm("level-outside", "stop", f"level is {shown(entry['level'])}; write 0.95 for 95 per cent.")


def counts(entry: Entry) -> Iterator[Alarm]:
    """Events above people, more analysed than randomised, parts of people."""
    for arm, group in {**ARMS, "": "group"}.items():
        events, n, randomised = f"events{arm}", f"n{arm}", f"n_randomised{arm}"
        if entry.has(events, n) and entry[events] > entry[n]:
            text = f"{shown(entry[events])} people with the outcome in a {group} of {shown(entry[n])}."
            yield Alarm("events-above-n", "stop", text)
        if entry.has(n, randomised) and entry[n] > entry[randomised]:
            text = f"More people were analysed in the {group} ({shown(entry[n])}) than randomised to it " \
                   f"({shown(entry[randomised])})."  # fmt: skip
            yield Alarm("analysed-above-randomised", "stop", text)
        for name in (n, randomised, events):
            if entry.has(name) and not entry[name].is_integer() and "time" not in "".join(entry.numbers):
                text = f"{name} is {shown(entry[name])}, which is no whole number of people."
                yield Alarm("part-of-a-person", "check", text)
    if entry.has("events1", "events2") and entry["events1"] == entry["events2"] == 0:
        yield Alarm("no-events", "note", "Nobody had the outcome in either group: a ratio says nothing here.")
    if entry.has("cluster_size", "n1") and entry["cluster_size"] > min(
        entry["n1"], entry.numbers.get("n2", entry["n1"])
    ):
        yield Alarm("cluster-above-group", "stop", "A cluster has more people than its whole group.")


def percentages(entry: Entry) -> Iterator[Alarm]:
    """Percentages that no whole number of these people gives."""
    pairs = [(f"percent{arm}", f"n{arm}", 1.0) for arm in ("", "1", "2")]
    pairs += [(f"proportion{arm}", f"n{arm}", 100.0) for arm in ("1", "2")]
    for name, n, times in pairs:
        if not entry.has(name, n) or entry[n] <= 0 or not 0 <= entry[name] * times <= 100:
            continue
        decimals = entry.decimals[name] - (2 if times > 1 else 0)
        if not percent_possible(entry[name] * times, entry[n], decimals):
            text = (
                f"{name} {shown(entry[name])} of {shown(entry[n])} people is {shown(entry[name] * times / 100 * entry[n])} "
                "people, and no whole number of them rounds to it: were fewer people analysed for this outcome?"
            )
            yield Alarm("percent-not-a-count", "check", text)


def large(entry: Entry) -> Iterator[Alarm]:
    """Effects larger than nearly any real one."""
    if entry.effect is None:
        return
    yi = entry.effect.yi
    if entry.metric in STANDARDISED and abs(yi) > LARGE:
        text = f"The standardised difference is {shown(yi)}; above 2 in size it is more often a slip than a finding."
        yield Alarm("large-effect", "check", text)
    if entry.ratio and METRICS[entry.metric].null is not None:
        value = float(METRICS[entry.metric].back(yi))
        if not 1 / LARGE_RATIO <= value <= LARGE_RATIO:
            text = (
                f"The {METRICS[entry.metric].title} is {shown(value)}; check which group is which, and for a logarithm."
            )
            yield Alarm("large-effect", "check", text)


def spreads(entry: Entry) -> Iterator[Alarm]:
    """Standard errors taken for standard deviations, and the other way round."""
    effect = entry.effect
    means = entry.has("mean1", "mean2", "sd1", "sd2", "n1", "n2") and entry.metric in STANDARDISED
    if effect is not None and means and abs(effect.yi) > LARGE:
        text = (
            "The standard deviations are so small beside the difference that they may be standard errors; as such they "
            f"would make the effect about {shown(effect.yi / sqrt(min(entry['n1'], entry['n2'])))}."
        )
        yield Alarm("sd-or-se", "check", text)
    for left, right in (("sd1", "sd2"), ("sd_before1", "sd_before2"), ("sd_change1", "sd_change2"), ("se1", "se2")):
        if entry.has(left, right) and min(entry[left], entry[right]) > 0:
            times = max(entry[left], entry[right]) / min(entry[left], entry[right])
            if times > 3:
                text = f"{left} and {right} differ {shown(times)} times; is one of them a standard error?"
                yield Alarm("unlike-spreads", "check", text)
    for arm, group in ARMS.items():
        sd, se, size = f"sd{arm}", f"se{arm}", f"n{arm}"
        if entry.has(sd, se, size) and entry[size] > 0 and entry[se] > 0:
            times = entry[sd] / sqrt(entry[size]) / entry[se]
            if not 0.9 < times < 1.1:
                text = (
                    f"In the {group} a standard deviation of {shown(entry[sd])} among {shown(entry[size])} people gives a "
                    f"standard error of {shown(entry[sd] / sqrt(entry[size]))}, not {shown(entry[se])}."
                )
                yield Alarm("se-not-of-n", "stop", text)


def standard_error(entry: Entry) -> Iterator[Alarm]:
    """Standard errors smaller than so few people can give."""
    effect = entry.effect
    if effect is None or effect.vi <= 0:
        return
    n1, n2 = (entry.numbers.get(name) for name in ("n1", "n2"))
    if not n1 or not n2 or n1 <= 0 or n2 <= 0 or "cluster" in entry.formula or "adjusted" in entry.formula:
        return
    least = {"OR": 4 * (1 / n1 + 1 / n2), "HR": 4 / (n1 + n2), "SMD": 1 / n1 + 1 / n2, "D": 1 / n1 + 1 / n2}
    bound = least.get(entry.metric)
    reported = "with" in entry.formula
    if bound is not None and reported and effect.vi < bound * 0.99:
        text = (
            f"A standard error of {shown(sqrt(effect.vi))} is smaller than {shown(n1)} and {shown(n2)} people can give "
            f"(at least {shown(sqrt(bound))}): is it on another scale, adjusted for covariates, or of the difference?"
        )
        yield Alarm("se-impossible", "check", text)


def whole_answers(entry: Entry) -> Iterator[Alarm]:
    """Means and spreads that whole answers cannot give (GRIM, GRIMMER), or that the scale has no room for."""
    for arm in ("", "1", "2"):
        mean, sd, n = f"mean{arm}", f"sd{arm}", f"n{arm}"
        if not entry.has(mean, n) or entry[n] < 1 or not entry[n].is_integer():
            continue
        people = int(entry[n])
        if entry.whole_numbers and not grim_possible(entry[mean], people, entry.decimals[mean], entry.items):
            text = f"No whole answers of {people} people have a mean of {shown(entry[mean])} (GRIM): are all of them in it?"
            yield Alarm("grim", "check", text)
        elif entry.whole_numbers and entry.items == 1 and entry.has(sd) and entry[sd] >= 0:
            given = (entry[mean], entry[sd], people, entry.decimals[mean], entry.decimals[sd])
            if not grimmer_possible(*given):
                text = f"No whole answers of {people} people with that mean have a standard deviation of {shown(entry[sd])}."
                yield Alarm("grimmer", "check", text)
        if entry.scale:
            yield from _on_scale(entry, mean, sd, people)


def _on_scale(entry: Entry, mean: str, sd: str, people: int) -> Iterator[Alarm]:
    low, high = entry.scale or (0.0, 0.0)
    if not low <= entry[mean] <= high:
        text = f"{mean} is {shown(entry[mean])}, outside the scale from {shown(low)} to {shown(high)}."
        yield Alarm("mean-off-scale", "stop", text)
    elif entry.has(sd) and entry[sd] > sd_limits(entry[mean], people, low, high)[1] + 0.5 * 10.0 ** -entry.decimals[sd]:
        text = f"{sd} is {shown(entry[sd])}, more than a scale from {shown(low)} to {shown(high)} has room for."
        yield Alarm("sd-off-scale", "stop", text)


def order(entry: Entry) -> Iterator[Alarm]:
    """Quartiles and extremes out of order, means outside their interval, medians far from the middle."""
    for arm in ("1", "2"):
        names = [
            f"{one}{arm}" for one in ("minimum", "lower", "median", "upper", "maximum") if entry.has(f"{one}{arm}")
        ]
        values = [entry[name] for name in names]
        if values != sorted(values):
            text = f"{', '.join(names)} do not rise in this order; two of them may be swapped."
            yield Alarm("out-of-order", "stop", text)
        elif entry.has(f"lower{arm}", f"median{arm}", f"upper{arm}", f"n{arm}"):
            yield from _skewed(entry, arm)
        if entry.has(f"low{arm}", f"mean{arm}", f"high{arm}") and not (
            entry[f"low{arm}"] <= entry[f"mean{arm}"] <= entry[f"high{arm}"]
        ):
            yield Alarm("outside-interval", "stop", f"mean{arm} lies outside its own interval.")


def _skewed(entry: Entry, arm: str) -> Iterator[Alarm]:
    lower, median, upper, n = (entry[f"{name}{arm}"] for name in ("lower", "median", "upper", "n"))
    if upper > lower and n >= 5 and abs(lower + upper - 2 * median) / (upper - lower) > 2.65 / sqrt(n) - 6 / n**2:
        text = (
            f"The median of the {ARMS[arm]} stands so far from the middle of its quartiles that the outcome is skewed; a "
            "mean and standard deviation made from them would mislead."
        )
        yield Alarm("skewed", "check", text)


def before_after(entry: Entry) -> Iterator[Alarm]:
    """Three standard deviations that no correlation joins."""
    for arm in ("1", "2"):
        names = [f"{one}{arm}" for one in ("sd_after", "sd_before", "sd_change")]
        if entry.has(*names):
            after, before, change = (entry[name] for name in names)
            if after > 0 and before > 0 and not abs(after - before) <= change <= after + before:
                r = (after**2 + before**2 - change**2) / (2 * after * before)
                text = f"The standard deviations before, after and of change would need a correlation of {shown(r)}."
                yield Alarm("change-spread-impossible", "stop", text)


def assumptions(entry: Entry) -> Iterator[Alarm]:
    """What the chosen formula takes for granted."""
    if entry.metric == "PFT":
        text = (
            "A pooled Freeman-Tukey value can be read back only with one size for all groups, and that choice can mislead "
            "(Schwarzer 2019); log odds, or a logistic model of the counts, are safer."
        )
        yield Alarm("freeman-tukey", "note", text)
    if entry.formula.endswith(("-quartiles", "-ranges", "-five-numbers")):
        text = "The standard deviations are estimated as if the outcome were normal; a sensitivity analysis may leave it out."
        yield Alarm("estimated-spread", "note", text)
    if entry.words.get("bound") == "below":
        text = "The p value is taken at its printed bound; the true one is smaller, so the effect is understated."
        yield Alarm("p-at-bound", "note", text)


CHECKS: tuple[Callable[[Entry], Iterator[Alarm]], ...] = (
    outside, counts, percentages, large, spreads, standard_error, whole_answers, order, before_after,
    assumptions,
)  # fmt: skip
