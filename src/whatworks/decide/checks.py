"""How priorities and decisions are verified: an order comes out again from its ballots, where they are here; what was kept stands."""

from __future__ import annotations

from whatworks.decide.models import Gate, Priority, PrioritySetting, PriorityState, Resolution
from whatworks.decide.prioritising import order_of, rule_digest
from whatworks.errors import WhatworksError
from whatworks.ledger.verification import ITERATIVE, Difference, Report, check, check_digests, compare

ROWS = {"priorities": Priority, "answers to priorities": PriorityState, "decisions": Resolution, "gates": Gate}
PLACES = ("rank", "mean_rank", "low", "high", "groups")


@check("decide")
def check_decisions(report: Report) -> None:
    """Every row as it was entered; rules as they were locked; orders counted again where the ballots are here."""
    for name, model in ROWS.items():
        check_digests(report, model.objects.all(), name, whole=model)
    for setting in PrioritySetting.objects.exclude(rule_digest="").order_by("pk"):
        if (again := rule_digest(setting)) != setting.rule_digest:
            report.differences.append(Difference(setting.pk, "rule of the order", setting.rule_digest, again))
        elif setting.state == PrioritySetting.PUBLISHED:
            _check_order(report, setting)


def _check_order(report: Report, setting: PrioritySetting) -> None:
    """A centre loaded from an open pack has no ballots: there the digests alone vouch for the order, and that is said."""
    if not setting.ballots.filter(points__isnull=False).exists():
        report.notes.append(f"The ballots of {setting.pk} are not here; its order was not counted again.")
        return
    try:
        again = {one.question: one for one in order_of(setting).placed}
    except WhatworksError as error:
        report.differences.append(Difference(setting.pk, str(error), "an order", None))
        return
    for one in setting.priorities.order_by("pk"):
        report.count("places counted again")
        stored = {name: getattr(one, name) for name in PLACES}
        found = again.get(one.question_id)
        told = {name: getattr(found, name) for name in PLACES} if found else {}
        report.differences += compare(one.pk, stored, told, ITERATIVE)
