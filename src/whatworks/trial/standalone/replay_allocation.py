#!/usr/bin/env python3
"""Draw a published allocation again, with this file and Python 3.11 or later, and nothing else.

    python3 -I replay_allocation.py ALLOCATION.json [SEAL]

The file holds the design, the list of units, the commitments and the secrets. This program checks that they belong together, makes the seed
from the list and the secrets, draws again, and says the first thing that comes out otherwise. SEAL is the digest that was published when
the list was frozen; without it nobody can tell whether the whole file was made up later. Exit status: 0 reproduced, 1 not, 2 no file.

It was written apart from the program that draws, so that a mistake in one shows in the other. The rules in words stand in
docs/reference/allocation.md of the project whatworks. Licence: Apache-2.0.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import combinations, product
from math import comb, lcm, prod
from typing import Any

MARK = "whatworks lot 1"
DEFAULTS: dict[str, Any] = {
    "method": "complete", "strata": [], "block_sizes": [], "pair": "", "factors": [], "coin": [4, 5], "covariates": [],
    "weights": [], "measure": "l2", "keep": "1/10", "sample": 0, "stage": "",
}  # fmt: skip
Row = dict[str, str]  # a unit of the list: what it has in each column
Way = dict[str, Any]  # what the design says of the draw
Earlier = list[tuple[Row, str]]  # units that have been drawn, with their arms


class Differs(Exception):
    """What comes out otherwise than the file says, in a sentence."""


def same(what: str, stated: Any, found: Any) -> None:
    """Go on where two values are the same, type for type."""
    one, other = canonical(stated), canonical(found)
    hold(f"In {what} the file says {one[:200]}, and it comes out as {other[:200]}.", one == other)


def hold(what: str, right: bool) -> None:
    """Go on where something is right."""
    if not right:
        raise Differs(what)


def canonical(value: Any) -> str:
    """JSON with keys sorted by code point, no spaces, and characters as they are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


class Lot:
    """Block i is SHA-256 of the seed's 32 bytes and i in 8 bytes; each gives four numbers of 64 bits, highest byte first."""

    def __init__(self, seed: str) -> None:
        self.seed, self.used = bytes.fromhex(seed), 0

    def number(self) -> int:
        """The next number of the stream."""
        block, place = divmod(self.used, 4)
        self.used += 1
        whole = hashlib.sha256(self.seed + block.to_bytes(8, "big")).digest()
        return int.from_bytes(whole[8 * place : 8 * place + 8], "big")

    def below(self, n: int) -> int:
        """A number below n: the next of the stream modulo n, where those beyond the last whole multiple of n are passed over."""
        while True:
            drawn = self.number()
            if drawn < 2**64 // n * n:
                return drawn % n

    def shuffled(self, items: Any) -> list[Any]:
        """From the last place to the second, each changes places with one drawn from itself and those before it."""
        held = list(items)
        for last in reversed(range(1, len(held))):
            other = self.below(last + 1)
            held[last], held[other] = held[other], held[last]
        return held

    def one_of(self, items: Any) -> Any:
        """One of several."""
        return items[self.below(len(items))]


def seed_of_record(held: Any) -> str:
    """The seed that the list and the secrets give, once commitments, times and secrets are found in order."""
    frozen, parties = held["commitments"]["frozen"], held["commitments"]["parties"]
    hold("There are not two parties, one a custodian.", len(parties) > 1 and any("commitment" in p for p in parties))
    for key in ("name", "commitment"):
        given = [one[key] for one in parties if key in one]
        hold(f"Two parties have the same {key}.", len(set(given)) == len(given))
    for one in parties:
        name, secret, times = one["name"], one["secret"], [one["committed_at"], frozen["at"], one["revealed_at"]]
        hold(f"The times of {name} are out of order.", sorted(times) == times and times[2] <= held["drawn_at"])
        hold(f"The secret of {name} is empty or cannot be read.", secret != "" and secret.isprintable())
        if one["kind"] == "custodian":
            same(f"the commitment of {name}", one["commitment"], sha(f"{MARK}\nsecret\n{secret}"))
        else:
            same(f"the kind of {name}", one["kind"], "beacon")
            hold(f"The beacon {name} has no source or round.", "" not in (one["source"], one["round"]))
            hold(f"The beacon {name} is named for a wrong time.", frozen["at"] < one["named_for"] <= one["revealed_at"])
    known = [{key: one[key] for key in one if key not in ("secret", "revealed_at")} for one in parties]
    right = {"list": held["list"]["digest"], "units": len(held["list"]["units"]), "design": held["design"]["digest"]}
    right |= {"at": frozen["at"], "rules": held["rules"], "before": held["before"] and held["before"]["digest"]}
    right["seal"] = sha(canonical({"format": "whatworks commitments 1", "parties": known, "frozen": right}))
    for key in {**right, **frozen}:
        same(f"what was frozen, {key}", frozen.get(key), right.get(key))
    return sha("\n".join([MARK, "seed", right["list"], *(one["secret"] for one in parties)]) + "\n")


