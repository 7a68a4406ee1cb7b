"""The style sheet of sentences: every cell renders, is whole, and keeps the rules for words that are understood."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from whatworks.errors import InputError
from whatworks.rate.methods.wording import CERTAINTIES, how_sure, numbered, sentence
from whatworks.rate.phrasing import BECAUSE, CERTAIN, DEPENDS, DIRECTIONS, SIZES, style_sheet

SHEET = style_sheet()
CELLS = dict(SHEET.cells())
RANGE = {"number": "from 3 fewer to 17 more", "trace": "syn-1"}
ESTIMATES = {"whole": "7 more", "under-one": "less than 1 more", "same": "no difference"}
WORDS = {"unit": "families", "happened": "had a child placed", "metric": "difference in means"}
WORDS |= {"outcome": "days in care", "what": " had a child placed"}


def rendered() -> Iterator[tuple[str, str]]:
    """Every combination of state, direction, certainty and reason, as a page would ask for it."""
    kinds = {"contact": "contact", "good": "good-low", "any": None}
    for state, certainty, kind, because in product(SHEET.states, (None, *CERTAINTIES), DIRECTIONS, BECAUSE):
        if (state in ("better", "worse") and kind == "contact") or (state in ("fewer", "more") and kind == "good"):
            continue
        said = sentence(state, outcome="moves", certainty=certainty, direction_kind=kinds[kind], because=because)
        yield f"{state}/{certainty}/{kind}/{because}", said


@pytest.mark.parametrize("name", CELLS)
def test_every_cell_keeps_the_rules(name: str) -> None:
    """A cell that breaks a rule would break it on every page that is in that state."""
    said = CELLS[name]
    assert re.fullmatch(r"[A-Z\[{].*\.", said) and "  " not in said
    assert not re.search(r"\b1 in \d|\bone in (two|three|four|five|ten)\b", said), "no “1 in x”"
    assert not re.search(r"reduc|prove|signific|risk", said, re.I)
    assert max(len(part.split()) for part in re.split(r"[.!?]", said)) <= 30
    if name.startswith("numbers.hundred"):
        assert said.startswith("Out of 100 {unit}"), "the same denominator everywhere"
        assert ("[range]" in said) != ("No range is held" in said)
    if name.startswith(("numbers.ratio", "numbers.odds")):
        assert "We do not hold how many there were without it" in said, "no relative change alone"


@pytest.mark.parametrize(("name", "said"), sorted(set(rendered())))
def test_every_combination_renders(name: str, said: str) -> None:
    """Grammatical, filled in, sure words only for sure evidence, and contact never better or worse."""
    state, certainty, kind, _ = name.split("/")
    assert re.fullmatch(r"[A-Z][^{}\[\]]*\.", said)
    assert "moves" in said
    assert not (kind == "contact" and re.search(r"better|worse|good|bad|improve", said))
    if DEPENDS.get(state) == CERTAIN:
        words = {
            "moderate": "probably",
            "low": "may ",
            "very-low": "cannot tell",
            "None": "Nobody has yet rated how sure",
        }
        for key, word in words.items():
            assert (word in said) == (key == certainty), name


@pytest.mark.parametrize(("kind", "size"), [(kind, size) for kind in SIZES for size in SIZES[kind]])
def test_every_number_renders_with_its_thread(kind: str, size: str) -> None:
    """A number in a sentence that has lost its trace cannot be clicked back."""
    estimate = {"number": ESTIMATES[size], "trace": "syn-1"}
    with_range = numbered(kind, size, words=WORDS, estimate=estimate, spread=RANGE)
    bare = numbered(kind, size, words=WORDS, estimate=estimate)
    assert [part for part in with_range if isinstance(part, dict)] == (
        [estimate, RANGE] if kind != "scale" else [estimate]
    )
    assert [part for part in bare if isinstance(part, dict)] == [estimate]
    assert "range is held" in "".join(map(str, bare)) or kind == "scale"
    for parts in (with_range, bare):
        text = "".join(part if isinstance(part, str) else part["number"] for part in parts)
        assert not re.search(r"[{}\[\]]", text) and text.endswith(".")


@pytest.mark.parametrize("certainty", [*CERTAINTIES, "not-assessed", "not-enough", None])
def test_certainty_is_named_in_words(certainty: str | None) -> None:
    """No word is read as very sure, so the sentence names it; the young people's version names the same."""
    said, young = how_sure(certainty), how_sure(certainty, young=True)
    if certainty in CERTAINTIES:
        assert f"{certainty.replace('-', ' ')} certainty" in said
        assert f"({certainty.replace('-', ' ')} certainty)" in young
    else:
        assert said.startswith("Nobody") and young.startswith("Nobody")


def test_no_evidence_is_told_apart_from_evidence_of_no_effect() -> None:
    """Otherwise “we did not look” reads as “it does nothing”."""
    apart = ("not-searched", "nothing-found", "none", "uncertain")
    assert len({SHEET.states[key]["shape"] for key in apart}) == 4
    assert len({sentence(key, outcome="moves") for key in apart}) == 4


def test_what_the_sheet_does_not_have_is_refused(tmp_path: Path) -> None:
    """A sheet with a cell missing must stop the program, not a page."""
    with pytest.raises(InputError, match="No sentence is held"):
        numbered("hundred", "huge", words=WORDS, estimate="1")
    with pytest.raises(InputError, match="is no certainty"):
        how_sure("quite")
    text = (Path(style_sheet.__wrapped__.__globals__["HERE"])).read_text(encoding="utf-8")
    short = tmp_path / "sentences.toml"
    short.write_text(text.replace('says.good = "We cannot', 'says.goods = "We cannot'), encoding="utf-8")
    with pytest.raises(InputError, match=r"states\.uncertain\.says must have contact, good, any; look at “good”"):
        style_sheet(short)
    short.write_text("version = [", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read as TOML"):
        style_sheet(short)
