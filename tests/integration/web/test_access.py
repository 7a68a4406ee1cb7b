"""Who may do what in the workspace: the role that has the permission, nobody else, and those are told whom to ask."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from tests.architecture.test_addresses import CLOSED, example, policy
from whatworks.errors import ConflictError, ForbiddenError, InputError
from whatworks.extract.models import Contrast
from whatworks.ledger.models import Event, Payload
from whatworks.people.access import NOBODY, PUBLIC, SIGNED_IN, access, policy_of
from whatworks.people.actions import add_user
from whatworks.people.models import User
from whatworks.people.roles import granted, holders, roles
from whatworks.publish.models import Page, Revision
from whatworks.rate.models import Assessment, Rating
from whatworks.web.middleware import guard

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roads")]

ADDRESSES = [
    ("/" + address.removesuffix(str(pattern.pattern)) + example(pattern), str(policy(pattern)))
    for address, pattern in CLOSED
]


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    """A password takes half a second to keep safely, which is not what is tested here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def person(*held: str, email: str = "somebody@example.org") -> User:
    return add_user(by="test", email=email, roles=held)[0]


def signed_in(*held: str) -> Client:
    client = Client()
    client.force_login(person(*held))
    return client


def said(response: HttpResponse) -> str:
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", response.content.decode())).split())


@pytest.mark.parametrize("role", [*roles(), ""], ids=lambda role: role or "no role")
def test_each_role_enters_what_it_may_and_nothing_else(role: str) -> None:
    """An address that exists nowhere: who may enter hears that it is not there, who may not hears whom to ask."""
    client = signed_in(*([role] if role else []))
    for address, needed in ADDRESSES:
        response = client.get(address)
        allowed = needed == SIGNED_IN or (role and needed in roles()[role].may)
        assert (response.status_code == 403) == (not allowed), address
        if not allowed:
            assert f"This needs the role {' or '.join(holders(needed))}; ask an administrator." in said(response)


def test_there_are_closed_addresses_and_a_role_for_each() -> None:
    assert len(ADDRESSES) >= 5
    assert [address for address, needed in ADDRESSES if needed != SIGNED_IN and not holders(needed)] == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_reader_is_sent_to_sign_in_and_back(method: str) -> None:
    response = getattr(Client(), method)("/workspace/")
    assert (response.status_code, response.headers["Location"]) == (302, "/account/login/?next=/workspace/")


def test_somebody_who_left_is_a_stranger_again() -> None:
    client = Client()
    user = person("coder", "editor", "rater", "administrator")
    client.force_login(user)
    assert client.get("/workspace/").status_code == 200
    user.is_active = False
    user.save()
    assert client.get("/workspace/").status_code in (302, 403)
    assert not user.may("workspace.enter")


@pytest.mark.parametrize("role", ["editor", "rater", "administrator"])
def test_only_a_coder_corrects_a_raw_number(role: str) -> None:
    contrast = Contrast.objects.exclude(formula="").first()
    assert contrast is not None
    before = Event.objects.count()
    response = signed_in(role).post(f"/workspace/correct/{contrast.pk}/", {"events1": 1, "reason": "No."})
    assert response.status_code == 403 and "the role Coder" in said(response)
    assert Contrast.objects.get(pk=contrast.pk).inputs == contrast.inputs
    assert not Event.objects.filter(verb="extract.correct").exists() and Event.objects.count() <= before + 1


@pytest.mark.parametrize("role", ["editor", "coder", "rater", "approver"])
def test_only_a_lead_asks_people_to_rate(role: str) -> None:
    rating = Rating.objects.current().first()
    assert rating is not None
    response = signed_in(role).post("/workspace/ratings/ask/", {"about": rating.pk})
    assert response.status_code == 403 and "the role Lead of reviews" in said(response)
    assert not Assessment.objects.exists()


def corrected() -> Page:
    """A page with a draft that waits, after a coder's correction by the form."""
    contrast = Contrast.objects.exclude(formula="").first()
    assert contrast is not None
    client = Client()
    client.force_login(person("coder", email="coder@example.org"))
    given = contrast.inputs | {"events1": 1, "reason": "Table 2 prints 1."}
    assert client.post(f"/workspace/correct/{contrast.pk}/", given).status_code == 302
    return Page.objects.get(draft__isnull=False)


@pytest.mark.parametrize("role", ["coder", "rater", "administrator"])
def test_only_an_editor_publishes_and_others_are_told_so(role: str) -> None:
    page = corrected()
    client = signed_in(role)
    address = f"/workspace/drafts/{page.pk}/"
    assert "Approving needs the role Editor" in said(client.get(address))
    client.post(address, {"what_changed": "Mine.", "seen": "", "decision": "approve"})
    assert Revision.objects.filter(page=page).count() == 1


