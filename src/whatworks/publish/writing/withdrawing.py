"""Taking a page out of use, with the reason, and putting it back. It stays at its address and says so."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from whatworks.errors import ConflictError, InputError
from whatworks.ledger.actions import record
from whatworks.ledger.fields import PUBLIC
from whatworks.ledger.sharing import shared
from whatworks.publish.models import Page, PageStanding
from whatworks.saying import dated, said
from whatworks.spoken import on_day


def withdrawn() -> dict[str, PageStanding]:
    """The pages that stand withdrawn, by identifier: lists and maps leave them out."""
    return PageStanding.objects.standing()


def standing_of(page: Page | str) -> PageStanding | None:
    """Why a page is withdrawn now; None where it is not."""
    last = _newest(page.pk if isinstance(page, Page) else page)
    return last if last and last.withdrawn else None


@shared
def _newest(page: str) -> PageStanding | None:
    return PageStanding.objects.filter(page=page).order_by("-number").first()


def history_of(page: Page | str) -> list[PageStanding]:
    """Every time a page was withdrawn or put back, newest first."""
    return list(PageStanding.objects.filter(page=page).order_by("-number"))


def notice_of(page: Page | str) -> dict[str, Any] | None:
    """What the page says at its top while it is withdrawn."""
    one = standing_of(page)
    return {"on": on_day(timezone.localtime(one.at)), "why": one.why} if one else None


def titled(one: PageStanding) -> str:
    """That a page was withdrawn or put back, as a headline: for feeds and letters."""
    return (_("%(title)s: withdrawn") if one.withdrawn else _("%(title)s: put back")) % {"title": one.page.title}


@transaction.atomic
def withdraw(*, by: str, page: Page, why: str) -> PageStanding:
    """Take a page out of use. Raises InputError without a reason, ConflictError where it is withdrawn or was never shown."""
    held = _last(page)
    if held and held.withdrawn:
        raise ConflictError(
            said(
                "“%(title)s” was withdrawn already on %(timezone)s.",
                title=page.title,
                timezone=dated(timezone.localtime(held.at)),
            )
        )
    if page.newest() is None:
        raise ConflictError(said("“%(title)s” was never published, so there is nothing to withdraw.", title=page.title))
    return _keep(by, page, held, why, withdrawn=True)


@transaction.atomic
def reinstate(*, by: str, page: Page, why: str) -> PageStanding:
    """Put a withdrawn page back into use. Raises InputError without a reason, ConflictError where it is not withdrawn."""
    held = _last(page)
    if held is None or not held.withdrawn:
        raise ConflictError(said("“%(title)s” is not withdrawn, so it need not be put back.", title=page.title))
    return _keep(by, page, held, why, withdrawn=False)


def _last(page: Page) -> PageStanding | None:
    """The last such row. Whoever asks holds the page, so that two people take turns."""
    Page.objects.select_for_update().get(pk=page.pk)
    return PageStanding.objects.filter(page=page).order_by("-number").first()


def _keep(by: str, page: Page, held: PageStanding | None, why: str, *, withdrawn: bool) -> PageStanding:
    if not why.strip():
        raise InputError(said("Say why in a sentence; readers see it on the page and in its history."))
    made = PageStanding.objects.create(
        id=PageStanding.fresh(),
        page=page,
        number=held.number + 1 if held else 1,
        withdrawn=withdrawn,
        why=why.strip(),
        by=by,
        at=timezone.now(),
    )
    verb = "publish.withdraw" if withdrawn else "publish.reinstate"
    record(verb=verb, by=by, about=[page], made=[made], payload={"why": made.why}, audience=PUBLIC)
    return made
