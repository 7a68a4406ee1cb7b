"""Learners: the same answer from the same decisions, from a warm start as from scratch, and an answer from nothing."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from tests.unit.screen.records import made
from whatworks.errors import InputError
from whatworks.screen.methods.features import Features, features
from whatworks.screen.methods.learners import DEFAULT, LEARNERS, scores
from whatworks.screen.methods.scoring import costs
from whatworks.screen.methods.sessions import Session
from whatworks.screen.methods.solving import separate

TABLE, LABELS = made(150, 12)
WARM = 2e-3  # scores have standard deviation 1; the system is solved to 1e-4 of its right-hand side


@pytest.fixture(scope="module")
def known() -> Features:
    return features(TABLE["title"], TABLE["abstract"])


def auc(values: np.ndarray, labels: list[int]) -> float:
    """The share of pairs of a relevant and an irrelevant record that stand the right way round."""
    truth = np.array(labels)
    return float((values[truth == 1][:, None] > values[truth == 0][None, :]).mean())


@pytest.mark.parametrize("learner", LEARNERS)
def test_the_same_decisions_give_the_same_scores(known: Features, learner: str) -> None:
    rows = [3, 10, LABELS.index(1)]
    labels = [LABELS[row] for row in rows]
    first, second = (scores(known, rows, labels, learner=learner, seed=5) for _ in range(2))
    assert np.array_equal(first, second)
    assert first.shape == (150,) and first.dtype == np.float64


@pytest.mark.parametrize("learner", [DEFAULT, "margin", "bayes", "nearest"])
def test_learners_learn(known: Features, learner: str) -> None:
    rows = list(range(30))
    assert auc(scores(known, rows, LABELS[:30], learner=learner), LABELS) > 0.95


@pytest.mark.parametrize("learner", LEARNERS)
def test_a_session_ends_where_one_from_scratch_does(known: Features, learner: str) -> None:
    """What was asked before must not change what is answered now."""
    session = Session(known, learner=learner, seed=3)
    for _ in range(60):
        row = session.next()
        assert row is not None
        session.add(row, LABELS[row])
    rows = [row for row in range(150) if row not in set(session.order().tolist())]
    fresh = scores(known, rows, [LABELS[row] for row in rows], learner=learner, seed=3)
    assert session.scores() == pytest.approx(fresh, abs=WARM)


def test_the_line_is_the_exact_one(known: Features) -> None:
    """Against the dense linear system, solved at once."""
    rows = np.arange(40)
    signs = np.where(np.array(LABELS)[rows] == 1, 1, -1).astype(np.float32)
    dense = known.matrix[rows].toarray().astype(float)
    system = dense @ dense.T + 1 + np.diag(known.alone[rows] + 1 / (2 * costs(signs)))
    found = separate(known.matrix[rows], signs, costs(signs), known.alone[rows], np.zeros(40, dtype=np.float32))
    assert found == pytest.approx(np.linalg.solve(system, signs), abs=1e-4)


def test_costs_of_the_two_kinds() -> None:
    """All relevant ones together weigh 9.8 times the others, the average row 0.11."""
    found = costs(np.array([1, -1, -1, -1], dtype=np.float32))
    assert found.mean() == pytest.approx(0.11)
    assert found[0] / found[1:].sum() == pytest.approx(9.8)


def test_a_question_is_enough_to_begin(known: Features) -> None:
    assert auc(scores(known, [], [], query="Does training of kinship carers help children?"), LABELS) > 0.8


def test_one_kind_is_enough(known: Features) -> None:
    """Only relevant records so far: likeness to them. Only others: the question, else chance."""
    assert auc(scores(known, [LABELS.index(1)], [1]), LABELS) > 0.8
    assert auc(scores(known, [LABELS.index(0)], [0], query="foster carers placement"), LABELS) > 0.8
    assert np.array_equal(scores(known, [0], [0], seed=4), scores(known, [], [], seed=4))


def test_nothing_known_is_chance_and_never_the_order_of_the_file(known: Features) -> None:
    first, second = (Session(known, seed=seed).order() for seed in (1, 2))
    assert not np.array_equal(first, second)
    assert not np.array_equal(first, np.arange(150))
    unread = Session(features([""] * 30, [""] * 30), seed=1)
    unread.add(0, 1)
    unread.add(1, 0)
    assert not np.array_equal(unread.order(), np.arange(2, 30))


def test_oldest_first(known: Features) -> None:
    years = [2000.0 + row % 7 for row in range(149)] + [None]
    order = Session(known, learner="oldest", years=years).order()
    assert [years[row] for row in order] == [*sorted(years[:149]), None]  # type: ignore[type-var]
    by_row = Session(known, learner="oldest", place=range(150)).order()
    assert by_row.tolist() == list(range(150))


def test_the_next_record_is_the_best_undecided_one(known: Features) -> None:
    session = Session(known, seed=8)
    while (row := session.next()) is not None:
        if len(session) < 5 or LABELS[row]:
            assert row == session.order()[0]
        session.add(row, LABELS[row])
    assert len(session) == 150 and session.order().size == 0


@pytest.mark.parametrize(("rows", "labels"), [([0], [0, 1]), ([0, 0], [1, 1]), ([150], [1]), ([-1], [1]), ([0], [2])])
def test_decisions_that_cannot_be(known: Features, rows: list[int], labels: list[int]) -> None:
    with pytest.raises(InputError):
        scores(known, rows, labels)


def test_a_session_refuses_what_cannot_be(known: Features) -> None:
    session = Session(known)
    session.add(0, 1)
    for row, label in ((0, 0), (150, 1), (1, 2)):
        with pytest.raises(InputError):
            session.add(row, label)
    with pytest.raises(InputError, match="choose one of"):
        Session(known, learner="oracle")


def test_the_answer_does_not_hang_on_the_order_of_rows(known: Features) -> None:
    turned = features(TABLE["title"][::-1], TABLE["abstract"][::-1])
    rows = [LABELS.index(1), LABELS.index(0)]
    there = scores(turned, [149 - row for row in rows], [1, 0])[::-1]
    assert scores(known, rows, [1, 0]) == pytest.approx(there, abs=WARM)
    assert sparse.issparse(turned.matrix)
