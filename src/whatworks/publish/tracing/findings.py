"""The thread of a finding or a row: raw numbers in their formula, the report they were read from, how it was found."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from whatworks.extract.methods.computing import compute
from whatworks.extract.methods.effects import FORMULAE
from whatworks.extract.models import Contrast, Finding
from whatworks.ledger.models import Artefact
from whatworks.ledger.verification import CLOSED_FORM, compare
from whatworks.publish.methods.numbers import Three, metric_name, printed, signed
from whatworks.publish.tracing.parts import DIFFERS, SAME, Step, pages_of, search_step, superseded
from whatworks.rate.gathering import CLEAR
from whatworks.spoken import spoken, spoken_capital
from whatworks.synthesise.models import Synthesis


def finding_steps(identifier: str) -> tuple[str, list[Step]]:
    """From an effect down to its raw numbers, its report and the search."""
    one = Finding.objects.select_related("contrast__study__review", "contrast__report", "contrast__outcome").get(
        pk=identifier
    )
    row, reach = one.contrast, CLEAR * one.vi**0.5
    three = Three(one.yi, one.yi - reach, one.yi + reach)
    title = _("Where “%(three)s” comes from") % {"three": spoken(printed(three, one.metric))}
    effect = {
        "heading": _("The finding"),
        "who": _("Computed by rule"),
        "card": False,
        "blocks": [
            {
                "type": "text",
                "parts": [
                    f"{row.study.name}, {row.measured}: {spoken(metric_name(one.metric))} {spoken(printed(three, one.metric))}."
                ],
            },
            *superseded(identifier),
            {"type": "links", "items": _used_in(one) + pages_of(row.intervention_id, row.intervention.part_of_id)},
        ],
    }
    return title, [effect, _formula_step(one), *_source_steps(row)]


def _formula_step(one: Finding) -> Step:
    formula = FORMULAE[one.formula]
    result = compute(one.formula, one.inputs)
    stored = {"yi": one.yi, "vi": one.vi}
    gaps = list(compare(one.pk, stored, {"yi": result.yi, "vi": result.vi}, CLOSED_FORM))
    moved = one.inputs != one.contrast.inputs and Artefact.objects.current().filter(pk=one.pk, stale_event="").exists()
    pairs = [
        [spoken_capital(given.title), [_value(one.inputs[given.name])]]
        for given in formula.inputs
        if given.name in one.inputs
    ]
    blocks: list[dict[str, Any]] = [
        {"type": "pairs", "pairs": pairs},
        {"type": "formula", "text": formula.text},
        {
            "type": "pairs",
            "pairs": [
                [_("Effect"), [signed(one.yi, 6)]],
                [_("Variance"), [f"{one.vi:.6g}"]],
                [_("Source of the formula"), [formula.source]],
            ],
        },
        {"type": "check", "ok": not gaps and not moved, "text": str(DIFFERS if gaps or moved else SAME)},
    ]
    return {
        "heading": _("Raw numbers in the formula"),
        "who": _("%(title)s, version %(version)s") % {"title": spoken(formula.title), "version": one.version},
        "card": True,
        "blocks": blocks,
    }


def _value(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _source_steps(row: Contrast) -> list[Step]:
    report = row.report
    place: dict[str, Any] = (
        {"type": "pairs", "pairs": [[_("Place"), [row.place]]]}
        if row.place
        else {"type": "absent", "text": _("Place in the report not recorded.")}
    )
    address = (
        [{"link": _("Read it where it was published"), "href": report.link()}]
        if report.link()
        else [_("No address held.")]
    )
    read = {
        "heading": _("The report it was read from"),
        "who": _("Read by %(coder)s") % {"coder": row.coder},
        "card": True,
        "blocks": [
            {"type": "text", "parts": [{"link": report.citation(), "href": f"/reports/{report.pk}/"}]},
            place,
            {
                "type": "links",
                "items": [
                    address,
                    [
                        {
                            "link": _("The study: %(name)s") % {"name": row.study.name},
                            "href": f"/studies/{row.study_id}/",
                        }
                    ],
                ],
            },
            *(
                [{"type": "text", "parts": [_("To keep in mind: %(caution)s") % {"caution": row.caution}]}]
                if row.caution
                else []
            ),
        ],
    }
    return [read, search_step(row.study.review, report.pk)]


def contrast_steps(identifier: str) -> tuple[str, list[Step]]:
    """What a report says of one outcome, pooled or not, and why not."""
    row = Contrast.objects.select_related("study__review", "report", "intervention").get(pk=identifier)
    pairs = [
        [name.replace("_", " ").capitalize(), [_value(value)]]
        for name, value in sorted((row.inputs | row.printed).items())
    ]
    step = {
        "heading": _("What the report says"),
        "who": row.basis.capitalize(),
        "card": True,
        "blocks": [
            {
                "type": "text",
                "parts": [
                    _("%(study)s, %(result)s, compared with %(other)s.")
                    % {
                        "study": row.study.name,
                        "result": row.subject_title(),
                        "other": row.compared_with or _("the comparison group"),
                    }
                ],
            },
            {"type": "pairs", "pairs": pairs or [[_("Direction"), [row.reported_direction or _("not stated")]]]},
            *(
                [
                    {
                        "type": "text",
                        "parts": [_("Why it is not put together with others: %(why_not)s") % {"why_not": row.why_not}],
                    }
                ]
                if row.why_not
                else []
            ),
            {"type": "links", "items": pages_of(row.intervention_id, row.intervention.part_of_id)},
        ],
    }
    return _("What we hold of: %(measured)s") % {"measured": row.measured}, [step, *_source_steps(row)]


def _used_in(one: Finding) -> list[list[Any]]:
    uses = Synthesis.objects.current().filter(subject__rests_on__input=one.pk).select_related("analysis")
    return [
        [
            {
                "number": _("Put together in: %(title)s (%(role)s)") % {"title": use.analysis.title, "role": use.role},
                "trace": use.pk,
            }
        ]
        for use in uses
    ]
