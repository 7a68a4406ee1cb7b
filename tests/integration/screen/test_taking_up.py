"""Others' decisions become a review's: under the tool's name, once, with conflicts as conflicts and nothing lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.integration.screen.team import FULL, TITLE, person, review_of
from whatworks.collate.actions import add_source, import_file
from whatworks.collate.models import Import, OthersDecision
from whatworks.errors import ForbiddenError, InputError
from whatworks.ledger.models import Event, Job
from whatworks.people.models import User
from whatworks.screen import taking_up
from whatworks.screen.asking import RANK
from whatworks.screen.deciding import say
from whatworks.screen.methods.protocol import StageRules
from whatworks.screen.models import Candidate, Opinion, Review
from whatworks.screen.passing_on import Voice, pass_all_on, pass_on
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


def many(number: int) -> str:
    """An export of so many decisions, every fifth taken further."""
    rows = [f"Study {n} of homes,We looked at it.,{int(n % 5 == 0)}," for n in range(1, number + 1)]
    return "\n".join(["title,abstract,asreview_label,asreview_note", *rows]) + "\n"


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


def test_many_are_taken_up_without_asking_the_database_anew_for_each(
    tmp_path: Path, people: list[User], django_assert_max_num_queries: Any
) -> None:
    """Of a search of thousands, people would wait for minutes."""
    review, _ = brought(tmp_path, people, many(60), "asreview.csv")
    with django_assert_max_num_queries(22 * 60):  # each leaves two events of six statements
        assert take_up(by=people[0].pk, review=review).added == 60
    assert (states(review).count("include"), len(states(review, FULL))) == (12, 12)
    assert Event.objects.filter(verb="screen.say").count() == 60, "each decision has its event"
    assert Job.objects.filter(kind=RANK).count() == 1, "many decisions are one question for a new order"
    with django_assert_max_num_queries(40):
        assert take_up(by=people[0].pk, review=review).already == 60


def test_what_was_interrupted_is_done_again(
    tmp_path: Path, people: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that is killed half-way leaves whole pieces, and nothing is counted twice."""
    review, _ = brought(tmp_path, people, many(10), "asreview.csv")
    monkeypatch.setattr(taking_up, "PIECE", 3)
    calls, whole = [], taking_up.pass_all_on

    def killed(**told: Any) -> Any:
        calls.append(told)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return whole(**told)

    monkeypatch.setattr(taking_up, "pass_all_on", killed)
    with pytest.raises(KeyboardInterrupt):
        take_up(by=people[0].pk, review=review)
    assert Opinion.objects.count() == 6
    found = take_up(by=people[0].pk, review=review)
    assert (found.added, found.already, Opinion.objects.count()) == (4, 6, 10)


def test_a_piece_is_kept_whole_or_not_at_all(tmp_path: Path, people: list[User]) -> None:
    """Half of what two people said of one report would decide it."""
    review, _ = brought(tmp_path, people, many(2), "asreview.csv")
    one, two = Candidate.objects.at(review, TITLE).order_by("number")
    voices = [Voice(one.pk, "other:Tool", "include", "k1", final=True), Voice(two.pk, "other:Tool", "perhaps", "k2")]
    with pytest.raises(IntegrityError), transaction.atomic():
        pass_all_on(by=people[0].pk, voices=voices)
    assert (Opinion.objects.count(), states(review)) == (0, ["open", "open"])


def test_twins_whose_full_texts_were_judged_are_taken_further_once(tmp_path: Path, people: list[User]) -> None:
    """They are decided together: the tool would be heard as often as there are twins."""
    head, row = COVIDENCE.splitlines()
    text = "\n".join([head, row, row.replace("2001", "2002").replace("#1", "#2")]) + "\n"
    review, _ = brought(tmp_path, people, text, "review_1_excluded_csv_2024.csv")
    take_up(by=people[0].pk, review=review)
    assert (states(review), states(review, FULL)) == (["include"] * 2, ["exclude"] * 2)
    assert Opinion.objects.filter(candidate__stage=TITLE).count() == 1


def test_each_voice_finds_what_the_one_before_it_changed(tmp_path: Path, people: list[User]) -> None:
    """What was looked up beforehand for all must not be what the last of them is judged by."""
    review, _ = brought(tmp_path, people, many(2), "asreview.csv")
    one = Candidate.objects.at(review, TITLE).order_by("number")[0]
    said = ["include", "exclude", "include", "include"]
    voices = [Voice(one.pk, f"other:Tool:{n}", word, f"k{n}", final=True) for n, word in enumerate(said)]
    told = pass_all_on(by=people[0].pk, voices=[*voices, voices[0]])
    assert [new for _, new in told] == [True] * 4 + [False]
    one.refresh_from_db()
    assert (one.state, one.judgement, states(review, FULL)) == ("conflict", None, ["gone"])
    assert review.judgements.count() == 1 and not review.judgements.standing().exists()
    again = pass_all_on(by=people[0].pk, voices=[Voice(one.pk, "other:Tool:1", "include", "k9", final=True)])
    one.refresh_from_db()
    assert (again[0][0].number, one.state, states(review, FULL)) == (2, "include", ["open"])
