"""The thread from a published number down to its source: result, findings, raw numbers, report, search. As plain data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from whatworks.errors import InputError
from whatworks.extract.methods.computing import compute
from whatworks.extract.methods.effects import FORMULAE
from whatworks.extract.models import Contrast, Finding
from whatworks.ledger.models import Artefact, Event, Subject
from whatworks.ledger.verification import CLOSED_FORM, ITERATIVE, compare
from whatworks.publish.methods.numbers import Three, metric_name, plain, printed, signed
from whatworks.publish.models import Page
from whatworks.publish.tracing_others import external_steps, judgement_steps, published_steps, rating_steps
from whatworks.rate.gathering import CLEAR
from whatworks.synthesise.methods.running import run_pool
from whatworks.synthesise.models import Synthesis

Step = dict[str, Any]
SAME, DIFFERS = (
    "Recomputed as you opened this page: same as stored.",
    "Recomputed as you opened this page: NOT the same as stored.",
)

INTERVALS = {
    "wald": "normal (Wald)",
    "hksj": "Hartung and Knapp",
    "hksj-adhoc": "Hartung and Knapp, widened",
    "t": "t distribution",
}


def trace(identifier: str) -> dict[str, Any]:
    """The thread for anything that a published number can point at. InputError for what has no thread."""
    subject = Subject.objects.filter(pk=identifier).first()
    if subject is None or subject.kind not in THREADS:
        raise InputError(f"Nothing is traced under {identifier}; go back to the page you came from.")
    title, steps = THREADS[subject.kind](identifier)
    return {
        "title": title,
        "identifier": identifier,
        "steps": [*steps, history(identifier)],
        "correct": _raw_numbers(subject),
        "sign": identifier if subject.kind == "rating" else "",
    }


def _raw_numbers(subject: Subject) -> str:
    """The contrast whose raw numbers a coder could put right from here; empty where there is none."""
    if subject.kind == "finding":
        return str(Finding.objects.values_list("contrast_id", flat=True).get(pk=subject.pk))
    return str(subject.pk) if subject.kind == "contrast" else ""


def _synthesis(identifier: str) -> tuple[str, list[Step]]:
    one = Synthesis.objects.select_related("analysis__review", "analysis__outcome").get(pk=identifier)
    result, analysis = one.result, one.analysis
    three = Three(result["estimate"], result["ci_low"], result["ci_high"])
    said = {
        "heading": "The published number",
        "who": one.role.capitalize(),
        "card": False,
        "blocks": [
            {
                "type": "text",
                "parts": [f"{analysis.title}: {metric_name(analysis.metric)} {printed(three, analysis.metric)}."],
            },
            *_superseded(identifier),
            {"type": "links", "items": _pages_of(analysis.intervention_id, analysis.intervention.part_of_id)},
        ],
    }
    return (
        f"Where \N{LEFT DOUBLE QUOTATION MARK}{printed(three, analysis.metric)}\N{RIGHT DOUBLE QUOTATION MARK} comes from",
        [
            said,
            _pool_step(one),
            _findings_step(one),
            _compared_step(one),
            _search_step(analysis.review),
        ],
    )


def _pool_step(one: Synthesis) -> Step:
    result, settings = one.result, one.settings
    gaps = list(compare(one.pk, result, run_pool(one.inputs, settings), ITERATIVE))
    interval = INTERVALS.get(result["method"]["interval"], result["method"]["interval"])
    pairs = [
        ["Results put together", [str(result["k"])]],
        ["Model", [_model(settings)]],
        ["Estimate, on the scale of the analysis", [plain(result["estimate"], 6)]],
        ["Standard error", [plain(result["se"], 6)]],
        ["Interval (95%)", [f"{plain(result['ci_low'], 6)} to {plain(result['ci_high'], 6)}, {interval}"]],
        ["Variance between studies", [_tau2(result)]],
        ["Differences between studies", [_symbols(result)]],
        ["Prediction interval", [_prediction(result)]],
        ["Method", [f"{one.method}, version {one.version}"]],
    ]
    return {
        "heading": "The pooled result",
        "who": f"Declared by {one.analysis.declared_by}; computed by rule",
        "card": True,
        "blocks": [
            {"type": "pairs", "pairs": pairs},
            {"type": "check", "ok": not gaps, "text": DIFFERS if gaps else SAME},
        ]
        + [{"type": "text", "parts": [warning]} for warning in result.get("warnings", [])],
    }


def _model(settings: dict[str, Any]) -> str:
    random = settings["model"] == "random"
    return f"random effects, variance between studies by {settings['tau2']}" if random else "common effect"


def _tau2(result: dict[str, Any]) -> str:
    return (
        "not estimated: one study, or a common-effect model" if result["tau2"] is None else f"τ² = {result['tau2']:.6g}"
    )


def _symbols(result: dict[str, Any]) -> str:
    if result["k"] < 2 or result["i2"] is None:
        return "one study: nothing to compare"
    return f"I² = {result['i2']:.1f}%, Q = {result['q']:.3f} on {result['q_df']:.0f}, p = {result['q_p']:.3f}"


def _prediction(result: dict[str, Any]) -> str:
    if result.get("pi_low") is None:
        return "none: it needs at least three studies"
    return f"{plain(result['pi_low'], 4)} to {plain(result['pi_high'], 4)}"


def _findings_step(one: Synthesis) -> Step:
    rows = []
    for row in one.inputs:
        reach = CLEAR * row["vi"] ** 0.5
        three = Three(row["yi"], row["yi"] - reach, row["yi"] + reach)
        link = [{"number": printed(three, one.analysis.metric), "trace": row["finding"]}]
        rows.append([row["study"], f"{row['n']:,.0f}" if row["n"] else "not recorded", link, f"{row['vi'] ** 0.5:.4f}"])
    return {
        "heading": "The findings it was computed from",
        "who": "Click a finding for its raw numbers",
        "card": True,
        "blocks": [
            {
                "type": "table",
                "caption": "Each row as it went in.",
                "head": [
                    "Study",
                    "People",
                    f"{metric_name(one.analysis.metric).capitalize()} (95% interval)",
                    "Standard error",
                ],
                "rows": rows,
                "numeric": [1, 2, 3],
            }
        ],
    }


def _compared_step(one: Synthesis) -> Step:
    theirs = one.analysis.published.first()
    if theirs is None or theirs.estimate is None:
        words = "Nobody has published a pooled result of just these rows that we know of."
        return {
            "heading": "Beside what was published",
            "who": "",
            "card": False,
            "blocks": [{"type": "absent", "text": words}],
        }
    published = Three(theirs.estimate, theirs.ci_low, theirs.ci_high)
    ours = Three(one.result["estimate"], one.result["ci_low"], one.result["ci_high"])
    parts: list[Any] = [
        "Published: ",
        {
            "number": f"{plain(published.estimate, 4)} ({plain(published.low or 0, 4)} to {plain(published.high or 0, 4)})",
            "trace": theirs.pk,
        },
        f". Ours: {plain(ours.estimate, 4)} ({plain(ours.low or 0, 4)} to {plain(ours.high or 0, 4)}), {one.role}. "
        f"The estimates differ by {abs(theirs.estimate - ours.estimate):.1e}.",
    ]
    return {
        "heading": "Beside what was published",
        "who": theirs.review_name,
        "card": False,
        "blocks": [{"type": "text", "parts": parts}],
    }


def _finding(identifier: str) -> tuple[str, list[Step]]:
    one = Finding.objects.select_related("contrast__study__review", "contrast__report", "contrast__outcome").get(
        pk=identifier
    )
    row, reach = one.contrast, CLEAR * one.vi**0.5
    three = Three(one.yi, one.yi - reach, one.yi + reach)
    title = (
        f"Where \N{LEFT DOUBLE QUOTATION MARK}{printed(three, one.metric)}\N{RIGHT DOUBLE QUOTATION MARK} comes from"
    )
    effect = {
        "heading": "The finding",
        "who": "Computed by rule",
        "card": False,
        "blocks": [
            {
                "type": "text",
                "parts": [f"{row.study.name}, {row.measured}: {metric_name(one.metric)} {printed(three, one.metric)}."],
            },
            *_superseded(identifier),
            {"type": "links", "items": _used_in(one) + _pages_of(row.intervention_id, row.intervention.part_of_id)},
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
        [given.title.capitalize(), [_value(one.inputs[given.name])]]
        for given in formula.inputs
        if given.name in one.inputs
    ]
    blocks: list[dict[str, Any]] = [
        {"type": "pairs", "pairs": pairs},
        {"type": "formula", "text": formula.text},
        {
            "type": "pairs",
            "pairs": [
                ["Effect", [signed(one.yi, 6)]],
                ["Variance", [f"{one.vi:.6g}"]],
                ["Source of the formula", [formula.source]],
            ],
        },
        {"type": "check", "ok": not gaps and not moved, "text": DIFFERS if gaps or moved else SAME},
    ]
    return {
        "heading": "Raw numbers in the formula",
        "who": f"{formula.title}, version {one.version}",
        "card": True,
        "blocks": blocks,
    }


def _value(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _source_steps(row: Contrast) -> list[Step]:
    report = row.report
    place: dict[str, Any] = (
        {"type": "pairs", "pairs": [["Place", [row.place]]]}
        if row.place
        else {"type": "absent", "text": "Place in the report not recorded."}
    )
    address = (
        [{"link": "Read it where it was published", "href": report.link()}] if report.link() else ["No address held."]
    )
    read = {
        "heading": "The report it was read from",
        "who": f"Read by {row.coder}",
        "card": True,
        "blocks": [
            {"type": "text", "parts": [{"link": report.citation(), "href": f"/reports/{report.pk}/"}]},
            place,
            {
                "type": "links",
                "items": [address, [{"link": f"The study: {row.study.name}", "href": f"/studies/{row.study_id}/"}]],
            },
            *([{"type": "text", "parts": [f"To keep in mind: {row.caution}"]}] if row.caution else []),
        ],
    }
    return [read, _search_step(row.study.review, report.pk)]


def _contrast(identifier: str) -> tuple[str, list[Step]]:
    row = Contrast.objects.select_related("study__review", "report", "intervention").get(pk=identifier)
    pairs = [
        [name.replace("_", " ").capitalize(), [_value(value)]]
        for name, value in sorted((row.inputs | row.printed).items())
    ]
    step = {
        "heading": "What the report says",
        "who": row.basis.capitalize(),
        "card": True,
        "blocks": [
            {
                "type": "text",
                "parts": [
                    f"{row.study.name}, {row.subject_title()}, compared with {row.compared_with or 'the comparison group'}."
                ],
            },
            {"type": "pairs", "pairs": pairs or [["Direction", [row.reported_direction or "not stated"]]]},
            *(
                [{"type": "text", "parts": [f"Why it is not put together with others: {row.why_not}"]}]
                if row.why_not
                else []
            ),
            {"type": "links", "items": _pages_of(row.intervention_id, row.intervention.part_of_id)},
        ],
    }
    return f"What we hold of: {row.measured}", [step, *_source_steps(row)]


def _search_step(review: Any, report: str = "") -> Step:
    how = (
        f"By a systematic search, last run on {review.last_search:%-d %B %Y}."
        if review.last_search
        else "By sourcing trials, not by a systematic search."
    )
    items = [[{"link": f"{review.title}: search, screening, what was left out", "href": f"/reviews/{review.slug}/"}]]
    if report:
        items.append([{"link": "The record as it was imported", "href": f"/reports/{report}/"}])
    return {
        "heading": "How it was found",
        "who": review.conducted_by,
        "card": False,
        "blocks": [{"type": "text", "parts": [how]}, {"type": "links", "items": items}],
    }


def _superseded(identifier: str) -> list[dict[str, Any]]:
    later = (
        Artefact.objects.filter(pk=identifier).exclude(superseded_by="").values_list("superseded_by", flat=True).first()
    )
    return (
        [{"type": "text", "parts": ["A newer one stands in its place: ", {"number": "see it", "trace": later}, "."]}]
        if later
        else []
    )


def _used_in(one: Finding) -> list[list[Any]]:
    uses = Synthesis.objects.current().filter(subject__rests_on__input=one.pk).select_related("analysis")
    return [[{"number": f"Put together in: {use.analysis.title} ({use.role})", "trace": use.pk}] for use in uses]


def _pages_of(*interventions: str | None) -> list[list[Any]]:
    pages = Page.objects.filter(intervention__in=[one for one in interventions if one]).exclude(revisions=None)
    return [[{"link": f"Published on: {page.title}", "href": f"/evidence/{page.slug}/"}] for page in pages]


def history(identifier: str) -> Step:
    """Who did what to this subject, oldest first."""
    events = Event.objects.about(identifier)[:50]
    rows = [[f"{event.at:%-d %B %Y, %H:%M}", event.verb, event.actor] for event in events]
    return {
        "heading": "History",
        "who": "From the ledger, which is only ever added to",
        "card": False,
        "blocks": [
            {
                "type": "table",
                "caption": "Events about it.",
                "head": ["When", "What", "Who"],
                "rows": rows,
                "numeric": [],
            }
        ],
    }


THREADS: dict[str, Callable[[str], tuple[str, list[Step]]]] = {
    "synthesis": _synthesis,
    "finding": _finding,
    "contrast": _contrast,
    "published result": published_steps,
    "rating": rating_steps,
    "judgement": judgement_steps,
    "external rating": external_steps,
}