def test_an_editor_publishes_what_they_read() -> None:
    page = corrected()
    client = signed_in("editor")
    address = f"/workspace/drafts/{page.pk}/"
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', client.get(address).content.decode())
    assert seen
    response = client.post(address, {"what_changed": "A count was put right.", "seen": seen[1]})
    assert (response.status_code, response.headers["Location"]) == (302, "/evidence/slow-zones/")
    assert page.newest().number == 2  # type: ignore[union-attr]
    assert page.newest().approved_by.startswith("usr-"), "an opaque name"  # type: ignore[union-attr]


def test_a_form_from_elsewhere_is_refused() -> None:
    """Another site could make an editor's browser send it."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("coder", "lead"))
    rating = Rating.objects.current().first()
    assert rating is not None
    assert client.post("/workspace/ratings/ask/", {"about": rating.pk}).status_code == 403
    assert not Assessment.objects.exists()


def test_signing_in_leaves_an_event_that_names_nobody(client: Client) -> None:
    user, password = add_user(by="test", email="jo@example.org", roles=["editor"], name="Jo")
    response = client.post("/account/login/", {"login": "jo@example.org", "password": password})
    assert (response.status_code, response.headers["Location"]) == (302, "/workspace/")
    event = Event.objects.get(verb="people.sign-in")
    assert (event.actor, event.stream) == (user.pk, "node")
    assert not Payload.objects.filter(body__icontains="jo@").exists()
    cookies = [response.cookies[name] for name in ("sessionid",)]
    assert all(one["httponly"] and one["samesite"] == "Lax" for one in cookies)


def test_a_wrong_password_opens_nothing(client: Client) -> None:
    add_user(by="test", email="jo@example.org", roles=["editor"])
    assert client.post("/account/login/", {"login": "jo@example.org", "password": "guess"}).status_code == 200
    assert client.get("/workspace/").status_code == 302


def test_nobody_signs_themselves_up(client: Client) -> None:
    given = {"email": "new@example.org", "password1": "a-long-password-1", "password2": "a-long-password-1"}
    response = client.post("/account/signup/", given)
    assert response.status_code in (200, 403)
    assert not User.objects.filter(email="new@example.org").exists()


@access(PUBLIC)
def declared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


def test_a_view_that_nobody_declared_is_served_to_nobody() -> None:
    """Forgetting to say who may use an address must close it, not open it."""
    request = RequestFactory().get("/new/")
    request.user = person(*roles())
    response = guard(undeclared).process_view(request, undeclared, [], {})
    assert (policy_of(undeclared), policy_of(declared)) == (NOBODY, PUBLIC)
    assert response is not None and response.status_code == 403
    assert "This needs the role nobody" in said(response)
    assert guard(declared).process_view(request, declared, [], {}) is None


@pytest.mark.parametrize(
    ("error", "status"), [(InputError, 400), (ForbiddenError, 403), (ConflictError, 409)], ids=lambda one: str(one)
)
def test_what_a_user_can_mend_is_one_sentence_with_its_status(error: type[InputError], status: int) -> None:
    request = RequestFactory().get("/")
    request.user = person()
    response = guard(declared).process_exception(request, error("The row is <gone>; choose another."))
    assert response is not None and response.status_code == status
    assert "The row is &lt;gone&gt;; choose another." in response.content.decode()


def test_a_defect_is_not_made_a_sentence() -> None:
    """It must be seen, and mended."""
    assert guard(declared).process_exception(RequestFactory().get("/"), ZeroDivisionError()) is None


def test_an_unknown_role_allows_nothing() -> None:
    assert granted(["emperor"]) == granted([]) == frozenset()
    assert "extract.correct" in granted(["emperor", "coder"])


@pytest.mark.parametrize(
    ("held", "way"),
    [(["editor"], "/workspace/"), (["applicant"], "/applications/"), ([], "/workspace/learning-record/")],
    ids=["editor", "applicant", "no role"],
)
def test_signing_in_leads_to_what_is_ones_own(client: Client, held: list[str], way: str) -> None:
    """Nobody's first page is one that refuses them, and the bar at the top leads there too."""
    _user, password = add_user(by="test", email="new@example.org", roles=held)
    response = client.post("/account/login/", {"login": "new@example.org", "password": password})
    assert (response.status_code, response.headers["Location"]) == (302, way)
    assert client.get(way).status_code == 200
    front = client.get("/").content.decode()
    assert f'href="{way}"' in front and ('href="/workspace/"' in front) == (way == "/workspace/")
