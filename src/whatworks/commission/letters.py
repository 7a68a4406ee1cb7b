"""Letters about applications: plain text, to the address that somebody gave, with nothing in them that others should not read."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.mail import send_mail
from django.utils.translation import gettext as _

from whatworks.commission.models import Application, Call


def invitation(*, application: Application, email: str, link: str, days: int) -> None:
    """The link with which an author comes in."""
    told = {"title": application.call.title, "link": link, "days": days}
    text = _(
        "You are asked to write an application to the call “%(title)s”.\n\nOpen this link to begin, or to go on:\n%(link)s\n\n"
        "It works once, for %(days)s days. After that you sign in with your address and your password.\n"
        "If you did not expect this letter, do nothing: without the link nothing happens."
    )
    send_mail(_("Your application: %(title)s") % told, text % told, None, [email])


def handed_in(*, application: Application, emails: Iterable[str]) -> None:
    """That an application came in, and when."""
    told = {"title": application.call.title}
    text = _(
        "Your application to the call “%(title)s” is in. You can take it back and change it until the call closes."
    )
    for email in emails:
        send_mail(_("It is in: %(title)s") % told, text % told, None, [email])


def decided(*, call: Call, link: str) -> None:
    """That a decision is on each applicant's own page. The letter does not say which."""
    told = {"title": call.title, "link": link}
    text = _(
        "The call “%(title)s” is decided. Sign in to read the decision on your application and our feedback:\n%(link)s"
    )
    for one in call.applications.exclude(state="draft").prefetch_related("authors"):
        for author in one.authors.all():
            send_mail(_("A decision on your application: %(title)s") % told, text % told, None, [author.email])
