#!/usr/bin/env python3
"""Draw a panel again from its published record, with this file and Python 3.11 or later, and nothing else.

    python3 -I replay_panel.py DRAW.json [SEAL]

The record holds what was frozen, the secrets that were told after that, the ticket and its panel, as numbers of applicants. SEAL is the
digest that was published when the list was frozen; without it nobody can tell whether the record was made up later. Exit status: 0
repeated, 1 not, 2 no record. Written apart from the program that draws, so that a mistake in one shows in the other. Licence: Apache-2.0.
"""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

MARK = "whatworks lot 1\n"


def sha(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: Any) -> str:
    """JSON with keys sorted, no spaces, and characters as they are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def below(seed: str, n: int) -> int:
    """The first number of the stream of the seed that is fair below n, modulo n."""
    block = 0
    while True:
        whole = hashlib.sha256(bytes.fromhex(seed) + block.to_bytes(8, "big")).digest()
        for place in range(4):
            drawn = int.from_bytes(whole[8 * place : 8 * place + 8], "big")
            if drawn < 2**64 // n * n:
                return drawn % n
        block += 1


def root(held: Any) -> str:
    """Where the ticket's panel and its path lead."""
    at = held["ticket"]
    now = sha("leaf\n" + canonical({"panel": held["panel"], "salt": held["salt"], "ticket": at}))
    for beside in held["path"]:
        if beside:
            now = sha(f"node\n{beside}\n{now}\n" if at % 2 else f"node\n{now}\n{beside}\n")
        at //= 2
    return now


def problems(held: Any, seal: str | None) -> list[str]:
    """What does not come out."""
    fixed = dict(held["frozen"])
    stated = fixed.pop("seal")
    secrets = [one["secret"] for one in held["secrets"]]
    pairs = list(zip(fixed["commitments"], held["secrets"], strict=True))
    seed = sha(f"{MARK}seed\n" + "\n".join([fixed["list"], *secrets]) + "\n")
    tests = [
        (sha(canonical(fixed)) == stated, "What was frozen is not what its seal says."),
        (seal is None or seal == stated, "The seal is not the one that was published."),
        (len(pairs) > 1 and len({one["name"] for one, _ in pairs}) == len(pairs), "Fewer than two people committed."),
        (all(one["name"] == two["name"] for one, two in pairs), "The secrets are of others than who committed."),
        (
            all(one["commitment"] == sha(f"{MARK}secret\n{two['secret']}") for one, two in pairs),
            "A secret does not match its commitment.",
        ),
        (all(one["at"] <= fixed["at"] <= held["drawn_at"] for one, _ in pairs), "The times are out of order."),
        (held["seed"] == seed, "The seed does not follow from the list and the secrets."),
        (held["ticket"] == below(seed, fixed["tickets"]), "The ticket does not follow from the seed."),
        (
            len(set(held["panel"])) == fixed["places"] and set(held["panel"]) <= set(range(1, fixed["applicants"] + 1)),
            "The panel has not as many people as places.",
        ),
        (root(held) == fixed["root"], "The panel did not stand on this ticket when the list was frozen."),
    ]
    return [words for right, words in tests if not right]


def main() -> int:
    """Read, check, say."""
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            held = json.load(file)
        found = problems(held, sys.argv[2] if len(sys.argv) > 2 else None)
    except (IndexError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        sys.stdout.write(f"This is no record of the draw of a panel: {error}\n")
        return 2
    told = f"Repeated: ticket {held['ticket']}, applicants {', '.join(map(str, held['panel']))}."
    sys.stdout.write(("\n".join(found) or told) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
