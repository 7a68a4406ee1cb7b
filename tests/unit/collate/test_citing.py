"""References: what a style guide prints for each kind of publication, letter by letter."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whatworks.collate.methods.citing import STYLES, reference
from whatworks.collate.methods.csl_items import csl_item, csl_problems
from whatworks.collate.methods.person_names import initials, name_of
from whatworks.collate.methods.records import Record


def item(*tags: tuple[str, str]) -> dict[str, Any]:
    made = csl_item(Record(1, 1, (("ID", "rep-1"), *tags)))
    assert csl_problems(made) == []
    return made


ARTICLE = item(
    ("TY", "JOUR"), ("AU", "Smith, Mary B."), ("AU", "Jones, Jean-Paul"), ("TI", "A trial of help: does it work?"),
    ("T2", "Journal of Fictional Studies"), ("PY", "2020"), ("VL", "12"), ("IS", "3"), ("SP", "123"), ("EP", "130"),
    ("DO", "10.1000/a_b"),
)  # fmt: skip
CHAPTER = item(
    ("TY", "CHAP"), ("AU", "Smith MB"), ("A2", "Brown, Ann"), ("A2", "Green, C."), ("TI", "One of many"),
    ("T2", "The whole book"), ("PY", "2019"), ("SP", "1"), ("EP", "20"), ("PB", "Fictional Press"), ("CY", "London"),
    ("ET", "2nd edition"),
)  # fmt: skip
BODY = item(
    ("TY", "RPRT"), ("AU", "Department for Education"), ("TI", "Care in England"), ("PB", "Department for Education"),
    ("CY", "London"), ("UR", "https://example.org/report"), ("M1", "RR123"), ("PY", "2018"),
)  # fmt: skip
THESIS = item(
    ("TY", "THES"), ("AU", "Nobody, Ann Marie, Jr."), ("TI", "On nothing"), ("PY", "2015"), ("PB", "University of Nowhere"),
    ("M3", "PhD thesis"),
)  # fmt: skip
PAGE = item(
    ("TY", "ELEC"), ("TI", "Advice for carers"), ("T2", "Carers of Nowhere"), ("DA", "2021/05/03"), ("PY", "2021"),
    ("Y2", "2022/01/02"), ("UR", "https://example.org/advice"),
)  # fmt: skip
UNDATED = item(("TY", "RPRT"), ("AU", "Smith, Mary"), ("TI", "No date."), ("PB", "Fictional Press"))
EDITED = item(
    ("TY", "BOOK"), ("A2", "Brown, Ann"), ("TI", "An edited volume"), ("PB", "Fictional Press"), ("CY", "Oxford"),
    ("PY", "1999"), ("ET", "3"),
)  # fmt: skip
MANY = item(("TY", "JOUR"), *[("AU", f"N{'abcdefghijklmnopqrstuv'[n]}, A.") for n in range(22)], ("TI", "Many hands"),
            ("T2", "Journal"), ("PY", "2001"))  # fmt: skip
TWENTY = item(("TY", "JOUR"), *[("AU", f"N{'abcdefghijklmnopqrst'[n]}, A.") for n in range(20)], ("TI", "Twenty"),
              ("T2", "Journal"), ("PY", "2001"))  # fmt: skip
FOUR = item(
    ("TY", "JOUR"), *[("AU", f"N{letter}, A.") for letter in "abcd"], ("TI", "Four"), ("T2", "Journal"), ("PY", "2001")
)

EXPECTED = {
    ("apa", "article"): (
        "Smith, M. B., & Jones, J.-P. (2020). A trial of help: does it work? Journal of Fictional "
        "Studies, 12(3), 123–130. https://doi.org/10.1000/a_b"
    ),
    ("harvard", "article"): (
        "Smith, M.B. and Jones, J.-P. (2020) ‘A trial of help: does it work?’, Journal of Fictional "
        "Studies, 12(3), pp. 123–130. Available at: https://doi.org/10.1000/a_b."
    ),
    ("vancouver", "article"): (
        "Smith MB, Jones JP. A trial of help: does it work? Journal of Fictional Studies. "
        "2020;12(3):123-30. doi:10.1000/a_b"
    ),
    ("apa", "chapter"): (
        "Smith, M. B. (2019). One of many. In A. Brown & C. Green (Eds.), The whole book (2nd ed., pp. "
        "1–20). Fictional Press."
    ),
    ("harvard", "chapter"): (
        "Smith, M.B. (2019) ‘One of many’, in Brown, A. and Green, C. (eds) The whole book. 2nd edn. "
        "London: Fictional Press, pp. 1–20."
    ),
    ("vancouver", "chapter"): (
        "Smith MB. One of many. In: Brown A, Green C, editors. The whole book. London: Fictional Press; "
        "2019. p. 1-20."
    ),
    ("apa", "body"): "Department for Education. (2018). Care in England (Report No. RR123). https://example.org/report",
    ("harvard", "body"): "Department for Education (2018) Care in England. Available at: https://example.org/report.",
    ("vancouver", "body"): (
        "Department for Education. Care in England. London: Department for Education; 2018. Report No.: "
        "RR123. Available from: https://example.org/report"
    ),
    ("apa", "thesis"): "Nobody, A. M., Jr. (2015). On nothing [PhD thesis, University of Nowhere].",
    ("harvard", "thesis"): "Nobody, A.M., Jr. (2015) On nothing. PhD thesis. University of Nowhere.",
    ("vancouver", "thesis"): "Nobody AM Jr. On nothing [PhD thesis]. University of Nowhere; 2015.",
    ("apa", "page"): "Advice for carers. (2021, May 3). Carers of Nowhere. https://example.org/advice",
    ("harvard", "page"): "Advice for carers (2021). Available at: https://example.org/advice (Accessed: 2 January 2022).",
    ("vancouver", "page"): (
        "Advice for carers [Internet]. Carers of Nowhere; 2021 [cited 2022 Jan 2]. Available from: "
        "https://example.org/advice"
    ),
    ("apa", "undated"): "Smith, M. (n.d.). No date. Fictional Press.",
    ("harvard", "undated"): "Smith, M. (no date) No date. Fictional Press.",
    ("vancouver", "undated"): "Smith M. No date. Fictional Press; [date unknown].",
    ("apa", "edited"): "Brown, A. (Ed.). (1999). An edited volume (3rd ed.). Fictional Press.",
    ("harvard", "edited"): "Brown, A. (ed.) (1999) An edited volume. 3rd edn. Oxford: Fictional Press.",
    ("vancouver", "edited"): "Brown A, editor. An edited volume. 3rd ed. Oxford: Fictional Press; 1999.",
    ("harvard", "four"): "Na, A. et al. (2001) ‘Four’, Journal.",
}  # fmt: skip
ITEMS = {"article": ARTICLE, "chapter": CHAPTER, "body": BODY, "thesis": THESIS, "page": PAGE, "undated": UNDATED,
         "edited": EDITED, "four": FOUR}  # fmt: skip


@pytest.mark.parametrize(("style", "kind"), EXPECTED, ids="-".join)
def test_references(style: str, kind: str) -> None:
    assert reference(ITEMS[kind], style) == EXPECTED[style, kind]


def test_more_than_twenty_authors() -> None:
    """APA names the first nineteen and the last; twenty are all named, with an ampersand."""
    many, twenty = reference(MANY, "apa"), reference(TWENTY, "apa")
    assert "Ns, A., . . . Nv, A. (2001)" in many and "Nt" not in many and "&" not in many
    assert "Ns, A., & Nt, A. (2001)" in twenty
    assert reference(MANY, "vancouver").startswith("Na A, Nb A, Nc A, Nd A, Ne A, Nf A, et al. Many hands.")


def test_a_retraction_goes_with_the_reference() -> None:
    """Somebody who pastes it must not hide it unknowingly."""
    notice = {
        "nature": "retraction",
        "word": "Retracted",
        "on": "2024-05-31",
        "href": "https://doi.org/10.1000/n",
        "reason": "",
    }
    withdrawn = ARTICLE | {"custom": {"notice": notice}}
    for style in STYLES:
        assert reference(withdrawn, style).endswith(" [Retracted 31 May 2024, https://doi.org/10.1000/n]")
    reinstated = ARTICLE | {"custom": {"notice": notice | {"nature": "reinstatement"}}}
    assert reference(reinstated, "apa") == reference(ARTICLE, "apa")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Smith, Mary B.", {"family": "Smith", "given": "Mary B."}),
        ("Smith MB", {"family": "Smith", "given": "M. B."}),
        ("van der Berg A", {"family": "van der Berg", "given": "A."}),
        ("Nobody, Ann, Jr.", {"family": "Nobody", "given": "Ann", "suffix": "Jr."}),
        ("Nobody, Jr., Ann", {"family": "Nobody", "given": "Ann", "suffix": "Jr."}),
        ("Department for Education", {"literal": "Department for Education"}),
        (
            "National Institute for Health, Care and Nothing",
            {"literal": "National Institute for Health, Care and Nothing"},
        ),
        ("Madonna", {"literal": "Madonna"}),
        ("Department for Education,", {"literal": "Department for Education"}),
    ],
)
def test_names(line: str, name: dict[str, str]) -> None:
    """A council with a comma in its name is not a person called Wirral, Council."""
    assert name_of(line) == name


@pytest.mark.parametrize(
    ("given_names", "letters"),
    [
        ("Mary B.", ["M", "B"]),
        ("MB", ["M", "B"]),
        ("M.B.", ["M", "B"]),
        ("Jean-Paul", ["J-P"]),
        ("élan", ["É"]),
        ("", []),
    ],
)
def test_initials(given_names: str, letters: list[str]) -> None:
    assert initials(given_names) == letters


TEXT = st.text(max_size=40)
TAGS = st.lists(
    st.tuples(st.sampled_from("TI AU A2 PY DA T2 VL IS SP EP DO UR PB CY ET M1 M3 SN Y2 LA KW N1".split()), TEXT),
    max_size=14,
)


@given(st.sampled_from("JOUR BOOK CHAP RPRT THES ELEC CPAPER GEN NEWS".split()), TAGS)
def test_whatever_a_record_says_there_is_a_valid_item_and_one_line(kind: str, tags: list[tuple[str, str]]) -> None:
    """One odd record must not take the page of its report down."""
    made = csl_item(Record(1, 1, (("TY", kind), ("ID", "rep-1"), *tags)))
    assert csl_problems(made) == []
    for style in STYLES:
        line = reference(made, style)
        assert line and "\n" not in line


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"type": "journal"}, "none of CSL's"),
        ({"id": ""}, "no id"),
        ({"author": "Smith"}, "author holds no names"),
        ({"author": [{"last": "Smith"}]}, "author holds no names"),
        ({"issued": {"date-parts": [["2020"]]}}, "issued is no date"),
        ({"volume": 12}, "volume is not text"),
        ({"doi": "10.1000/x"}, "doi is no field"),
        ({"custom": []}, "custom is not an object"),
    ],
)
def test_an_item_against_the_rules_is_seen(wrong: dict[str, Any], says: str) -> None:
    """The check of every export must be able to fail."""
    assert any(says in problem for problem in csl_problems(ARTICLE | wrong))
