"""Which sites may be seen, by whom: everybody sees those that agreed, their own team and the keepers of sites see the rest."""

from __future__ import annotations

from whatworks.implement.mapping import concealed
from whatworks.implement.models import Site, SiteMember
from whatworks.people.models import User

KEEP, TEAM = "implement.keep", "implement.site"


def shown() -> list[Site]:
    """Sites that agreed to be shown, by name, without those whose arm of a trial is not told yet."""
    held = Site.objects.open_to_all().select_related("revision__page", "area", "award", "trial", "practice")
    return [site for site in held if not concealed(site)]


def leaving() -> list[Site]:
    """Sites that may leave in an open pack: those that are shown, and those that ship to be shown."""
    held = Site.objects.filter(shown=True).select_related("trial").order_by("pk")
    return [site for site in held if not concealed(site)]


def shown_site(slug: str) -> Site | None:
    """One that everybody may see; None for any other, whether there is one or not."""
    held = (
        Site.objects.open_to_all()
        .select_related("revision__page", "area", "trial", "practice")
        .filter(slug=slug)
        .first()
    )
    return None if held is None or concealed(held) else held


def may_work(user: User, site: Site) -> bool:
    """Whether somebody may work at a site: a keeper of sites at all of them, others where they are in the team."""
    return user.may(KEEP) or (user.may(TEAM) and SiteMember.objects.filter(site=site, user=user).exists())


def working(user: User) -> list[Site]:
    """The sites at which somebody may work, by name."""
    held = Site.objects.exclude(revision=None).order_by("name", "pk") if user.may(KEEP) else Site.objects.of(user)
    return list(held.select_related("revision__page", "trial")) if user.may(KEEP) or user.may(TEAM) else []
