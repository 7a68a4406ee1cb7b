"""A trial's record as texts by path (`methods.checklists.PATHS`): what its checklists are filled from."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from whatworks.spoken import on_day, spoken
from whatworks.trial.methods.analysing.telling import WHAT
from whatworks.trial.methods.flowing import ALLOCATED, ANALYSED, GONE, NOT_RECEIVED, RECEIVED
from whatworks.trial.methods.sizing.assuming import over_periods
from whatworks.trial.presenters import registration_of
from whatworks.trial.presenters_result import card, result_of
from whatworks.trial.reports import sections
from whatworks.trial.reports.gathering import Gathered, address, day_of
from whatworks.trial.reports.plan import clustering, missing
from whatworks.trial.reports.results import people

PLAIN = (
    "summary", "setting", "eligibility", "funding", "ethics", "team", "logic", "qualitative", "sharing",
)  # fmt: skip
Pairs = Iterator[tuple[str, str]]


def record_of(held: Gathered) -> dict[str, str]:
    """Everything that the record can say, by path; what it cannot say is not in it."""
    parts = (_protocol(held), _design(held), _allocation(held), _analysis(held), _flow(held), _result(held))
    return {path: text for part in parts for path, text in part if text.strip()}


def _protocol(held: Gathered) -> Pairs:
    told = held.particulars
    yield "protocol.title", held.trial.title
    for name in PLAIN:
        yield f"protocol.{name}", told.get(name, "")
    yield "protocol.status", spoken(sections._state(told.get("status", "")))
    yield "protocol.registration", registration_of(told)
    for name in ("registered_on", "began", "ended"):
        yield f"protocol.{name}", day_of(told[name]) if told.get(name) else ""
    yield "protocol.versions", "; ".join(_version(held))
    at = address(reverse("protocol", args=[held.trial.slug, held.protocol.number]))
    yield "protocol.address", _("Protocol %(n)s: %(at)s (SHA-256 of its design %(digest)s)") % {
        "n": held.protocol.number, "at": at, "digest": held.protocol.digest,
    }  # fmt: skip


def _version(held: Gathered) -> Iterator[str]:
    for one in held.versions[1:]:
        yield _("version %(n)s of %(on)s: %(what)s") % {"n": one.number, "on": on_day(one.at), "what": one.what_changed}
    if len(held.versions) == 1:
        yield _("The protocol has one version; nothing was changed.")


def _design(held: Gathered) -> Pairs:
    design, meant = held.design, held.design.estimand
    yield "design.kind", sections.kind_of(design)
    yield "design.stage", design.design.stage
    yield "design.question", design.design.question
    yield "design.ratio", " : ".join(f"{arm.name} {arm.parts}" for arm in design.arms)
    yield "design.arms", "; ".join(f"{arm.name}: {arm.gets}" for arm in design.arms if arm.gets)
    yield "design.offer", design.arms[1].gets
    yield "design.population", meant.population
    yield "design.units", meant.units
    yield "design.clusters", meant.clusters
    yield "design.endpoint", meant.endpoint
    yield "design.summary", meant.summary
    yield "design.handling", meant.handling
    yield "design.size", held.sizing.partition("\n")[0]
    yield "design.icc", _correlations(held)
    yield "design.periods", _periods(held)
    yield (
        "design.progression",
        "; ".join(
            _("%(name)s: red up to %(red)s, green from %(green)s")
            % {"name": one.name, "red": f"{100 * one.red:g}%", "green": f"{100 * one.green:g}%"}
            for one in design.progression
        ),
    )
    enough = "" if design.compliance.enough is None else _(" (enough: %(n)s)") % {"n": f"{design.compliance.enough:g}"}
    yield "design.compliance", design.compliance.measure + enough if design.compliance.measure else ""


def _correlations(held: Gathered) -> str:
    size = held.design.size
    told = {"ICC": size.icc, "CAC": size.cac, "k": size.k}
    return ", ".join(f"{name} {value:g}" for name, value in told.items() if value is not None)


def _periods(held: Gathered) -> str:
    size = held.design.size
    if not over_periods(held.design):
        return ""
    steps = size.steps or len(size.sequences) or len(size.layout)
    return _("steps: %(steps)s; periods before the first: %(before)s; after the last: %(after)s") % {
        "steps": steps, "before": size.before, "after": size.after,
    }  # fmt: skip


def _allocation(held: Gathered) -> Pairs:
    way = held.design.allocation
    yield "allocation.method", way.method
    yield "allocation.restriction", sections.within(held.design).strip(" ()")
    parties = [one.custodian for one in held.trial.commitments.order_by("number")]
    if parties:
        yield (
            "allocation.custodians",
            _("Drawn by whatworks from secrets to which these had committed: %(names)s.")
            % {"names": "; ".join(parties)},
        )
    if held.draw and parties:
        yield (
            "allocation.concealment",
            _(
                "Nobody could foresee the draw: secrets were committed to before the list of units was frozen, and told after it. "
                "Whoever runs the server can read an allocation that is kept on it."
            ),
        )
    if held.draw:
        yield "allocation.balance", _balance(held)


def _balance(held: Gathered) -> str:
    found = []
    for one in held.draw.get("balance", ()):
        if "counts" in one:
            for value, arms in one["counts"].items():
                found.append(f"{one['column']} {value}: " + ", ".join(f"{name} {n}" for name, n in arms.items()))
    return "; ".join(found)


def _analysis(held: Gathered) -> Pairs:
    told = held.design.analysis
    if held.plan is not None:
        yield "analysis.plan", _("Locked on %(on)s (SHA-256 %(digest)s): %(at)s") % {
            "on": on_day(held.plan.at), "digest": held.plan.digest,
            "at": address(reverse("trial_document", args=[held.trial.slug, "plan", "pdf"])),
        }  # fmt: skip
    if told.declared in WHAT:
        yield "analysis.declared", _("By %(method)s: %(what)s") % {
            "method": told.declared, "what": spoken(WHAT[told.declared]),
        }  # fmt: skip
    adjusted = ", ".join((*told.strata, *told.covariates))
    yield "analysis.adjusted", _("Adjusted for %(names)s") % {"names": adjusted} if adjusted else ""
    yield "analysis.clustering", clustering(held)
    yield "analysis.missing", missing(held)
    yield "analysis.secondary", ", ".join(told.secondary)
    further = [", ".join((*told.secondary, *told.subgroups))]
    if held.blind is not None:
        further.append(
            _("%(n)s analyses beside the declared one, set by the plan")
            % {"n": sum(not one["declared"] for one in held.blind.panel["panel"])}
        )
        yield (
            "blinding.analysis",
            _("Those who analyse ran the whole plan on arms dealt out anew on %(on)s.") % {"on": on_day(held.blind.at)}
            + (
                " "
                + _("The arms were told on %(on)s: %(why)s")
                % {"on": on_day(held.unblinded.at), "why": held.unblinded.reason}
                if held.unblinded
                else ""
            ),
        )
    yield "analysis.further", "; ".join(filter(None, further))


def _flow(held: Gathered) -> Pairs:
    if held.flow is None:
        return
    for path, kinds in (
        ("flow.allocated", (ALLOCATED,)),
        ("flow.received", (RECEIVED, NOT_RECEIVED)),
        ("flow.analysed", (ANALYSED,)),
        ("flow.losses", GONE),
    ):
        yield path, "; ".join(_counted(held, kinds))


def _counted(held: Gathered, kinds: tuple[str, ...]) -> Iterator[str]:
    assert held.flow is not None
    for arm in held.flow.arms:
        for kind in kinds:
            counted = arm.counted[kind]
            if counted.units or counted.people:
                units = ngettext("%(n)s unit", "%(n)s units", counted.units) % {"n": f"{counted.units:,}"}
                people = ngettext("%(n)s person", "%(n)s people", counted.people) % {"n": f"{counted.people:,}"}
                many = ", ".join(said for n, said in ((counted.units, units), (counted.people, people)) if n)
                why = ", ".join(f"{reason} {n:,}" for reason, n in counted.reasons.most_common())
                yield f"{arm.name}, {kind}: {many}" + (f" ({why})" if why else "")


def _result(held: Gathered) -> Pairs:
    if held.data is not None:
        yield "data.dictionary", _("Columns %(names)s (SHA-256 of the file %(digest)s)") % {
            "names": ", ".join(held.data.columns), "digest": held.data.digest,
        }  # fmt: skip
    if held.result is None:
        return
    told, row = result_of(held.result), held.declared
    yield (
        "result.numbers",
        "; ".join(
            _("%(arm)s: %(clusters)s units, %(people)s rows of the data")
            % {"arm": one["arm"], "clusters": one["clusters"], "people": people(one["rows"])}
            for one in held.panel["groups"]
        ),
    )
    if row is not None:
        yield "result.declared", " ".join(card(held.result, row))
    yield "result.panel", _("%(n)s analyses side by side in the report") % {"n": len(told["rows"])}
    yield "result.secondary", ", ".join(str(one.get("outcome", "")) for one in held.panel.get("secondary") or ())
    yield "result.subgroups", ", ".join(held.design.analysis.subgroups) if held.panel.get("subgroups") else ""
    yield "result.icc", told["icc"]
    yield "result.warnings", " ".join(told["warnings"])
    yield "result.differences", "; ".join(told["differences"])
