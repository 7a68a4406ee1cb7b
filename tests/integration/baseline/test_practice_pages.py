"""Pages of the practice map: open to everybody or to its keepers alone, and what was typed stays when it is refused."""

from __future__ import annotations

import base64
import datetime
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.integration.baseline.practised import BY, meetings, mentors, place, word
from whatworks.baseline.models import Practice, Round, Standing
from whatworks.baseline.practising import correct_standing, say_standing
from whatworks.baseline.surveying import open_round
from whatworks.ledger.sections import about
from whatworks.people.actions import add_user
from whatworks.people.roles import roles
from whatworks.scope.models import Intervention, Theme

pytestmark = pytest.mark.django_db
WELL = {
    "area": "X99000001", "practice": "mentors", "status": "doing", "on": "2026-03", "source": "A call",
    "said_by": "head of service",
}  # fmt: skip


@pytest.fixture
def keeper(client: Client) -> Client:
    user, _ = add_user(by=BY, email="jo@fernshire.example", roles=["places"])
    client.force_login(user)
    place(1), meetings(), mentors()
    return client


def text(response: object) -> str:
    """What a page says, without its tags, blanks made one."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())  # type: ignore[attr-defined]


def survey() -> Round:
    told = {
        "name": "Spring",
        "question": "Do you?",
        "areas": [place(1), place(2)],
        "practices": [meetings(), mentors()],
    }
    return open_round(by=BY, **told)


def test_the_role_may_keep_the_map_and_no_more() -> None:
    assert roles()["places"].may == {"workspace.enter", "baseline.practise"}


def test_who_may_not_is_refused_before_anything_is_looked_up(client: Client) -> None:
    user, _ = add_user(by=BY, email="coder@fernshire.example", roles=["coder"])
    client.force_login(user)
    for name in ("practice_work", "say_standing", "practice_table", "open_round", "add_practice"):
        assert client.get(reverse(name)).status_code == 403, name


def test_the_workspace_leads_to_the_map(keeper: Client) -> None:
    assert reverse("practice_work") in keeper.get(reverse("workspace")).content.decode()


def test_a_word_is_said_on_the_form_and_read_by_everybody(keeper: Client) -> None:
    answer = keeper.post(reverse("say_standing"), WELL | {"cost": "2600 GBP 2024", "cost_of": "a year"}, follow=True)
    assert "Kept: Mentors in Fernshire." in text(answer)
    page = text(Client().get(reverse("practice", args=["mentors"])))
    assert "1 of 4 places is known to do this; of 3 we do not know." in page
    assert "£2,600, in prices of 2024 (a year)" in page
    assert "As of March 2026. Said by head of service. From: A call" in page


def test_what_was_typed_stays_when_it_is_refused(keeper: Client) -> None:
    answer = keeper.post(reverse("say_standing"), WELL | {"on": "25/01/2019", "scale": "two teams", "area": "nowhere"})
    assert answer.status_code == 400
    assert "Choose a place from the list." in text(answer)
    answer = keeper.post(reverse("say_standing"), WELL | {"on": "25/01/2019", "scale": "two teams"})
    assert "write 2019-01-25" in text(answer)
    assert 'value="two teams"' in answer.content.decode()
    assert not Standing.objects.exists()


def test_a_correction_shows_both_and_why(keeper: Client) -> None:
    said = say_standing(by=BY, area=place(1), practice=mentors(), word=word())
    address = reverse("correct_standing", args=[said.pk])
    assert "head of service" in keeper.get(address).content.decode()
    changed = {**WELL, "status": "stopped", "why": ""}
    assert keeper.post(address, changed).status_code == 400
    keeper.post(address, changed | {"why": "They misheard."})
    page = text(Client().get(reverse("practice", args=["mentors"])))
    assert "Stopped it: 1" in page
    assert "Does it. Corrected since: They misheard." in page
    assert keeper.post(address, changed | {"why": "Again."}).status_code == 400, "it was corrected already"


def test_a_practice_is_added_on_the_form(keeper: Client) -> None:
    told = {"name": "Home visits", "plain": "Somebody comes home.", "intervention": ""}
    assert keeper.post(reverse("add_practice"), told, follow=True).status_code == 200
    assert Practice.objects.filter(slug="home-visits").exists()
    assert keeper.post(reverse("add_practice"), {"name": "???", "plain": "x"}).status_code == 400


def upload(keeper: Client, rows: str) -> object:
    body = f"place,practice,status,on,source,said by\n{rows}\n".encode()
    return keeper.post(reverse("practice_table"), {"file": SimpleUploadedFile("map.csv", body)})


def test_a_table_is_looked_at_first_and_taken_as_it_was_seen(keeper: Client) -> None:
    wrong = upload(keeper, "Fernshire,mentors,often,2020,A call,x")
    assert wrong.status_code == 400
    assert "Nothing was taken from map.csv. One thing is wrong." in text(wrong)
    assert "Line 2: “often” is no status" in text(wrong)
    seen = upload(keeper, "Fernshire,mentors,doing,2020,A call,x")
    assert "1 new word" in text(seen)
    assert not Standing.objects.exists()
    body = re.search(r'name="body" value="([^"]+)"', seen.content.decode())[1]
    took = keeper.post(reverse("practice_table"), {"step": "take", "name": "map.csv", "body": body}, follow=True)
    assert "1 word taken from map.csv." in text(took)
    again = keeper.post(reverse("practice_table"), {"step": "take", "name": "map.csv", "body": body}, follow=True)
    assert "Everything in map.csv is held already." in text(again)


def test_a_body_that_was_meddled_with_is_refused_in_a_sentence(keeper: Client) -> None:
    for body in ("%%%", base64.b64encode(b"nothing").decode(), ""):
        answer = keeper.post(reverse("practice_table"), {"step": "take", "name": "map.csv", "body": body})
        assert answer.status_code == 400
        assert "names no column place" in text(answer)
    assert "Choose a file." in text(keeper.post(reverse("practice_table"), {}))


def test_an_empty_table_has_the_head_that_is_read_back(keeper: Client) -> None:
    head = keeper.get(reverse("practice_table_empty")).content.decode("utf-8-sig").strip()
    assert head.startswith("place,practice,status,on,source,said_by,since")


def test_a_round_is_opened_for_all_places_or_some(keeper: Client) -> None:
    told = {"name": "Spring", "question": "Do you?", "practices": [mentors().pk], "opened_on": timezone.localdate()}
    keeper.post(reverse("open_round"), told | {"who": "all"})
    assert len(Round.objects.get(name="Spring").areas) == 4
    keeper.post(reverse("open_round"), told | {"name": "Some", "who": "some", "places": "mereton\r\nX99000001\r\n"})
    assert sorted(Round.objects.get(name="Some").areas) == sorted([place(1).pk, place(2).pk])
    wrong = keeper.post(reverse("open_round"), told | {"name": "None", "who": "some", "places": "Nowhere"})
    assert "code or the name “Nowhere”" in text(wrong)
    assert "Name the places" in text(keeper.post(reverse("open_round"), told | {"name": "None", "who": "some"}))


def test_a_reply_is_entered_and_the_round_closed(keeper: Client) -> None:
    held = survey()
    address = reverse("answer_round", args=[held.pk, "X99000001"])
    told = {"on": timezone.localdate(), "said_by": "head of service", "mentors-status": "doing"}
    wrong = keeper.post(address, told | {"mentors-since": "soon"})
    assert wrong.status_code == 400
    assert "Meetings of families: How does it stand there? Choose how it stands" in text(wrong)
    wrong = keeper.post(address, told | {"mentors-since": "soon", "meetings-of-families-status": "tried"})
    assert "Mentors: Since when? (optional) “soon” is no date" in text(wrong)
    keeper.post(address, told | {"meetings-of-families-status": "not-known"})
    page = text(keeper.get(reverse("round_work", args=[held.pk])))
    assert "1 of 2 places asked have answered so far (50%)." in page
    keeper.post(reverse("close_round", args=[held.pk]))
    page = text(Client().get(reverse("practice_round", args=[held.pk])))
    assert "Who did not answer 1 of 2. Of these places the round tells nothing. Mereton" in page
    late = keeper.post(
        reverse("answer_round", args=[held.pk, "X99000002"]), told | {"meetings-of-families-status": "tried"}
    )
    assert (late.status_code, "was closed on" in text(late)) == (400, True)


def test_the_list_counts_what_is_not_known(keeper: Client) -> None:
    say_standing(by=BY, area=place(1), practice=mentors(), word=word())
    page = text(Client().get(reverse("practices")))
    assert "2 ways of working, and which of 4 places are known to do them." in page
    assert "Mentors 1 3 0 0 0" in page


def test_every_word_is_downloaded_the_replaced_ones_too(keeper: Client) -> None:
    said = say_standing(by=BY, area=place(1), practice=mentors(), word=word())
    correct_standing(by=BY, standing=said, word=word("tried"), why="They misheard.")
    body = Client().get(reverse("practice_csv", args=["mentors"])).content.decode("utf-8-sig")
    assert [line.split(",")[3] for line in body.splitlines()[1:]] == ["doing", "tried"]
    assert "replaced,They misheard." in body


def test_an_intervention_shows_who_does_it() -> None:
    theme = Theme.objects.register(Theme.derived("t"), slug="t", name="T", line="T", order=1)
    told = {"slug": "mentors", "name": "Mentors", "theme": theme}
    held = Intervention.objects.register(Intervention.derived("mentors"), **told)
    assert [one for one in about("intervention", held.pk) if one.title == "Who does this"] == []
    from whatworks.baseline.practising import add_practice

    made = add_practice(by=BY, name="Mentors here", plain="As studied.", intervention=held)
    say_standing(by=BY, area=place(1), practice=made, word=word(since="2019"))
    (section,) = [one for one in about("intervention", held.pk) if one.title == "Who does this"]
    assert "1 of 4 places is known to do this; of 3 we do not know." in section.html
    assert "Fernshire" in section.html


def test_nothing_from_a_pack_can_run_a_script(keeper: Client) -> None:
    """Rows of a pack are not checked as words are."""
    told = {"status": "doing", "on": "2020", "source": "<script>", "source_url": "javascript:alert(1)", "said_by": "x"}
    at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    Standing.objects.create(id=Standing.fresh(), area=place(1), practice=mentors(), entered_at=at, **told)
    page = Client().get(reverse("practice", args=["mentors"])).content.decode()
    assert "javascript:" not in page
    assert "<script>" not in page
