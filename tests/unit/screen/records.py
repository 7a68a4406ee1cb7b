"""Made-up records for the tests of ranking: two topics in plain words, each with a word of the other."""

from __future__ import annotations

import numpy as np

WANTED = "kinship foster carers training placement stability children trial".split()
OTHER = "soil wheat irrigation yield nitrogen harvest drought tillage".split()
SHARED = "study results method analysis effect year group data report".split()


def made(number: int, relevant: int, seed: int = 0) -> tuple[dict[str, list[str]], list[int]]:
    """A table of so many records and their labels, the relevant ones scattered among the others."""
    generator = np.random.default_rng(seed)
    labels = [0] * number
    for row in generator.choice(number, relevant, replace=False):
        labels[row] = 1
    titles, abstracts = [], []
    for label in labels:
        topic = (
            generator.choice(WANTED if label else OTHER, 6).tolist()
            + generator.choice(OTHER if label else WANTED, 1).tolist()
        )
        titles.append(" ".join(topic[:4]))
        abstracts.append(" ".join(topic[4:] + generator.choice(SHARED, 8).tolist()))
    return {"title": titles, "abstract": abstracts}, labels
