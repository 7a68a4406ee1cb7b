"""The pages of rating: blind until both are done, what was typed is kept, and everybody sees only what they can do."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.http import HttpResponse

from tests.integration.rate.raters import Raters, a_rating, a_result, agreed, answers, asked, at_work, compared, rated
from whatworks.people.interests import declare_interest
from whatworks.people.models import Interest
from whatworks.rate.judging import say_no_interest
from whatworks.rate.models import Assessment, PersonalRating, Signoff
from whatworks.rate.moderating import seen_of
from whatworks.rate.rated_things import thing_of

pytestmark = pytest.mark.django_db


def said(response: HttpResponse) -> str:
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", response.content.decode())).split())


def by_grade(team: Raters) -> Assessment:
    return asked(team, thing_of(a_result().pk, "grade"))


def test_no_page_tells_what_one_said_before_both_are_done(team: Raters) -> None:
    held = by_grade(team)
    rated(held, team.mia, "low", answers())
    pages = ["/workspace/", "/workspace/ratings/", "/workspace/ratings/agreement/", f"/workspace/ratings/{held.pk}/"]
    pages.append(f"/trace/{held.about_id}/")
    for user in (team.noa, team.lead, team.approver):
        for page in pages:
            told = said(at_work(user).get(page, follow=True))
            assert "Because of" not in told and "thinks so" not in told, page
    assert at_work(team.noa).get(f"/workspace/ratings/{held.pk}/compare/").status_code == 302, "not yet"


def test_a_rule_suggests_nothing_before_a_rater_is_done(team: Raters) -> None:
    held, client = by_grade(team), at_work(team.mia)
    at = f"/workspace/ratings/{held.pk}/"
    assert "have you an interest in this" in said(client.get(at))
    client.post(at, {"step": "no-interest"})
    for place in range(1, 11):
        told = said(client.get(f"{at}?at={place}"))
        assert f"Question {place} of 10" in told
        assert "suggests" not in told.replace("what a rule suggests", "") and "of the weight" not in told
    rated(held, team.mia, "low", answers())
    told = said(client.get(at))
    assert ("A rule suggests" in told and "I²" in told) or "One study" in told


def test_one_question_after_another_keeps_what_was_answered(team: Raters) -> None:
    held, client = by_grade(team), at_work(team.mia)
    at = f"/workspace/ratings/{held.pk}/"
    say_no_interest(by=team.mia.pk, assessment=held)
    first = {"step": "keep", "at": "1", "value-start": "randomised", "reason-start": "Both were drawn by lot."}
    response = client.post(f"{at}?at=1", first)
    assert response.headers["Location"] == f"{at}?at=2"
    client.post(
        f"{at}?at=2",
        {"step": "keep", "at": "2", "value-risk_of_bias": "cannot-tell", "reason-risk_of_bias": "No appraisal."},
    )
    kept = PersonalRating.objects.current().get(rater__user=team.mia).answers
    assert kept["start"]["value"] == "randomised" and kept["risk_of_bias"] == {"value": None, "reason": "No appraisal."}
    assert "Both were drawn by lot." in said(client.get(f"{at}?at=1"))
    refused = client.post(f"{at}?at=10", {"step": "done", "at": "10", "level": "low", "reason": "I think so."})
    assert refused.status_code == 400 and "Not answered yet: a judgement of inconsistency" in said(refused)
    assert "I think so." in said(refused) and 'value="low" checked' in refused.content.decode()


def test_what_was_typed_stays_where_agreeing_is_refused(team: Raters) -> None:
    held = by_grade(team)
    rated(held, team.mia, "low", answers())
    rated(held, team.noa, "moderate", answers(indirectness=0))
    at, client = f"/workspace/ratings/{held.pk}/compare/", at_work(team.mia)
    page = client.get(at)
    assert "They differ." in said(page) and "8 of 9 answers alike" in said(page)
    post: dict[str, Any] = {f"value-{name}": str(one["value"]) for name, one in answers().items()}
    post |= {f"reason-{name}": one["reason"] for name, one in answers().items()}
    post |= {"step": "agree", "seen": seen_of(held), "level": "low", "changed-level": "We added it up again."}
    refused = client.post(at, post)
    assert refused.status_code == 400 and "a judgement of indirectness is not what both" in said(refused)
    assert "We added it up again." in said(refused) and 'value="low" checked' in refused.content.decode()
    assert client.post(at, post | {"changed-indirectness": "They live elsewhere."}).status_code == 302
    assert "Agreed: Low" in said(client.get(at))


def test_who_may_not_sign_off_is_told_why_and_who_may_does(team: Raters) -> None:
    rating = a_rating()
    held = compared(team, (rating.result["level"],) * 2)
    agreed(held, team.third, rating.result["level"])
    at = f"/workspace/ratings/{held.pk}/compare/"
    third = at_work(team.third).get(at)
    assert "You recorded what was agreed" in said(third) and "Sign it off?" not in said(third)
    refused = at_work(team.third).post(at, {"step": "approve", "seen": seen_of(held)})
    assert refused.status_code == 400 and not Signoff.objects.exists()
    assert "Sign it off?" not in said(at_work(team.lead).get(at))
    approver = at_work(team.approver)
    assert "Ratings waiting to be signed off" in said(approver.get("/workspace/"))
    assert approver.post(at, {"step": "approve", "seen": seen_of(held)}).status_code == 302
    assert "Approved:" in said(approver.get(at))
    assert "signed off by an approver who was neither" in said(approver.get(f"/trace/{rating.pk}/"))
    assert "Ratings waiting to be signed off" not in said(approver.get("/workspace/"))


def test_a_conflicted_person_is_left_out_with_the_reason_and_refused(team: Raters) -> None:
    rating = a_rating()
    declare_interest(by=team.noa.pk, user=team.noa, about=rating.intervention_id, what="I sell it.")
    lead = at_work(team.lead)
    page = lead.get(f"/workspace/ratings/ask/?about={rating.pk}")
    assert f'value="{team.noa.pk}"' not in page.content.decode() and "I sell it." in said(page)
    post = {"about": rating.pk, "first": team.mia.pk, "second": team.noa.pk, "key": "k"}
    refused = lead.post("/workspace/ratings/ask/", post)
    assert refused.status_code == 400 and "I sell it." in said(refused)
    assert f'value="{team.mia.pk}" selected' in refused.content.decode(), "what was chosen is still here"
    made = lead.post("/workspace/ratings/ask/", post | {"second": team.third.pk})
    again = lead.post("/workspace/ratings/ask/", post | {"second": team.third.pk})
    assert made.headers["Location"] == again.headers["Location"], "sent twice is asked once"


def test_a_lead_asks_about_every_kind_of_thing(team: Raters) -> None:
    rating, lead = a_rating(), at_work(team.lead)
    page = lead.get(f"/workspace/ratings/about/{rating.intervention.slug}/")
    links = re.findall(r'href="(/workspace/ratings/ask/\?about=[^"]+)"', page.content.decode())
    assert len(links) >= 4
    for link in links:
        assert lead.get(link).status_code == 200, link
    told = {"about": rating.intervention_id, "scheme": "cerqual", "first": team.mia.pk, "second": team.noa.pk}
    assert "which qualitative finding" in said(lead.post("/workspace/ratings/ask/", told))
    made = lead.post("/workspace/ratings/ask/", told | {"finding": "Parents felt listened to."})
    assert "Parents felt listened to." in said(lead.get(made.headers["Location"]))


def test_who_steps_back_is_replaced_by_a_lead(team: Raters) -> None:
    held = asked(team)
    at = f"/workspace/ratings/{held.pk}/"
    at_work(team.mia).post(at, {"step": "interest", "what": "My brother runs it."})
    assert Interest.objects.get(user=team.mia).what == "My brother runs it."
    lead = at_work(team.lead)
    assert "Ratings that need another rater" in said(lead.get("/workspace/"))
    assert "My brother runs it." in said(lead.get("/workspace/interests/everybody/"))
    assert lead.post(at, {"step": "replace", "to": team.third.pk}).status_code == 302
    assert at_work(team.noa).post(at, {"step": "replace", "to": team.mia.pk}).status_code == 400
    assert [one.user_id for one in held.raters.filter(until=None).order_by("place")] == [team.noa.pk, team.third.pk]


def test_interests_are_ones_own_to_declare_and_withdraw(team: Raters) -> None:
    client, about = at_work(team.mia), a_rating().intervention_id
    refused = client.post("/workspace/interests/", {"about": about, "what": " "})
    assert refused.status_code == 400 and f'value="{about}" selected' in refused.content.decode()
    client.post("/workspace/interests/", {"about": about, "what": "I wrote its manual."})
    one = Interest.objects.get(user=team.mia)
    at = f"/workspace/interests/{one.pk}/withdraw/"
    assert at_work(team.noa).get(at).status_code == 404, "somebody else's"
    assert "takes words" in said(client.post(at, {"why": ""}))
    assert client.post(at, {"why": "It is another manual."}).status_code == 302
    assert "Withdrawn on" in said(client.get("/workspace/interests/"))
    assert not Interest.objects.standing().exists()
    assert at_work(team.noa).get("/workspace/interests/everybody/").status_code == 403


def test_agreement_is_told_with_a_word_of_caution(team: Raters) -> None:
    rating = a_rating()
    compared(team, (rating.result["level"],) * 2)
    told = said(at_work(team.lead).get("/workspace/ratings/agreement/"))
    assert "1 rated by two people to the end" in told and "can hardly be told from so few" in told
    assert "1 of 1" in told and "Kappa is not defined" in told
