"""“What could it mean here?” in a centre of another sector: nothing in it is about families unless its pack is."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("roads")]


def section(client: Client, **asked: str) -> str:
    text = client.get("/evidence/slow-zones/", asked).content.decode()
    found = re.search(r'<section class="local".*?</section>', text, re.S)
    assert found
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"\s+", " ", found[0])))


def key(client: Client) -> str:
    found = re.search(r'value="(ana-[a-z0-9]+)"', client.get("/evidence/slow-zones/").content.decode())
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("number", "said"), [("100", True), ("1,000", True), ("0", False), ("2000000", False), ("x", False)]
)
def test_numbers_are_answered_in_its_own_words(client: Client, number: str, said: bool) -> None:
    shown = section(client, outcome=key(client), counted="junctions", number=number, offered="no")
    words = r"If [0-9,]+ junctions like those in the (trials|studies) were offered this here, .* might have a serious injury"
    assert bool(re.search(words, shown)) == said
    assert ("There is a problem" in shown) != said


def test_it_asks_for_what_its_own_studies_count(client: Client) -> None:
    shown = section(client)
    assert "Junctions" in shown and "The usual limit" in shown
    assert not re.search(r"famil|young|care\b", shown)
