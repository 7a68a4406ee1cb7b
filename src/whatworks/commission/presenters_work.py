"""A call as those who keep it, assess it and decide on it see it. Nothing here counts what the person who looks may not see."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from whatworks.commission import forms
from whatworks.commission.methods.ranking import ABOVE, BELOW, TIED
from whatworks.commission.methods.rules import Rules
from whatworks.commission.methods.workflow import CALL, steps
from whatworks.commission.models import (
    Application,
    Appointment,
    Assessment,
    Call,
    CallConflict,
    Determination,
    LotDraw,
    LotList,
)
from whatworks.commission.presenters import agreement, label, moment
from whatworks.commission.summary import money
from whatworks.commission.weighing import Weighed, weighed
from whatworks.people.models import User
from whatworks.people.roles import granted


def run_page(call: Call, user: User) -> dict[str, Any]:
    """One call for whoever keeps it."""
    held = list(Application.objects.filter(call=call).handed_in().visible_to(user))
    newest, standing = call.newest(), call.standing()
    conflicts = CallConflict.objects.filter(application__in=held).select_related("user", "application")
    names = [one.name for one in steps(CALL, call.state, granted(user.roles()))]
    return {
        "call": call, "label": label(call) or _("In draft"), "newest": newest, "standing": standing,
        "rules": call.rules(), "closes": moment(call.rules().about.closes), "steps": names,
        "unpublished": newest is not None and newest != standing,
        "applications": [_row(one) for one in held], "appointments": _appointments(call),
        "conflicts": [_conflict(one) for one in conflicts.order_by("state", "application__body", "pk")],
        "appoint": forms.AppointForm(), "cancel": forms.WhyForm(auto_id="id_cancel_%s"),
        "may_decide": user.may("commission.decide"), "may_end": "end scoring" in names,
    }  # fmt: skip


def _row(application: Application) -> dict[str, Any]:
    rules = application.call.rules()
    return {
        "pk": application.pk, "body": application.body, "state": application.state, "cost": money(application.cost),
        "groups": ", ".join(application.groups.values()), "submitted": moment(application.submitted_at),
        "gateways": [(one.asks, application.gateways.get(one.key, "")) for one in rules.gateways],
        "form": forms.GatewayForm(auto_id=f"id_{application.pk}_%s") if application.state == "submitted" else None,
    }  # fmt: skip


def _appointments(call: Call) -> list[dict[str, Any]]:
    held = call.appointments.select_related("user").order_by("role", "user__name", "user__email")
    return [
        {
            "name": one.user.name or one.user.email,
            "role": one.role,
            "declared": one.declared_at is not None,
            "ties": one.ties,
        }
        for one in held
    ]


def _conflict(conflict: CallConflict) -> dict[str, Any]:
    begun = {"conflict": conflict.pk}
    return {
        "who": conflict.user.name or conflict.user.email, "application": conflict.application, "ground": conflict.ground,
        "seen": conflict.seen, "state": conflict.state, "why": conflict.why,
        "form": forms.ConflictForm(initial=begun, auto_id=f"id_{conflict.pk}_%s") if conflict.state == "proposed" else None,
    }  # fmt: skip


def assess_page(call: Call, user: User) -> dict[str, Any]:
    """What somebody has to score. Only what they gave themselves is shown, and no average before scoring has ended."""
    appointed = call.appointments.filter(user=user, role=Appointment.ASSESSOR).first()
    ready = appointed is not None and appointed.declared_at is not None
    held = Application.objects.filter(call=call).judged().visible_to(user) if ready else Application.objects.none()
    mine = {one.application_id: one for one in Assessment.objects.filter(application__in=held, user=user)}
    rows = [{"application": one, "done": _done(mine.get(one.pk)), "cost": money(one.cost)} for one in held]
    return {
        "call": call, "label": label(call), "appointed": appointed, "rows": rows, "open": call.state == "assessing",
        "ties": forms.TiesForm(initial={"ties": "\n".join(appointed.ties) if appointed else ""}),
        "left": sum(one["done"] != "in" for one in rows),
    }  # fmt: skip


def _done(assessment: Assessment | None) -> str:
    return "none" if assessment is None else "in" if assessment.submitted_at else "begun"


STANDS = {ABOVE: "above", TIED: "tied", BELOW: "below"}


def decide_page(call: Call, user: User) -> dict[str, Any]:
    """Everything that deciders see of a call, of the applications that this one may see."""
    rules, found = call.rules(), weighed(call, user)
    held = {one.pk: one for one in Application.objects.filter(call=call).judged().visible_to(user)}
    decided = {one.application_id: one for one in Determination.objects.filter(application__in=held)}
    drawn, fixed = LotDraw.objects.filter(call=call).first(), LotList.objects.filter(call=call).first()
    names = [one.name for one in steps(CALL, call.state, granted(user.roles()))]
    agreed, custodians = found.reliability, [one.custodian for one in call.lot_commitments.order_by("number")]
    return {
        "call": call, "rules": rules, "rows": _table(found, held, decided), "announce": "announce" in names,
        "agreement": list(agreement({name: getattr(agreed, name) for name in _AGREED})) if agreed else [],
        "problems": found.problems, "severities": _severities(agreed, user), "budget": money(rules.about.budget),
        "weights": _weights(found, rules, held), "portfolio": _portfolio(found, held), "level": round(100 * rules.selection.level),
        "line": found.line, "tied": [held[name].body for name in found.line.tied] if found.line else [],
        "lot": rules.selection.lot, "frozen": fixed is not None, "drawn": drawn is not None,
        "secrets": forms.SecretsForm(names=custodians) if fixed and not drawn else None,
        "account": user.may("commission.account"), "commitments": call.lot_commitments.order_by("number"),
    }  # fmt: skip


_AGREED = ("icc", "low", "high", "usual", "of_mean", "of_mean_low", "of_mean_high")


def _table(found: Weighed, held: dict[str, Application], decided: dict[str, Determination]) -> list[dict[str, Any]]:
    """Applications in the order of expected ranks; without a model, of their values."""
    order = {one.application: one for one in found.order}
    names = list(order) or sorted(found.values, key=lambda name: (-found.values[name], name))
    best = found.portfolio.chosen if found.portfolio else None
    rows = []
    for name in names:
        one, rank = held[name], order.get(name)
        rows.append(
            {
                "application": one, "cost": money(one.cost), "groups": ", ".join(one.groups.values()),
                "value": f"{found.values[name]:.1f}", "expected": f"{rank.expected:.1f}" if rank else "",
                "low": f"{rank.low:.0f}" if rank else "", "high": f"{rank.high:.0f}" if rank else "",
                "chance": round(100 * rank.chance) if rank else "", "stands": found.line.stands[name] if found.line else "",
                "in_best": best is not None and name in best.names, "often": round(100 * found.chosen_in.get(name, 0)),
                "best_rank": found.sensitivity.best[name] if found.sensitivity else "",
                "worst_rank": found.sensitivity.worst[name] if found.sensitivity else "", "decided": decided.get(name),
            }
        )  # fmt: skip
    return rows


def _severities(agreed: Any, user: User) -> list[dict[str, Any]]:
    if agreed is None:
        return []
    names = {
        one.pk: one.name or one.email for one in User.objects.filter(pk__in=[s.assessor for s in agreed.severities])
    }
    rows = sorted(agreed.severities, key=lambda one: (-one.value, one.assessor))
    return [
        {
            "name": names.get(one.assessor, one.assessor),
            "scored": one.scored,
            "value": f"{one.value:+.1f}",
            "low": f"{one.low:+.1f}",
            "high": f"{one.high:+.1f}",
        }
        for one in rows
    ]


def _weights(found: Weighed, rules: Rules, held: dict[str, Application]) -> dict[str, Any]:
    if found.sensitivity is None:
        return {}
    titles = {one.key: one.title for one in rules.criteria}
    words = {
        "more": _("25%% more weight on “%(title)s”"),
        "less": _("25%% less weight on “%(title)s”"),
        "left out": _("without “%(title)s”"),
    }
    rows = []
    for one in found.sensitivity.scenarios:
        if changed := found.sensitivity.changed(one):
            rows.append(
                {
                    "what": words[one.change] % {"title": titles[one.criterion]},
                    "who": ", ".join(held[name].body for name in changed),
                }
            )
    return {"steady": found.sensitivity.steady, "rows": rows}


def _portfolio(found: Weighed, held: dict[str, Application]) -> dict[str, Any]:
    best = found.portfolio
    if best is None:
        return {}

    def names(keys: Any) -> str:
        return ", ".join(sorted(held[key].body for key in keys))

    if best.chosen is None or best.free is None:
        return {"conflict": best.conflict}
    swaps = [
        {"rule": one.rule, "gain": f"{one.gain:.1f}", "enters": names(one.enters), "leaves": names(one.leaves)} for one in best.swaps
    ]  # fmt: skip
    return {
        "names": names(best.chosen.names), "score": f"{best.chosen.score:.1f}", "cost": money(best.chosen.cost),
        "only": best.chosen.only, "free": names(best.free.names), "price": f"{best.price:.1f}", "swaps": swaps,
    }  # fmt: skip
