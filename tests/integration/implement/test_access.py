"""Who may see which page of a site: every address by role, for a site of one's own and another's."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.integration.implement.places import BY, site_at
from whatworks.implement.models import Site
from whatworks.implement.opening import add_member, agree_to_show
from whatworks.people.actions import add_user
from whatworks.people.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roads")]
AT = ("site_work", "site_plan", "site_form", "site_adapt", "site_tests", "site_ready")


def signed_in(*roles: str) -> tuple[Client, User]:
    user, _ = add_user(by="test", email=f"{'-'.join(roles)}@fernshire.example", roles=roles)
    client = Client()
    client.force_login(user)
    return client, user


def own_and_other(user: User) -> tuple[Site, Site]:
    own, other = site_at("Brookfield"), site_at("Larkmere")
    add_member(by=BY, site=own, who=user.email)
    return own, other


def answers(client: Client, site: Site) -> set[int]:
    return {client.get(reverse(name, args=[site.slug])).status_code for name in AT}


def test_the_lead_of_a_site_enters_their_own_and_no_other() -> None:
    """Another's site answers as one that does not exist, so that nobody learns which there are."""
    client, user = signed_in("site")
    own, other = own_and_other(user)
    assert answers(client, own) == {200}
    assert answers(client, other) == {404}
    assert client.post(reverse("site_work", args=[other.slug]), {"step": "show"}).status_code == 404
    assert not Site.objects.get(pk=other.pk).shown
    listed = client.get(reverse("sites_work")).content.decode()
    assert "Brookfield" in listed and "Larkmere" not in listed
    for name in ("site_open", "site_warnings"):
        assert client.get(reverse(name)).status_code == 403


def test_a_keeper_enters_every_site_and_a_statistician_none() -> None:
    keeper, user = signed_in("keeper")
    own, other = own_and_other(user)
    assert answers(keeper, other) == {200} and keeper.get(reverse("site_open")).status_code == 200
    statistician, _ = signed_in("statistician")
    assert answers(statistician, own) == {403} and statistician.get(reverse("site_warnings")).status_code == 200
    screener, _ = signed_in("screener")
    assert answers(screener, own) == {403} and screener.get(reverse("sites_work")).status_code == 403


def test_a_row_of_another_site_cannot_be_named_in_a_form() -> None:
    from whatworks.implement import improving

    client, user = signed_in("site")
    own, other = own_and_other(user)
    barrier = improving.add_barrier(by=BY, site=other, part="social-opportunity", title="No room")
    answer = client.post(reverse("site_ready", args=[own.slug]), {"step": "clear", "which": barrier.pk})
    barrier.refresh_from_db()
    assert answer.status_code == 404 and barrier.gone_on is None


def test_everybody_sees_what_agreed_to_be_shown_and_nothing_else() -> None:
    site = site_at("Mereton")
    client = Client()
    assert client.get(reverse("site", args=[site.slug])).status_code == 404
    agree_to_show(by=BY, site=site, shown=True)
    page = client.get(reverse("site", args=[site.slug])).content.decode()
    assert "Mereton" in page and "made-up place" in page
    assert "Mereton" in client.get(reverse("sites")).content.decode()
    assert "Mereton" in client.get(reverse("page", args=[site.revision.page.slug])).content.decode()


def test_a_code_is_in_no_address_and_a_wrong_one_is_told() -> None:
    from whatworks.implement import asking

    site = site_at()
    wave, codes = asking.open_wave(by=BY, site=site, key="oric-1", asked=5)
    client = Client()
    assert client.post(reverse("readiness"), {"code": "nonsense"}).status_code == 400
    asked = client.post(reverse("readiness"), {"code": codes[0]})
    assert asked.status_code == 200 and "how far do you agree" in asked.content.decode().lower()
    done = client.post(reverse("readiness"), {"code": codes[0], "answers": "yes", "c1": "4", "e1": "2"})
    assert done.status_code == 200 and list(wave.answers.values_list("given", flat=True)) == [{"c1": 4, "e1": 2}]
    assert client.post(reverse("readiness"), {"code": codes[0]}).status_code == 400


def test_a_machine_that_fills_in_the_trap_is_thanked_and_nothing_is_kept() -> None:
    from whatworks.implement.models import PracticeQuestion

    site = site_at()
    where = reverse("community", args=[site.revision.page.slug])
    told = {"words": "Buy my course.", "website": "https://spam.example"}
    assert Client().post(where, told).status_code == 302
    assert not PracticeQuestion.objects.exists()


def test_an_open_pack_holds_no_site_that_did_not_agree(tmp_path: object) -> None:
    from tests.integration.implement.places import counts
    from whatworks.implement.delivering import send_form
    from whatworks.implement.pack import TABLES

    hidden, shown = site_at("Mereton"), site_at("Larkmere")
    for site in (hidden, shown):
        send_form(by=BY, site=site, period="2026-02", done=counts((1, 1), (1, 1)), dose=1, people=2, note="A note.")
    agree_to_show(by=BY, site=shown, shown=True)
    files = {name: text for table in TABLES for name, text in table.files("open")}
    everything = "".join(files.values())
    assert "Larkmere" in everything and "Mereton" not in everything and hidden.pk not in everything
    assert set(files) == {"implement/sites.csv", "implement/phases.csv", "implement/plans.csv", "implement/forms.csv"}
    assert "people" not in files["implement/forms.csv"].splitlines()[0]
    whole = {name for table in TABLES for name, _ in table.files("move")}
    assert (
        "implement/sites.csv" in whole
        and "people"
        in dict(pair for table in TABLES for pair in table.files("move"))["implement/forms.csv"].splitlines()[0]
    )
