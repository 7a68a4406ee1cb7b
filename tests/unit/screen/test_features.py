"""Texts as rows of numbers: in any language, alike whatever the order or the batch, empty where there is nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.errors import InputError
from whatworks.screen.methods import features as module
from whatworks.screen.methods.features import features
from whatworks.screen.methods.words import fold, singular, words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", []),
        ("MTFC-A: a trial", ["mtfc", "trial"]),
        ("Évaluation des familles d’accueil", ["evaluation", "des", "familles", "accueil"]),
        ("Pflegefamilien für Säuglinge", ["pflegefamilien", "fur", "sauglinge"]),
        ("里親養育 2019", ["里", "親", "養", "育", "2019"]),
        ("приёмные семьи", ["приемные", "семьи"]),
        ("دراسة الأسر البديلة", ["دراسة", "الأسر", "البديلة"]),
        ("위탁 가정", ["위탁", "가정"]),
    ],
)
def test_words_of_any_language(text: str, said: list[str]) -> None:
    assert words(text) == [fold(word) for word in said]


def test_a_plural_is_its_singular() -> None:
    assert [singular(word) for word in ("studies", "carers", "stress", "bus", "virus")] == [
        "study", "carer", "stress", "bus", "virus",
    ]  # fmt: skip


def test_rows_by_hand() -> None:
    """Three records; "care" in two, the rest alone: the row's length counts what has no column."""
    found = features(["care care plan", "care", "soil"], ["", "", ""])
    common = math.log(4 / 3) + 1
    alone = math.log(4 / 2) + 1
    assert found.matrix.shape == (3, 1)
    # care twice; plan, care care, care plan once each
    length = math.sqrt(((1 + math.log(2)) * common) ** 2 + 3 * alone**2)
    assert found.matrix.toarray()[:, 0] == pytest.approx([(1 + math.log(2)) * common / length, 1.0, 0.0], rel=1e-6)
    assert found.alone == pytest.approx([3 * alone**2 / length**2, 0.0, 1.0], rel=1e-6)
    assert found.lone == pytest.approx([3 * alone / length, 0.0, 1.0], rel=1e-6)


def test_pairs_do_not_reach_from_title_to_abstract() -> None:
    """The last word of a title and the first of an abstract were never written together."""
    apart = features(["foster", "foster"], ["care", "care"])
    together = features(["foster care", "foster care"], ["", ""])
    assert (apart.matrix.shape[1], together.matrix.shape[1]) == (2, 3)


@given(st.lists(st.text(alphabet="ab é里", max_size=12), min_size=1, max_size=12))
def test_batches_change_nothing(texts: list[str]) -> None:
    """Counting two records at a time must give what counting all at once gives."""
    whole = features(texts, [""] * len(texts))
    before, module.AT_ONCE = module.AT_ONCE, 2
    try:
        parts = features(texts, [""] * len(texts))
    finally:
        module.AT_ONCE = before
    assert (whole.matrix != parts.matrix).nnz == 0
    assert np.array_equal(whole.alone, parts.alone) and whole.digest == parts.digest


def test_a_text_beside_the_records() -> None:
    found = features(["foster care", "foster care trial", "wheat"], ["", "", ""])
    likeness = found.matrix @ found.vector("Trials of FOSTER carers")
    assert likeness[1] > 0 and likeness[2] == 0
    assert not found.vector("nothing known").any()


def test_the_digest_tells_texts_apart() -> None:
    """What moves from title to abstract is another table."""
    assert features(["ab"], ["c"]).digest != features(["a"], ["bc"]).digest
    assert features(["ab"], ["c"]).digest == features(["ab"], ["c"]).digest


def test_nothing_at_all() -> None:
    assert features([], []).matrix.shape == (0, 0)
    assert features(["", ""], ["", ""]).matrix.shape == (2, 0)
    with pytest.raises(InputError):
        features(["a"], [])
