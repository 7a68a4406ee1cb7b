"""The lot: its stream is pinned, written anew by other means, fair within what chance allows, and hard to shop for."""

from __future__ import annotations

import hashlib
from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from whatworks.errors import InputError
from whatworks.stats.lot import WORD, Lot, commitment, seed_of

NOUGHT = "0" * 64


def stream(seed: str, count: int) -> list[int]:
    """The numbers of a seed, by joining all blocks first."""
    whole = b"".join(
        hashlib.sha256(bytes.fromhex(seed) + bytes(7) + bytes([i])).digest() for i in range(-(-count // 4))
    )
    return [int(whole[8 * i : 8 * i + 8].hex(), 16) for i in range(count)]


def test_the_stream_is_pinned() -> None:
    """The first block is what `head -c 40 /dev/zero | sha256sum` prints; what follows must never change."""
    lot = Lot(NOUGHT)
    first = "".join(f"{lot.number():016x}" for _ in range(4))
    assert first == "2c34ce1df23b838c5abf2a7f6437cca3d3067ed509ff25f11df6b11b582b51eb"
    assert f"{lot.number():016x}" == "08e00266fff0aacc"
    assert "".join(Lot(NOUGHT).shuffled("abcdefghij")) == "hgjfecdbai"
    assert Lot(NOUGHT).below(10) == 8
    assert commitment("ivy") == "ffac414b1ef2e36f97cd93bee28bf691321ec312aa7582a45bac495c104e8b93"
    assert seed_of(NOUGHT, ["ivy", "oak"]) == "30392fad9136514ea41f24b3085862f778b4d12f625b39ce5324082f6a990d8d"


@given(st.binary(min_size=32, max_size=32), st.integers(1, 60))
def test_the_stream_is_the_one_that_is_described(seed: bytes, count: int) -> None:
    lot = Lot(seed.hex())
    assert [lot.number() for _ in range(count)] == stream(seed.hex(), count)
    assert lot.used == count


def test_numbers_that_would_make_some_likelier_are_passed_over() -> None:
    """Below three quarters of 2^64, every fourth number is looked at and not used."""
    lot, n = Lot(NOUGHT), 3 * (WORD // 4)
    drawn = [lot.below(n) for _ in range(600)]
    assert drawn == [one for one in stream(NOUGHT, lot.used) if one < n]
    assert lot.used == pytest.approx(600 / 0.75, rel=0.1)


def test_every_order_is_as_likely() -> None:
    lot = Lot(hashlib.sha256(b"orders").hexdigest())
    found = Counter("".join(lot.shuffled("abcd")) for _ in range(24_000))
    assert set(found) == {"".join(one) for one in permutations("abcd")}
    assert chisquare(list(found.values())).pvalue > 0.001


@pytest.mark.parametrize("n", [1, 2, 3, 7, 10, 100])
def test_every_number_is_as_likely(n: int) -> None:
    lot = Lot(hashlib.sha256(str(n).encode()).hexdigest())
    found = Counter(lot.below(n) for _ in range(200 * n))
    assert set(found) == set(range(n))
    assert n == 1 or chisquare([found[one] for one in range(n)]).pvalue > 0.001


def test_chances_are_kept() -> None:
    lot = Lot(hashlib.sha256(b"coin").hexdigest())
    assert sum(lot.comes(4, 5) for _ in range(10_000)) == pytest.approx(8000, abs=160)
    assert not any(lot.comes(0, 5) for _ in range(50)) and all(lot.comes(5, 5) for _ in range(50))


def test_a_draw_is_the_same_again_and_another_with_any_other_secret_or_list() -> None:
    listed = hashlib.sha256(b"the list").hexdigest()
    seed = seed_of(listed, ["ivy", "oak"])
    assert Lot(seed).shuffled(range(50)) == Lot(seed).shuffled(range(50))
    others = [seed_of(listed, ["oak", "ivy"]), seed_of(listed, ["ivyoak"]), seed_of(NOUGHT, ["ivy", "oak"])]
    assert len({seed, *others}) == 4


def test_a_commitment_tells_nothing_but_holds() -> None:
    assert commitment("ivy") == commitment("ivy") != commitment("ivy ")
    assert commitment("ivy") != hashlib.sha256(b"ivy").hexdigest()  # nobody finds it in a table of common words


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: Lot("00"), "this one has 2"),
        (lambda: Lot("z" * 64), "other characters"),
        (lambda: Lot(NOUGHT).below(0), "below 0"),
        (lambda: Lot(NOUGHT).one_of([]), "nothing to draw from"),
        (lambda: Lot(NOUGHT).comes(6, 5), "chance of 6 in 5"),
        (lambda: seed_of("short", ["a"]), "SHA-256"),
        (lambda: seed_of(NOUGHT, []), "at least one secret"),
        (lambda: seed_of(NOUGHT, ["a\nb"]), "line break"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(wrong, said: str) -> None:
    with pytest.raises(InputError, match=said):
        wrong()
