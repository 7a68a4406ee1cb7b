"""How the rows of sites are verified: each as it was entered, and what forms come to, computed again, is what trials were given."""

from __future__ import annotations

import json

from whatworks.implement.delivering import FORM, months, ready, value_of
from whatworks.implement.improving import POINT
from whatworks.implement.models import Adaptation, FidelityForm, Heeded, Point, Site, SitePhase, SitePlan
from whatworks.implement.opening import HIDE, OPEN, PIN, SHOW
from whatworks.ledger.models import Event, Payload
from whatworks.ledger.models.subjects import Kept
from whatworks.ledger.verification import CLOSED_FORM, Difference, Report, check, check_digests, same

ROWS: dict[str, type[Kept]] = {
    "phases of sites": SitePhase,
    "plans of sites": SitePlan,
    "adaptations": Adaptation,
    "answers to adaptations": Heeded,
}
UNDER_KEY: dict[str, type[Kept]] = {"sites": Site, "fidelity forms": FidelityForm, "numbers of sites": Point}


@check("implement")
def check_sites(report: Report) -> None:
    """Every row as it was entered; months judged again, and compared with what the trial was given."""
    for name, model in ROWS.items():
        check_digests(report, model._default_manager.all(), name)
    vouched = _vouched()
    for name, model in UNDER_KEY.items():
        for row in model._default_manager.all().iterator(200):
            report.count(name)
            if row.pk not in vouched:
                report.notes.append(f"{row.pk}: its digest came without the payload that holds it; it is not compared.")
            elif vouched[row.pk] != row.row_digest():
                report.differences.append(
                    Difference(row.pk, "row changed outside the ledger", vouched[row.pk], row.row_digest())
                )
    for site in Site.objects.exclude(trial=None).select_related("trial").iterator(50):
        _given(report, site)


def _vouched() -> dict[str, str]:
    """The last digest of each row, from payloads, or from the event of the pack that brought it."""
    found: dict[str, str] = {}
    ours = tuple(f"{model.prefix}-" for model in UNDER_KEY.values())
    for digests in Event.objects.exclude(digests={}).order_by("id").values_list("digests", flat=True).iterator():
        found.update((key, value) for key, value in digests.items() if key.startswith(ours))
    held = Event.objects.filter(verb__in=[OPEN, SHOW, HIDE, PIN, FORM, POINT], payload__state=Payload.HELD).order_by(
        "id"
    )
    for event in held.select_related("payload").iterator(200):
        found |= json.loads(event.payload.body).get("rows", {})
    return found


def _given(report: Report, site: Site) -> None:
    assert site.trial is not None
    if not site.forms.exists() or not ready(site.trial):
        return
    had = {
        (one.period, one.measure): one.value for one in site.trial.delivered.filter(unit=site.unit).order_by("number")
    }
    for month in months(site):
        for measure, what in month.plan.feeds:
            value = value_of(month, what)
            if value is not None and not same(had.get((month.period, measure)), value, CLOSED_FORM):
                report.differences.append(
                    Difference(site.pk, f"{month.period}, {measure}", had.get((month.period, measure)), value)
                )
