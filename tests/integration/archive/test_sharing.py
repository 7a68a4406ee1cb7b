"""What pages of one build share is read once, and every page that uses it still rests on what was asked for it."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template

from whatworks.archive.asking import Noted, Shared, noting
from whatworks.ledger.sharing import once, shared
from whatworks.publish.models import Page, Revision
from whatworks.publish.views import newest_of

pytestmark = pytest.mark.django_db


def asked(noted: Noted) -> set[str]:
    assert noted.questions is not None
    return {sql for sql, _ in noted.questions}


def test_the_second_page_asks_nothing_and_rests_on_the_same(roads: None, django_assert_num_queries: Any) -> None:
    slug, held = Page.objects.order_by("slug")[0].slug, Shared()
    with noting(held) as first:
        page, revision = newest_of(slug)
    with noting(held) as second, django_assert_num_queries(0):
        assert newest_of(slug) == (page, revision)
    assert asked(first) == asked(second) != set()


def test_what_a_page_loads_through_a_shared_row_the_next_page_asks_for_too(roads: None) -> None:
    """A relation that was loaded stays with its row: on a shared row, the next page would rest on it and not say so."""
    slug, held = Page.objects.order_by("slug")[0].slug, Shared()
    with noting(held) as first:
        assert newest_of(slug)[1].subject
    with noting(held) as second:
        assert newest_of(slug)[1].subject
    assert asked(first) == asked(second) and len(asked(second)) == 2


def test_a_read_inside_another_is_told_to_both(roads: None) -> None:
    @shared
    def count() -> int:
        return Revision.objects.count()

    held = Shared()
    with noting(held) as inner:
        count()
    with noting(held) as outer:
        assert once(("twice",), lambda: 2 * count()) == 2 * Revision.objects.count()
    with noting(held) as again:
        once(("twice",), lambda: 0)
    assert asked(inner) == asked(outer) == asked(again) != set()


def test_what_cannot_be_asked_again_stays_so_for_every_page(roads: None) -> None:
    held = Shared()
    for _ in range(2):
        with noting(held) as noted:
            once(("changed",), lambda: Page.objects.filter(slug="nobody").update(title=""))
        assert noted.questions is None


def test_a_read_that_failed_is_not_kept(roads: None) -> None:
    held = Shared()
    with noting(held), pytest.raises(ZeroDivisionError):
        once(("failed",), lambda: 1 // 0)
    with noting(held):
        assert once(("failed",), lambda: 1) == 1


def test_outside_a_build_nothing_is_shared() -> None:
    assert once(("key",), lambda: 1) == 1
    assert once(("key",), lambda: 2) == 2


def test_a_part_that_two_pages_show_alike_is_rendered_once_in_a_build_and_each_time_outside() -> None:
    template = Template("{% load sharing %}{% alike 'part' number %}{{ said }}{% endalike %}")
    held = Shared()
    with noting(held):
        assert template.render(Context({"number": 1, "said": "first"})) == "first"
        assert template.render(Context({"number": 2, "said": "<other>"})) == "&lt;other&gt;"
    with noting(held):
        assert template.render(Context({"number": 1, "said": "second"})) == "first"
    assert template.render(Context({"number": 1, "said": "second"})) == "second"