def way_of(text: str) -> Way:
    """What the design says of the draw, with what it leaves out at its default. Steps: how many, or how many clusters at each."""
    found = tomllib.loads(text)
    way = {name: found.get("allocation", {}).get(name, default) for name, default in DEFAULTS.items()}
    for name in set(DEFAULTS) - {"block_sizes", "coin", "sample"}:
        way[name] = [str(one) for one in way[name]] if isinstance(way[name], list) else str(way[name])
    arms = found.get("arms") or [{"name": "control"}, {"name": "intervention"}]
    way["arms"] = [{"name": str(arm["name"]), "parts": arm.get("parts", 1)} for arm in arms]
    size = found.get("size", {})
    way["steps"] = size.get("sequences") or size.get("steps") or len(size.get("layout", []))
    return {"kind": found["design"]["kind"], **way}


def by_values(rows: list[Row], columns: list[str]) -> list[tuple[list[str], list[Row]]]:
    """Units by what they have in some columns, sorted by it; in each group in the order of the list."""
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(row[one] for one in columns), []).append(row)
    return [(list(values), found[values]) for values in sorted(found)]


def draw(way: Way, rows: list[Row], lot: Lot, earlier: Earlier) -> tuple[dict[str, str], list[Any]]:
    """Each unit's arm, and the candidates of each batch where the draw is constrained."""
    found, candidates, earlier, stage = dict[str, str](), list[Any](), list(earlier), way["stage"]
    for number in sorted({int(row[stage]) for row in rows}) if stage else [0]:
        batch = [row for row in rows if not stage or int(row[stage]) == number]
        if way["method"] == "constrained":
            arms, described = constrained(way, batch, lot)
            candidates.append(described)
        elif way["method"] == "stepped-wedge":
            sizes, n = way["steps"], len(batch)  # how many clusters change over at each step, or how many steps
            if isinstance(sizes, int):
                sizes = [(step + 1) * n // sizes - step * n // sizes for step in range(sizes)]
            steps = [str(step) for step, size in enumerate(sizes, 1) for _ in range(size)]
            arms = dict(zip(lot.shuffled([row["unit"] for row in batch]), steps, strict=True))
        else:
            arms = {}
            for values, group in by_values(batch, way["strata"]):
                remembered = [one for one in earlier if [one[0].get(name, "") for name in way["strata"]] == values]
                arms.update(one_stratum(way, group, lot, remembered))
        found.update(arms)
        earlier += [(row, arms[row["unit"]]) for row in batch]
    return {row["unit"]: found[row["unit"]] for row in rows}, candidates


def one_stratum(way: Way, rows: list[Row], lot: Lot, earlier: Earlier) -> dict[str, str]:
    """Arms of the units of one stratum of one batch."""
    ballots = [arm["name"] for arm in way["arms"] for _ in range(arm["parts"])]
    names, method = [row["unit"] for row in rows], way["method"]
    if method == "simple":
        return {name: lot.one_of(ballots) for name in names}
    if method == "minimisation":
        return minimised(way, rows, lot, earlier)
    if method == "matched-pairs":
        sets = [group for _, group in by_values(rows, [way["pair"]])]
        return {row["unit"]: arm for group in sets for row, arm in zip(group, lot.shuffled(ballots), strict=True)}
    if method == "permuted-blocks" or (method == "stratified" and way["block_sizes"]):
        places: list[str] = []
        while len(places) < len(names):
            places += lot.shuffled(ballots * (lot.one_of(way["block_sizes"]) // len(ballots)))
        return dict(zip(names, places, strict=False))
    rounds, over = divmod(len(names), len(ballots))  # complete: who gets one more is drawn first
    places = ballots * rounds + lot.shuffled(ballots)[:over]
    return dict(zip(names, lot.shuffled(places), strict=True))


def minimised(way: Way, rows: list[Row], lot: Lot, earlier: Earlier) -> dict[str, str]:
    """Pocock and Simon's minimisation: the arm that keeps the ranges of the numbers smallest gets the coin's chance."""
    parts, found = {arm["name"]: arm["parts"] for arm in way["arms"]}, dict[str, str]()
    seen = Counter((one, row.get(one, ""), arm) for row, arm in earlier for one in way["factors"])
    for row in rows:
        apart = dict.fromkeys(parts, Fraction())
        for to, factor in product(parts, way["factors"]):
            held = [Fraction(seen[factor, row[factor], arm] + (arm == to), parts[arm]) for arm in parts]
            apart[to] += max(held) - min(held)
        least = [arm for arm in parts if apart[arm] == min(apart.values())]
        arm = lot.one_of(least) if len(least) > 1 else least[0]
        if lot.below(way["coin"][1]) >= way["coin"][0]:
            arm = lot.one_of([other for other in parts if other != arm for _ in range(parts[other])])
        found[row["unit"]] = arm
        seen.update((one, row[one], arm) for one in way["factors"])
    return found


def constrained(way: Way, rows: list[Row], lot: Lot) -> tuple[dict[str, str], Any]:
    """Score the ways to divide a batch, keep the best balanced, draw one of them."""
    names, part = [row["unit"] for row in rows], way["arms"][0]["parts"]
    whole, units, pairs = sum(arm["parts"] for arm in way["arms"]), 0, list[tuple[list[int], int]]()
    for _, group in by_values(rows, way["strata"]):
        units += len(group)  # the first arm gets its share of all up to here, rounded down, less what it has
        first = units * part // whole - sum(count for _, count in pairs)
        pairs.append(([names.index(row["unit"]) for row in group], first))
    total = prod(comb(len(places), first) for places, first in pairs)
    hold("There are too many or too few candidates.", (way["sample"] or total) <= min(250_000, total))
    every = () if way["sample"] else product(*(combinations(group, first) for group, first in pairs))
    listed = dict.fromkeys(tuple(sorted(place for one in parts for place in one)) for parts in every)
    while len(listed) < way["sample"]:
        listed[tuple(sorted(place for group, first in pairs for place in lot.shuffled(group)[:first]))] = None
    scores, common = imbalances(way, rows, list(listed), sum(first for _, first in pairs))
    ranked, count = sorted(scores), len(scores)
    cutoff = ranked[max(1, int(Fraction(way["keep"]) * count)) - 1]
    median = Fraction(ranked[(count - 1) // 2] + ranked[count // 2], 2)
    four = [str(one / Fraction(common)) for one in (ranked[0], median, Fraction(sum(ranked), count), ranked[-1])]
    kept = [(one, score) for one, score in zip(listed, scores, strict=True) if score <= cutoff]
    at = lot.below(len(kept))
    arms = {name: way["arms"][place not in kept[at][0]]["name"] for place, name in enumerate(names)}
    lines = ["".join("01"[place not in one] for place in range(len(names))) for one, _ in kept]
    return arms, {
        "units": names, "looked_at": count, "kept": len(kept), "cutoff": str(Fraction(cutoff, common)), "chosen": at,
        "imbalance": str(Fraction(kept[at][1], common)), "together": together(names, lines),
        "imbalances": dict(zip(("least", "median", "mean", "most"), four, strict=True)),
        "digest": sha("".join(line + "\n" for line in lines)), "listed": lines if len(lines) <= 20_000 else None,
    }  # fmt: skip


def imbalances(way: Way, rows: list[Row], listed: list[tuple[int, ...]], first: int) -> tuple[list[int], int]:
    """Each candidate's sum over covariates of the difference of means, squared over the variance or over its root; in whole parts."""
    n, power, columns = len(rows), 2 if way["measure"] == "l2" else 1, []
    for number, name in enumerate(way["covariates"]):
        values = [Fraction(row[name]) for row in rows]
        spread = variance(values) if power == 2 else root(variance(values))
        weight = Fraction(way["weights"][number] if way["weights"] else 1) / spread
        scale = lcm(*(value.denominator for value in values))
        weight /= Fraction(scale * first * (n - first)) ** power  # so that what is summed below is whole numbers
        columns.append(([int(value * scale) for value in values], weight))
    common = lcm(*(weight.denominator for _, weight in columns))
    whole = [(values, first * sum(values), int(weight * common)) for values, weight in columns]
    return [sum(w * abs(n * sum([v[i] for i in c]) - m) ** power for v, m, w in whole) for c in listed], common


def together(names: list[str], lines: list[str]) -> Any:
    """How often two units share an arm among the candidates."""
    bits = [int("".join(line[place] for line in lines), 2) for place in range(len(names))]
    apart = {(a, b): (bits[a] ^ bits[b]).bit_count() for a, b in combinations(range(len(names)), 2)}
    always = [[names[a], names[b]] for (a, b), count in apart.items() if count == 0]
    never = [[names[a], names[b]] for (a, b), count in apart.items() if count == len(lines)]
    least, most = (str(1 - Fraction(which(apart.values()), len(lines))) for which in (max, min))
    return {"least": least, "most": most, "always": always, "never": never}


def variance(values: list[Fraction]) -> Fraction:
    """With n - 1 below."""
    mean = sum(values) / Fraction(len(values))
    return sum(((one - mean) ** 2 for one in values), Fraction()) / max(1, len(values) - 1)


def root(value: Fraction) -> Fraction:
    """The square root, in decimals of 60 significant digits."""
    with localcontext() as context:
        context.prec = 60
        return Fraction((Decimal(value.numerator) / Decimal(value.denominator)).sqrt())


def six(value: Fraction) -> str:
    """Six decimal places, halves to the even one."""
    whole = round(value * 10**6)
    return f"{'-' if whole < 0 else ''}{abs(whole) // 10**6}.{abs(whole) % 10**6:06}"


def balance(way: Way, rows: list[Row], arms: dict[str, str], names: list[str]) -> Iterator[Any]:
    """Means of columns of numbers and counts of columns of words, by arm."""
    for column in [one for one in rows[0] if one not in ("unit", way["pair"], way["stage"])]:
        cells, words = [row[column] for row in rows], column in way["strata"] + way["factors"]
        if not words and all(re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", cell) for cell in cells):
            held = {name: [Fraction(row[column]) for row in rows if arms[row["unit"]] == name] for name in names}
            means = {name: sum(values) / Fraction(len(values)) for name, values in held.items() if values}
            spread, first, apart = root(variance([Fraction(cell) for cell in cells])), names[0], {}
            for name in names[1:]:
                told = spread and name in means and first in means
                apart[name] = six((means[name] - means[first]) / spread) if told else None
            texts = {name: str(means[name]) if name in means else None for name in names}
            yield {"column": column, "means": texts, "differences": apart}
        elif len(set(cells)) <= 20:
            both = [(row[column], arms[row["unit"]]) for row in rows]
            found = {cell: {name: both.count((cell, name)) for name in names} for cell in sorted(set(cells))}
            yield {"column": column, "counts": found}


def counts(way: Way, rows: list[Row], arms: dict[str, str], names: list[str]) -> Any:
    """Units by arm, in all and by stratum."""
    found, strata = [], by_values(rows, way["strata"]) if way["strata"] else []
    for values, group in [(list[str](), rows), *strata]:
        held = [arms[row["unit"]] for row in group]
        found.append({"values": values, "arms": {name: held.count(name) for name in names}})
    return {"arms": found[0]["arms"], "strata": found[1:]}


def rows_of(held: Any) -> list[Row]:
    """The units with their columns."""
    return [dict(zip(held["list"]["columns"], row, strict=True)) for row in held["list"]["units"]]


def earlier_of(held: Any) -> Earlier:
    """Units of an allocation and of those that it continues, the first draw first, with their arms."""
    arms = held["allocation"] if held else {}
    return earlier_of(held["before"]) + [(row, arms[row["unit"]]) for row in rows_of(held)] if held else []


def check_events(held: Any) -> None:
    """Each event names the digest of the one before it; the first names that of the draw."""
    after = held["digest"]
    for number, one in enumerate(held["events"], 1):
        right = sha(canonical({name: value for name, value in one.items() if name != "digest"}))
        same(f"event {number}", [one["number"], one["after"], one["digest"]], [number, after, right])
        after = right


def check(held: Any) -> None:
    """Go through the file; Differs at the first thing that comes out otherwise."""
    if held["before"] is not None:
        check(held["before"])
    same(
        "the marks",
        [held["format"], held["stream"], held["rules"]],
        ["whatworks allocation 1", MARK, "whatworks draw 1"],
    )
    text, cells = held["design"]["text"], [held["list"]["columns"], *held["list"]["units"]]
    same("the design's digest", held["design"]["digest"], sha(text.replace("\r\n", "\n")))
    same("the list's digest", held["list"]["digest"], sha("".join("\t".join(row) + "\n" for row in cells)))
    hold("The list holds a sign that cannot be seen.", all(cell.isprintable() for row in cells for cell in row))
    rows, before = rows_of(held), earlier_of(held["before"])
    known = [row["unit"] for row in rows] + [row["unit"] for row, _ in before]
    hold("A unit has no name, or is drawn twice.", all(known) and len(set(known)) == len(known))
    record = held["commitments"] is not None
    same("the label", [held["label"], held["typed"] is None], [("practice only", "draw of record")[record], record])
    seed = seed_of_record(held) if record else sha(f"{MARK}\npractice\n{held['typed']}")
    same("the seed", held["seed"], seed)
    way = way_of(text)
    same("the method", held["method"], way)
    arms, candidates = draw(way, rows, Lot(seed), before)
    for unit in {**arms, **held["allocation"]}:
        stated, drawn = held["allocation"].get(unit, "–"), arms.get(unit, "–")
        hold(f"{unit}: the file says {stated}, and the draw gives {drawn}.", stated == drawn)
    same("the candidates", held["candidates"], candidates)
    wedge = way["method"] == "stepped-wedge"
    names = sorted(set(arms.values()), key=int) if wedge else [arm["name"] for arm in way["arms"]]
    same("the counts", held["counts"], counts(way, rows, arms, names))
    same("the balance", held["balance"], list(balance(way, rows, arms, names)))
    whole = {name: value for name, value in held.items() if name not in ("events", "digest")}
    same("the digest of the draw", held["digest"], sha(canonical(whole)))
    check_events(held)


def first_difference(held: Any, seal: str = "") -> str | None:
    """The first thing that comes out otherwise, in a sentence; None where all comes out as the file says."""
    try:
        check(held)
        if seal:
            same("the seal", held["commitments"] and held["commitments"]["frozen"]["seal"], seal)
    except Differs as found:
        return str(found)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        return f"The file is not what a published allocation should be ({type(error).__name__}: {error})."
    return None


def main(arguments: list[str]) -> int:
    """Read the file that is named, and say what came of it."""
    try:
        with open(arguments[0], encoding="utf-8") as stream:
            held = json.load(stream)
    except (IndexError, OSError, ValueError) as error:
        sys.stderr.write(f"Name an allocation: python3 replay_allocation.py ALLOCATION.json [SEAL] ({error}).\n")
        return 2
    if found := first_difference(held, *arguments[1:2]):
        sys.stdout.write(f"Not reproduced. {found}\n")
        return 1
    sys.stdout.write(f"Reproduced: {held['label']}, {len(held['allocation'])} units, seed {held['seed']}.\n")
    seal = held["commitments"]["frozen"]["seal"] if held["commitments"] else "none"
    sys.stdout.write(f"Seal, to compare with the one that was published when the list was frozen: {seal}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
