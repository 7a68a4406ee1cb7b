"""One's own and another's: for every closed address that names a thing, whose it is, and what others with the same role get."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from tests.architecture.test_addresses import CLOSED
from whatworks.people.models import Assignment, User

NAMED = {str(pattern.name): pattern for address, pattern in CLOSED if "<" in address}
REFUSED = {403, 404, 405}

# Whoever has the permission works on all of them: these things are the centre's.
CENTRES = {
    "answer_check", "answer_write", "case_settle", "case_withdraw", "loop_share", "loop_suggested",
    "analysis",  "analysis_csv", "analysis_forward", "analysis_json", "analysis_lock", "analysis_r",
    "analysis_run", "any_team", "answer_priority", "answer_response", "answer_round", "award_work", "call_decide",
    "call_run", "call_table", "call_write", "challenge_answer", "change_plan", "close_round", "consultation_run",
    "contact", "contact_held", "contact_held_file", "contact_import_look", "correct", "correct_standing", "document",
    "draft", "edition_preview", "edition_work", "enquiry_work", "enter_letter", "explain_run", "finish_step",
    "frame_make", "frame_taken", "frame_work", "gather_package", "gathering_run", "guide_respond", "guide_responses",
    "import", "import_columns", "judge_notice", "judged", "map_work_one", "match", "merged_report", "panel_list",
    "panel_meeting", "panel_people", "panel_run", "particulars_about", "post_work", "practice_reply",
    "practice_words", "preview", "preview_page", "ratings_about", "read_guide", "record_decision",
    "record_particular", "replace_particular", "report_files", "rerun_online", "round_work", "run_changes",
    "setting_work", "stand_guide", "strategy", "strategy_words", "take_text_back", "text_parts", "text_work",
    "trial_archive", "trial_arms", "trial_delivered", "trial_piloted", "trial_protocol", "trial_recruiting",
    "trial_recruiting_file", "trial_run", "two_reports", "undo", "waiting", "withdraw_page", "write_guide",
    "write_text", "application_decide",
}  # fmt: skip

# One page for several people, each of whom sees what they wrote themselves until all are done; the rooms' tests show it.
EACH_THEIR_PART = {
    "answer_coding",
    "case_code",
    "export_learning",
    "peer_learning",
    "assessment",
    "compare_ratings",
    "interviews",
}


@dataclass
class Whose:
    """Things of somebody, and somebody else with the same roles."""

    own: User
    other: User
    addresses: dict[str, str]
    later: frozenset[str] = frozenset()  # closed to all until everybody is done


def person(name: str, *roles: str) -> User:
    """Somebody with roles and no password: to make one takes half a second."""
    user: User = User.objects.create_user(f"{name}@example.invalid", None, name=name)
    user.as_subject().save(force_insert=True)
    Assignment.objects.bulk_create([Assignment(user=user, role=role, given_by="test") for role in roles])
    return user


def filled(pattern: URLPattern, **known: Any) -> str:
    """The address, with a value of the right kind where none is known."""
    converters: dict[str, Any] = pattern.pattern.converters
    values = {name: 1 if "Int" in type(kind).__name__ else "x" for name, kind in converters.items()}
    return reverse(str(pattern.name), kwargs=values | {name: known[name] for name in values if name in known})


def of_a_review() -> Whose:
    """A review, its records, studies and forms: whoever takes part in it."""
    from tests.integration.extract.studied import put_up, team
    from tests.integration.screen.team import imported
    from whatworks.screen.models import Candidate
    from whatworks.screen.waves import add_search

    held, other = team(), person("other", "lead", "screener", "coder")
    Assignment.objects.bulk_create(
        [Assignment(user=held.lead, role=role, given_by="test") for role in ("lead", "screener", "coder")]
    )
    add_search(by=held.lead.pk, review=held.review, name="A database", imports=[imported(5, start=50, name="b")])
    coding = put_up(held, held.lead, held.first)
    candidate = Candidate.objects.filter(review=held.review).first()
    assert candidate is not None
    part = {"part": held.arms[0].pk, "what": "arm"}
    known = {
        "workspace/reviews/": {"slug": held.review.slug, "identifier": candidate.pk, "form": "csv"},
        "workspace/studies/": {"identifier": held.study.pk} | part,
        "workspace/coding/": {"identifier": coding.pk},
    }
    found = {
        str(pattern.name): filled(pattern, **values)
        for address, pattern in CLOSED
        for start, values in known.items()
        if "<" in address and address.startswith(start)
    }
    return Whose(held.lead, other, found | _judged(held), frozenset({"reconcile", "compare_appraisals"}))


def _judged(held: Any) -> dict[str, str]:
    """The appraisal of a study by two: the two; and one that somebody made alone."""
    from tests.integration.extract.test_appraising_two import ANSWERS
    from whatworks.extract.appraising import appraise
    from whatworks.extract.appraising_two import ask_two

    high = {"domains": {"D1": "High"}, "reasons": {"D1": "An open list."}, "answers": ANSWERS}
    alone = appraise(by=held.third.pk, study=held.study, tool="rob-2", **high)
    asked = ask_two(by=held.lead.pk, study=held.study, tool="rob-2", users=[held.lead, held.first])
    found = {name: reverse(name, args=[asked.pk]) for name in ("appraising", "compare_appraisals")}
    return found | {"appraisal": reverse("appraisal", args=[alone.pk])}


def of_an_applicant() -> Whose:
    """An application: its authors."""
    from tools import founding_commission
    from whatworks.commission.models import Application

    founding_commission.fictional_call("assessing")
    mine = Application.objects.order_by("pk").first()
    assert mine is not None
    author = User.objects.get(email__startswith=mine.body.lower().replace(" ", "-"))
    other = User.objects.filter(email__startswith="larkmere" if mine.body.startswith("Brook") else "brook").first()
    assert other is not None
    file = {"identifier": mine.pk, "attachment": "nowhere"}
    return Whose(
        author, other,
        {"application": reverse("application", args=[mine.pk]), "application_file": reverse("application_file", kwargs=file)},
    )  # fmt: skip


def of_an_assessor() -> Whose:
    """What is to be scored: those who were appointed to the call and have no conflict with the application."""
    from whatworks.commission.models import Application

    mine = Application.objects.order_by("pk").exclude(body__startswith="Larkmere").first()
    assert mine is not None
    appointed, other = User.objects.get(email__startswith="panel-1@"), person("another-assessor", "assessor")
    file = {"identifier": mine.pk, "attachment": "nowhere"}
    return Whose(
        appointed, other,
        {
            "call_assess": reverse("call_assess", args=[mine.call.slug]),
            "application_read": reverse("application_read", args=[mine.pk]),
            "application_score": reverse("application_score", args=[mine.pk]),
            "application_read_file": reverse("application_read_file", kwargs=file),
        },
    )  # fmt: skip


def of_a_site() -> Whose:
    """A site: its team."""
    from tests.integration.implement.places import BY, site_at
    from whatworks.implement.opening import add_member

    site, own, other = site_at(), person("own-site", "site"), person("other-site", "site")
    add_member(by=BY, site=site, who=own.email)
    add_member(by=BY, site=site_at("Larkmere"), who=other.email)
    names = [str(pattern.name) for address, pattern in CLOSED if address.startswith("workspace/sites/at/")]
    return Whose(own, other, {name: reverse(name, args=[site.slug]) for name in names})


def of_a_person() -> Whose:
    """What a person declared, made or asked for: that person."""
    from whatworks.ledger.models import Subject
    from whatworks.ledger.work import enqueue
    from whatworks.people.interests import declare_interest
    from whatworks.people.tokens import make_token
    from whatworks.screen.planning import PLAN

    own, other = (person(name, "screener", "lead") for name in ("own-things", "other-things"))
    about = Subject.objects.filter(kind="intervention").first()
    assert about is not None
    interest = declare_interest(by=own.pk, user=own, about=about.pk, what="I wrote its manual")
    token, _ = make_token(by=own.pk, user=own, name="A program", scopes=["screen.read"])
    told = {"name": "A plan", "target": 0.95, "confidence": 0.95, "review": "nowhere"}
    job = enqueue(kind=PLAN, by=own.pk, arguments=told)
    return Whose(
        own, other,
        {
            "withdraw_interest": reverse("withdraw_interest", args=[interest.pk]),
            "revoke_token": reverse("revoke_token", args=[token.pk]),
            "plan": reverse("plan", args=[job.pk]),
        },
    )  # fmt: skip


def of_a_learner() -> Whose:
    """What somebody wrote down of their learning: that person."""
    from django.utils import timezone

    from whatworks.learn.recording import Words, write

    own, other = person("own-learning"), person("other-learning")
    entry = write(user=own, words=Words("reading", "A page on supervision", timezone.localdate()))
    names = ("learning_entry", "change_learning", "delete_learning")
    return Whose(own, other, {name: reverse(name, args=[entry.pk]) for name in names})


MAKERS: tuple[Callable[[], Whose], ...] = (
    of_a_review, of_an_applicant, of_an_assessor, of_a_site, of_a_person, of_a_learner,
)  # fmt: skip


@pytest.fixture(scope="module")
def whose(roads: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Whose]]:
    """All of them, in one centre."""
    from django.test import override_settings

    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    home: Path = tmp_path_factory.mktemp("whose")
    with django_db_blocker.unblock(), override_settings(HOME=home, PASSWORD_HASHERS=quick):
        yield [make() for make in MAKERS]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.django_db
def test_each_thing_is_its_owners_and_no_one_elses(whose: list[Whose]) -> None:
    """Whoever it belongs to enters; another with the very same roles does not; a stranger is sent to sign in."""
    wrong = []
    for held in whose:
        own, other, stranger = signed_in(held.own), signed_in(held.other), Client()
        for name, address in held.addresses.items():
            for method in ("get", "post"):
                theirs, strange = (getattr(one, method)(address).status_code for one in (other, stranger))
                if theirs not in REFUSED:
                    wrong.append(f"{name}: another's {method} answers {theirs}")
                if strange != 302:
                    wrong.append(f"{name}: a stranger's {method} answers {strange}")
            mine = {getattr(own, method)(address).status_code for method in ("get", "post")}
            if (mine <= {403, 405}) != (name in held.later):
                wrong.append(f"{name}: its owner's answers are {sorted(mine)}")
    assert wrong == []


@pytest.mark.django_db
def test_it_is_said_of_every_address_whose_its_things_are(whose: list[Whose]) -> None:
    """A new address that names a thing is in one of the lists, so that nobody forgets to ask."""
    owned = [name for held in whose for name in held.addresses]
    listed = [*CENTRES, *EACH_THEIR_PART, *owned]
    assert sorted(set(NAMED) - set(listed)) == []
    assert sorted(set(listed) - set(NAMED)) == [], "no longer an address"
    assert len(listed) == len(set(listed)), "in two lists"
