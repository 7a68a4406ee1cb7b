"""Generated parts, glossary, settings, library names and examples of the documentation agree with the code."""

from __future__ import annotations

import doctest
import importlib
import re
import tomllib
from pathlib import Path

import pytest

from tests.unit.docs.pages import page, rows, sections
from tools import reference
from tools.sources import ROOT

CODE = re.compile(
    r"`((?:archive|collate|commission|contact|convene|decide|extract|implement|ledger|people|publish|rate|scope|screen|"
    r"synthesise)(?:\.\w+)+)`"
)


@pytest.mark.parametrize("name", sorted(reference.PAGES))
def test_generated_parts_are_up_to_date(name: str) -> None:
    """A reference that lags behind the code is worse than none. To mend it: python -m tools.reference."""
    text = page(name)
    assert reference.filled(name, text) == text


def test_a_generated_part_that_lags_is_seen() -> None:
    """The check above must be able to fail."""
    name = "docs/reference/roles.md"
    assert reference.filled(name, page(name).replace("Coder", "Decoder")) == page(name)


def test_a_page_without_its_generated_part_is_refused() -> None:
    """A marker that somebody removed would leave a page that is never written again."""
    with pytest.raises(SystemExit, match="must have the generated parts roles"):
        reference.filled("docs/reference/roles.md", "# Roles\n")


def test_the_glossary_has_every_word_of_the_site_in_the_same_words() -> None:
    """Two glossaries that differ leave readers with neither."""
    terms = tomllib.loads(page("src/whatworks/web/glossary.toml"))["terms"]
    ours = " ".join(page("GLOSSARY.md").split())
    assert {term: said for term, said in terms.items() if f"**{term}.** {' '.join(said.split())}" not in ours} == {}


@pytest.mark.parametrize("name", ["GLOSSARY.md", "CONTRIBUTING.md"])
def test_names_in_the_code_exist(name: str) -> None:
    """A name that was changed in the code must be changed where it is explained."""
    found = sorted(set(CODE.findall(page(name))))
    assert [dotted for dotted in found if not exists(f"whatworks.{dotted}")] == []


def exists(dotted: str) -> bool:
    """Whether a dotted name is a module, or something in one, at any depth."""
    parts = dotted.split(".")
    for at in range(len(parts), 0, -1):
        try:
            value = importlib.import_module(".".join(parts[:at]))
        except ModuleNotFoundError:
            continue
        for part in parts[at:]:
            if not hasattr(value, part):
                return False
            value = getattr(value, part)
        return True
    return False


@pytest.mark.parametrize(
    ("dotted", "there"),
    [
        ("whatworks.ledger.models.Event", True),
        ("whatworks.ledger.models.Nothing", False),
        ("whatworks.nowhere.x", False),
    ],
)
def test_a_name_that_is_gone_is_seen(dotted: str, there: bool) -> None:
    """The check above must be able to fail."""
    assert exists(dotted) is there


def variables() -> set[str]:
    """Every variable of the environment that the program, its tools or its tests ask for by a name of ours."""
    files = [path for folder in ("src", "tools", "tests") for path in (ROOT / folder).rglob("*.py")]
    text = "".join(path.read_text("utf-8") for path in [*files, ROOT / "Makefile"])
    asked = re.findall(r"environ(?:\.get\(|\[|\.setdefault\()\"([A-Z_]+)\"", text)
    made = re.findall(r"^([A-Z_]+) \?=", text, flags=re.MULTILINE)
    return {name for name in (*asked, *made) if not name.startswith("DJANGO_")}


def test_every_setting_is_documented() -> None:
    """A variable nobody knows of changes what the program does."""
    assert {"WHATWORKS_HOME", "DATABASE_URL", "PYTHON"} <= variables()
    assert variables() - set(rows(page("docs/reference/settings.md"))) == set()


@pytest.mark.parametrize("room", ["collate", "extract", "rate", "screen", "stats", "synthesise"])
def test_every_name_of_a_room_is_documented(room: str) -> None:
    """A name that a room offers is a promise; the page says what it is for."""
    section = sections(page("docs/reference/library.md"))[f"whatworks.{room}"]
    names = set(importlib.import_module(f"whatworks.{room}").__all__)
    assert {name for name in names if not re.search(rf"\b{name}\b", section)} == set()


def test_the_examples_of_the_library_run() -> None:
    """An example that does not run costs a reader's trust."""
    failed, tried = doctest.testfile(str(ROOT / "docs/reference/library.md"), module_relative=False)
    assert tried > 10
    assert failed == 0


