"""Calls and what came of them, in words and numbers for pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from whatworks.commission.methods.rules import Rules, read
from whatworks.commission.methods.workflow import AWARD, CALL
from whatworks.commission.models import Award, Call, CallOutcome
from whatworks.commission.summary import facts, money
from whatworks.spoken import spoken


def calls_list() -> list[dict[str, Any]]:
    """Every call that readers see: open ones first, then the newest."""
    rows = [_entry(one) for one in Call.objects.shown()]
    return sorted(rows, key=lambda one: one["state"] != "open")


def _entry(call: Call) -> dict[str, Any]:
    rules = read(standing.text) if (standing := call.standing()) else None
    first = call.facts.order_by("order").first()
    return {
        "slug": call.slug, "title": call.title, "state": call.state, "label": label(call), "demonstration": call.demonstration,
        "plain": rules.about.plain if rules else first.told if first else "",
        "closes": moment(rules.about.closes) if rules else "", "elsewhere": call.elsewhere,
        "awards": call.awards.count(),
    }  # fmt: skip


def label(call: Call) -> str:
    """What readers are told of a call's state."""
    return _("Decided, as published") if call.elsewhere else spoken(CALL[call.state].public)


def moment(at: Any) -> str:
    """A time in words, in the centre's zone."""
    return date_format(timezone.localtime(at), "j F Y, H:i")


def call_page(call: Call) -> dict[str, Any]:
    """One call for everybody."""
    versions = call.versions.exclude(lock=None).select_related("lock").order_by("-number")
    rules = read(versions[0].text) if versions else None
    outcome = CallOutcome.objects.filter(call=call).first()
    decided = call.state == "decided"
    return {
        **_entry(call),
        "rules": rules,
        "dates": list(_dates(rules)) if rules else [],
        "money": money(rules.about.budget) if rules else "",
        "scope": _scope(rules) if rules else "",
        "quotas": list(_quotas(rules)) if rules else [],
        "open": call.state == "open"
        and rules is not None
        and rules.about.opens <= timezone.now() <= rules.about.closes,
        "versions": versions,
        "facts": call.facts.order_by("order", "pk"),
        "awards": [_award(one) for one in call.awards.order_by("body", "pk")] if decided else [],
        "outcome": told(outcome) if outcome else None,
        "lot": decided and hasattr(call, "lot_draw"),
        "commitments": call.lot_commitments.order_by("number"),
    }


def _dates(rules: Rules) -> Iterator[tuple[str, str]]:
    yield _("Opens"), moment(rules.about.opens)
    yield _("Closes"), moment(rules.about.closes)
    if rules.about.decided_by:
        yield _("Decided by"), moment(rules.about.decided_by)


def _scope(rules: Rules) -> str:
    least, most = rules.about.least, rules.about.most
    if least == most:
        return ngettext("%(most)s award", "%(most)s awards", most) % {"most": most}
    if least:
        return _("%(least)s to %(most)s awards") % {"least": least, "most": most}
    return ngettext("At most %(most)s award", "At most %(most)s awards", most) % {"most": most}


def _quotas(rules: Rules) -> Iterator[str]:
    titles = {one.key: one.title for one in rules.groups}
    for one in rules.quotas:
        values = {"group": titles[one.group], "value": one.value, "least": one.least, "most": one.most}
        if one.most is None:
            yield _("%(group)s: at least %(least)s of “%(value)s”.") % values
        elif one.least == one.most:
            yield _("%(group)s: %(least)s of “%(value)s”.") % values
        else:
            yield _("%(group)s: %(least)s to %(most)s of “%(value)s”.") % values


def _award(award: Award) -> dict[str, Any]:
    return {
        "id": award.pk, "body": award.body, "title": award.title, "reasons": award.reasons, "facts": list(facts(award)),
        "label": spoken(AWARD[award.state].public), "amount": money(award.amount, award.currency), "area": award.area,
        "source": award.source, "source_url": award.source_url, "kind": ", ".join(award.groups.values()),
    }  # fmt: skip


