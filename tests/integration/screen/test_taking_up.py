"""Others' decisions become a review's: under the tool's name, once, with conflicts as conflicts and nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.screen.team import FULL, TITLE, person, review_of
from whatworks.collate.actions import add_source, import_file
from whatworks.collate.models import Import, OthersDecision
from whatworks.errors import ForbiddenError, InputError
from whatworks.people.models import User
from whatworks.screen.deciding import pass_on, say
from whatworks.screen.methods.protocol import StageRules
from whatworks.screen.models import Candidate, Opinion, Review
from whatworks.screen.taking_up import IN_CONFLICT, take_up
from whatworks.screen.waves import add_search

pytestmark = pytest.mark.django_db

ASREVIEW = """title,abstract,asreview_label,asreview_note
First study of homes,We looked at one.,1,good
Second study of homes,We looked at two.,0,
Third study of homes,We looked at three.,,
"""
RAYYAN = """TY  - JOUR
TI  - First study of homes
N1  - RAYYAN-INCLUSION: {"Anna"=>"Included", "Ben"=>"Excluded"} | RAYYAN-EXCLUSION-REASONS: wrong outcome
ER  -

TY  - JOUR
TI  - Second study of homes
N1  - RAYYAN-INCLUSION: {"Anna"=>"Excluded", "Ben"=>"Excluded"} | RAYYAN-EXCLUSION-REASONS: wrong outcome
ER  -

TY  - JOUR
TI  - Third study of homes
N1  - RAYYAN-INCLUSION: {"Anna"=>"Maybe"}
ER  -

TY  - JOUR
TI  - Fourth study of homes
N1  - RAYYAN-INCLUSION: {"Anna"=>"Conflict"}
ER  -

"""
COVIDENCE = """Title,Authors,Abstract,Published Year,Notes,Covidence #
First study of homes,Lee,We looked.,2001,Exclusion reason: Wrong setting; ,#1
"""


@pytest.fixture
def people() -> list[User]:
    return [person(name) for name in ("ada", "ben", "cas")]


def brought(tmp_path: Path, people: list[User], text: str, name: str) -> tuple[Review, Import]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    source = add_source(by=people[0].pk, name="Another tool", sort="database")
    origin = import_file(by=people[0].pk, path=path, source=source)
    held = review_of(*people, title=f"Review of {name}", full_text=StageRules("dual"), share=0.5)
    add_search(by=people[0].pk, review=held, name="Another tool", imports=[origin])
    return held, origin


def states(review: Review, stage: str = TITLE) -> list[str]:
    return list(Candidate.objects.at(review, stage).order_by("number").values_list("state", flat=True))


def test_what_one_tool_decided_is_decided(tmp_path: Path, people: list[User]) -> None:
    """Two people need not read again what was screened before; and nobody here is made to have said it."""
    review, _ = brought(tmp_path, people, ASREVIEW, "asreview.csv")
    found = take_up(by=people[0].pk, review=review)
    assert (found.added, found.already, dict(found.left)) == (2, 0, {})
    assert states(review) == ["include", "exclude", "open"]
    assert set(Opinion.objects.values_list("by", flat=True)) == {"other:ASReview"}
    assert set(review.judgements.standing().values_list("by", flat=True)) == {"other:ASReview"}
    again = take_up(by=people[0].pk, review=review)
    assert (again.added, again.already, Opinion.objects.count()) == (0, 2, 2)


def test_those_who_differ_are_in_conflict_and_doubt_stays_doubt(tmp_path: Path, people: list[User]) -> None:
    """The last of two votes must not win, nor a maybe become a yes."""
    review, _ = brought(tmp_path, people, RAYYAN, "rayyan.ris")
    found = take_up(by=people[0].pk, review=review)
    assert states(review) == ["conflict", "exclude", "open", "open"]
    assert dict(found.left) == {IN_CONFLICT: 1}
    assert found.added + found.left.total() == OthersDecision.objects.count(), "nothing is lost"
    said = Opinion.objects.filter(candidate__number=1).values_list("by", flat=True)
    assert sorted(said) == ["other:Rayyan:Anna", "other:Rayyan:Ben"]
    assert Opinion.objects.filter(decision="maybe").count() == 1
    assert not review.judgements.filter(by__contains="Anna").exists(), "readers are not shown who they were"


def test_as_opinions_each_counts_as_one(tmp_path: Path, people: list[User]) -> None:
    """One label is one of two opinions wanted."""
    review, _ = brought(tmp_path, people, ASREVIEW, "asreview.csv")
    take_up(by=people[0].pk, review=review, as_="opinions")
    assert states(review) == ["open", "open", "open"]
    first = Candidate.objects.at(review, TITLE).order_by("number")[0]
    say(by=people[1].pk, candidate=first.pk, decision="include")
    assert states(review)[0] == "include"


def test_what_was_said_here_is_not_overruled(tmp_path: Path, people: list[User]) -> None:
    """Whether it was said before the others' decisions came, or after."""
    review, _ = brought(tmp_path, people, ASREVIEW, "asreview.csv")
    first, second, _ = Candidate.objects.at(review, TITLE).order_by("number")
    say(by=people[0].pk, candidate=first.pk, decision="exclude")
    take_up(by=people[0].pk, review=review)
    say(by=people[0].pk, candidate=second.pk, decision="include")
    assert states(review) == ["conflict", "conflict", "open"]


def test_a_decision_on_a_full_text_says_that_its_title_was_taken_further(tmp_path: Path, people: list[User]) -> None:
    """Covidence exports one list at a time: what was excluded at full text is not in the list of titles."""
    review, _ = brought(tmp_path, people, COVIDENCE, "review_1_excluded_csv_2024.csv")
    take_up(by=people[0].pk, review=review)
    assert (states(review), states(review, FULL)) == (["include"], ["exclude"])
    assert review.judgements.standing().get(stage=FULL).reason == "Wrong setting"


def test_only_a_lead_takes_up_and_only_others_are_spoken_for(tmp_path: Path, people: list[User]) -> None:
    """Whoever could pass on words under a user's name could decide alone."""
    review, _ = brought(tmp_path, people, ASREVIEW, "asreview.csv")
    with pytest.raises(ForbiddenError, match="Only a lead"):
        take_up(by=people[1].pk, review=review)
    with pytest.raises(InputError, match="choose one of labels, opinions"):
        take_up(by=people[0].pk, review=review, as_="votes")
    one = Candidate.objects.at(review, TITLE)[0]
    with pytest.raises(InputError, match="begins with"):
        pass_on(by=people[0].pk, candidate=one.pk, other=people[1].pk, decision="include", key="x")
    with pytest.raises(ForbiddenError, match="do not take part"):
        pass_on(by="nobody", candidate=one.pk, other="other:Tool", decision="include", key="x")
