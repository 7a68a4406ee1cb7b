"""A letter's link in the browser's terms: looking uses nothing up, the button does, and the way leads to the application."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from tools.founding_commission import RULES
from whatworks.commission import calling
from whatworks.commission.models import Author

pytestmark = pytest.mark.django_db


def test_the_way_in_by_a_letter(settings: Any) -> None:
    """Scanners follow links: only the button may use one up. A machine that fills in the hidden field gets no letter."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    text = RULES.replace("2026-03-02", "2020-03-02").replace("2026-04-10", "2099-04-10")
    call = calling.open_call(by="usr:t", title="More help", text=text, demonstration=True)
    calling.publish(by="usr:t", call=call)
    client = Client()
    told = {"body": "Mereton Market", "email": "market@mereton.example"}
    client.post(f"/calls/{call.slug}/apply/", {**told, "website": "x"})
    assert mail.outbox == [] and not Author.objects.exists()
    assert client.post(f"/calls/{call.slug}/apply/", told).status_code == 200
    link = re.search(r"/applications/join/\S+", mail.outbox[0].body)
    assert link is not None
    assert [client.get(link.group()).status_code for _ in range(2)] == [200, 200]
    weak = client.post(link.group(), {"password": "1234"})
    assert weak.status_code == 400
    answer = client.post(link.group(), {"password": "lamp river seventeen"}, follow=True)
    assert answer.status_code == 200 and b"What would it cost" in answer.content, answer.content
    assert client.get(link.group()).status_code == 410
    assert client.get("/workspace/calls/").status_code == 403