@pytest.mark.parametrize("name", ["README.md", "docs/explanation/hartung-knapp.md"])
def test_the_programs_in_a_page_run(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A program to copy must run as it stands; a simulation runs here with fewer rounds."""
    blocks = re.findall(r"^```python\n(.*?)^```", page(name), flags=re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        program = compile(block.replace("range(2000)", "range(20)"), name, "exec")
        exec(program, {})  # noqa: S102  our own pages, read from this checkout
    assert capsys.readouterr().out


APPEND_ONLY = {
    "Event": "events",
    "EventSubject": "their mentions",
    "Seal": "seals",
    "Particular": "particulars of interventions",
    "MatchDecision": "decisions on pairs",
    "FieldChoice": "choices of fields",
    "MatchPolicy": "policies on matching",
    "Judgement": "judgements",
    "Settlement": "settlements of differing judgements",
    "Withdrawal": "withdrawals of judgements",
    "Vintage": "vintages",
    "Series": "their series",
    "Reply": "replies to rounds",
    "Standing": "standings of practices",
    "Opinion": "opinions",
    "Protocol": "protocols",
    "Ranking": "proposed orders",
    "Stop": "signed stops",
    "Lift": "lifted stops",
    "CodingFrame": "frames",
    "Answer": "answers",
    "Decided": "decided values",
    "Judging": "judgings",
    "Verdict": "verdicts",
    "Agreed": "agreed judgements",
    "Regrouping": "regroupings",
    "Finding": "findings",
    "Declaration": "declarations",
    "Lock": "locks",
    "Sensitivity": "sensitivities",
    "Synthesis": "syntheses",
    "Rating": "ratings",
    "Signature": "signatures",
    "TrialProtocol": "trial protocols",
    "TrialLock": "trial locks",
    "PublishedResult": "published results of trials",
    "Commitment": "commitments",
    "FrozenList": "frozen lists",
    "Allocation": "allocations",
    "ConcealedDraw": "concealed draws",
    "ToldDraw": "told draws",
    "Sight": "looks at arms",
    "UnitEvent": "events of units",
    "Delivered": "what was delivered",
    "PilotAnswer": "answers of pilots",
    "ProgressionDecision": "decisions on going on",
    "Dataset": "data sets",
    "TrialAnalysis": "analyses of trials",
    "Unblinding": "unblindings",
    "Deposit": "deposits",
    "Correlation": "correlations",
    "PersonalRating": "personal ratings",
    "Moderation": "moderations",
    "Signoff": "sign-offs",
    "Revocation": "revoked sign-offs",
    "Revision": "revisions",
    "GuideRevision": "guide revisions",
    "MapVersion": "versions of maps",
    "Consultation": "consultations",
    "Response": "responses",
    "ResponseAnswer": "answers to responses",
    "GuideStanding": "withdrawals of guides",
    "Passage": "passages",
    "Moderated": "decisions of moderators",
    "EnquiryEvent": "events of enquiries",
    "SitePhase": "phases of sites",
    "SitePlan": "plans of sites",
    "FidelityForm": "fidelity forms",
    "Adaptation": "adaptations of sites",
    "Heeded": "answers to adaptations",
    "Point": "numbers of sites",
    "PageStanding": "standings of pages",
    "Release": "releases",
    "PanelParty": "commitments to panels",
    "PanelFreeze": "frozen lists of panels",
    "PanelDraw": "draws of panels",
    "MessageDone": "what was done about key messages",
    "CallVersion": "versions of calls",
    "CallLock": "locks of calls",
    "CallFact": "facts of calls",
    "CallOutcome": "outcomes of calls",
    "LotCommitment": "commitments to lots",
    "LotDraw": "lots between applications",
    "Resolution": "decisions",
    "Priority": "priorities",
    "PriorityState": "answers to priorities",
    "Gate": "gates",
    "CaseTombstone": "withdrawals of case publications",
    "SuggestionDeclined": "declined suggestions",
    "PracticeAnswer": "practice answers",
}


def test_the_tables_said_to_be_append_only_are_those_that_are() -> None:
    """What the page on proof claims is what the database enforces, no more and no less."""
    said = " ".join(page("docs/explanation/ledger-and-proof.md").split()).lower()
    claimed = said.partition(" are append-only.")[0].rsplit(". ", 1)[-1].replace(" and ", ", ").split(", ")
    guarded = importlib.import_module("whatworks.ledger.triggers").guarded()
    assert sorted(APPEND_ONLY.get(model.__name__, model.__name__) for model in guarded) == sorted(claimed)


def test_decision_records_are_numbered_in_a_row() -> None:
    """A number that is missing or taken twice makes "record 3" mean nothing."""
    files = sorted((ROOT / "docs/adr").glob("[0-9]*.md"))
    assert [int(path.name[:4]) for path in files] == list(range(1, len(files) + 1))
    assert [path.name for path in files if not headed(path)] == []


def headed(path: Path) -> bool:
    """Whether a record says its number, context, decision and consequences, in this order."""
    text = path.read_text("utf-8")
    places = [text.find(part) for part in (f"# {int(path.name[:4])}. ", "## Context", "## Decision", "## Consequences")]
    return -1 not in places and places == sorted(places)