def told(outcome: CallOutcome) -> dict[str, Any]:
    """What came of a call, in sentences: counts, coverage, agreement, the price of breadth."""
    return {
        "counts": list(_counts(outcome.counts)),
        "coverage": outcome.coverage.get("groups", {}),
        "few": outcome.coverage.get("few"),
        "authorities": _authorities(outcome.coverage.get("authorities")),
        "agreement": list(agreement(outcome.reliability)),
        "breadth": list(_breadth(outcome.breadth)),
    }


def _counts(counts: dict[str, int]) -> Iterator[str]:
    yield ngettext("%(n)s application came in.", "%(n)s applications came in.", counts["received"]) % {
        "n": counts["received"]
    }
    yield _("%(n)s passed the gateways, and %(chosen)s were chosen.") % {
        "n": counts["eligible"],
        "chosen": counts["chosen"],
    }
    if counts["departures"]:
        yield ngettext(
            "%(n)s decision departed from what the scores and rules gave; the reason is on record.",
            "%(n)s decisions departed from what the scores and rules gave; the reasons are on record.",
            counts["departures"],
        ) % {"n": counts["departures"]}
    else:
        yield _("No decision departed from what the scores and rules gave.")


def _authorities(held: dict[str, Any] | None) -> str:
    if not held:
        return ""
    values = {"n": held["applied"], "of": held["of"], "left": held["of"] - held["applied"]}
    line = _("%(n)s of %(of)s authorities applied; %(left)s did not.") % values
    return line if held["confirmed"] else f"{line} {_('The number of authorities is not yet compared with a source.')}"


def agreement(held: dict[str, Any]) -> Iterator[str]:
    """How far assessors agreed, in sentences."""
    if "icc" not in held:
        yield _("How far assessors agreed could not be computed.")
        return
    numbers = {name: f"{held[name]:.2f}" for name in ("icc", "low", "high", "of_mean", "of_mean_low", "of_mean_high")}
    yield _(
        "Of all the differences between single scores, %(n)s in 100 were between applications; the rest came from who scored "
        "and from chance."
    ) % {"n": round(100 * held["icc"])}
    yield _("Agreement of one score (ICC): %(icc)s, 95%% interval %(low)s to %(high)s.") % numbers
    yield _("Reliability of an application's mean (about %(k)s scores): %(of_mean)s, %(of_mean_low)s to %(of_mean_high)s.") % {
        **numbers, "k": f"{held['usual']:.1f}",
    }  # fmt: skip
    if held.get("tied"):
        yield ngettext(
            "%(n)s application could not be told apart from the line between chosen and not.",
            "%(n)s applications could not be told apart from the line between chosen and not.",
            held["tied"],
        ) % {"n": held["tied"]}
    if held.get("steady") is not None:
        yield (
            _("The same applications came first however the criteria were weighed.")
            if held["steady"]
            else _("Other weights of the criteria would have put others first.")
        )


def _breadth(held: dict[str, Any]) -> Iterator[str]:
    if "price" not in held:
        yield _("What breadth cost could not be computed.")
        return
    share = 100 * held["price"] / held["free"] if held["free"] else 0.0
    if held["price"] <= 0:
        yield _("Nothing was given up to widen coverage: the best set fulfils the rules anyway.")
    else:
        yield _("Score given up to widen coverage: %(price)s of %(free)s points (%(share)s%%).") % {
            "price": f"{held['price']:.1f}", "free": f"{held['free']:.1f}", "share": f"{share:.1f}",
        }  # fmt: skip
    for one in held["rules"]:
        if one["gain"] > 0:
            yield _("The rule “%(rule)s” by itself cost %(gain)s points.") % {
                "rule": one["rule"], "gain": f"{one['gain']:.1f}",
            }  # fmt: skip
