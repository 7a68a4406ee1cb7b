"""What documents say of how a trial was run: its logic model and pilot, the decision on going on, what it could find as it turned out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from whatworks.errors import InputError
from whatworks.spoken import on_day
from whatworks.stats.chart import shown
from whatworks.trial.delivering import taken_up
from whatworks.trial.foreseeing import signal_of
from whatworks.trial.methods.design import read
from whatworks.trial.methods.design.reading import as_data
from whatworks.trial.methods.realising import realised
from whatworks.trial.presenters_conduct import by_arm, funnel_of, pilot_of, rule_words, stage_words
from whatworks.trial.presenters_size import effect_words
from whatworks.trial.reports.gathering import Gathered
from whatworks.trial.reports.parts import Block, Bullets, Heading, Paragraph, Table
from whatworks.trial.sighting import hidden, whole

MOST = 12  # differences that are listed; more are told as a number


def logic_said(held: Gathered) -> Iterator[Block]:
    """The logic model of the design; nothing where it has none."""
    told = pilot_of(held.trial)
    if not told or not told["logic"]:
        return
    rows = tuple(
        (part["name"] if place == 0 else "", link.says, link.indicator)
        for part in told["logic"]
        for place, link in enumerate(part["links"])
    )
    yield Table(_("How it is meant to work"), (_("Part"), _("What"), _("Seen by")), rows, (3, 6, 5))


def pilot_said(held: Gathered) -> Iterator[Block]:
    """What the pilot asks besides effects, and what was found so far; nothing where the design asks nothing."""
    told = pilot_of(held.trial)
    if not told or not told["questions"]:
        return
    yield Heading(_("What the pilot asks besides effects"))
    for one in told["questions"]:
        yield Heading(f"{one['about']}: {one['name']}", 2)
        yield Paragraph(one["question"])
        rows = [
            (_("How it is answered"), one["method"]),
            (_("What would count as a yes"), one["criterion"]),
            (_("Criterion"), one["outcome"]),
        ]
        if (found := one["answer"]) is not None:
            rows += [(_("Found"), found.summary), (_("It rests on"), found.asked), (_("On"), on_day(found.on))]
        yield Table("", (), tuple(row for row in rows if row[1]))


def decisions_said(held: Gathered) -> Iterator[Block]:
    """The decisions on going on with the signal of each, and how likely the signal is to come again."""
    told = pilot_of(held.trial)
    again = signal_of(held.trial, held.design)
    if not again and (not told or not told["decisions"]):
        return
    yield Heading(_("Going on from the pilot"))
    for one in told["decisions"] if told else ():
        yield from _decision(one)
    for line in again:
        yield Paragraph(line)


def _decision(one: dict[str, Any]) -> Iterator[Block]:
    yield Heading(one["decision"], 2)
    yield Paragraph(_("Decided by %(by)s on %(on)s.") % {"by": one["decided_by"], "on": on_day(one["on"])})
    yield Paragraph(one["why"])
    if not one["signal"]:
        return
    rows = tuple((part["name"], part["counted"], part["share"], part["p"], _coloured(part)) for part in one["signal"])
    head = (_("Criterion"), _("Counted"), _("Share"), _("p against red"), _("Colour"))
    caption = _("The signal: the worst colour, %(worst)s, is the pilot's.") % {"worst": one["worst"]}
    yield Table(caption, head, rows, (4, 3, 2, 2, 7), (1, 2, 3))


def _coloured(part: dict[str, Any]) -> str:
    return f"{part['colour'].upper()}: {part['means']}"


def recruited(held: Gathered) -> Iterator[Block]:
    """The funnel of recruitment; nothing before anything is recorded."""
    found = funnel_of(held.trial, held.design)
    if not found.recorded:
        return
    rows = tuple(
        (
            stage_words(one.name),
            _("not recorded") if one.units is None else str(one.units),
            str(one.left or ""),
            str(one.waiting or ""),
        )
        for one in found.stages
    )
    head = (_("Stage"), _("Units"), _("Left here"), _("Waited for"))
    yield Table(_("Recruitment, counted from events"), head, rows, (5, 2, 2, 2), (1, 2, 3))


def taken_said(held: Gathered) -> Iterator[Block]:
    """Who took the offer up by the locked rule; nothing without a rule, before anything was written down, or while arms are concealed."""
    if hidden(held.trial) or not held.trial.delivered.exists():
        return
    try:
        found = taken_up(held.trial)
    except InputError:
        return
    drawn = whole(held.trial)
    assert drawn is not None and held.registered is not None
    design = read(held.registered.protocol.design)
    yield Heading(_("Who took the offer up"))
    yield Paragraph(_("By the rule of the design that was registered, fixed before anybody looked:"))
    yield Bullets(tuple(rule_words(design)))
    told = by_arm(design, found, dict(drawn["allocation"]))
    rows = tuple((arm["name"], str(arm["yes"]), str(arm["no"]), str(arm["unknown"])) for arm in told)
    head = (_("Arm"), _("Took it up"), _("Did not"), _("Not known"))
    yield Table(_("Units by arm"), head, rows, (4, 2, 2, 2), (1, 2, 3))


def realised_said(held: Gathered) -> Iterator[Block]:
    """What the trial could find as it turned out, beside what was planned; the assurance too, where there was a prior."""
    found = realised(held.design, held.panel)
    if found is None:
        return
    yield Heading(_("What it could find, as planned and as it turned out"))
    size, plan = held.design.size, held.sized
    wanted = f"{100 * held.design.design.power:.0f}%"
    again = effect_words(held.design, found.again, _ratio(held, found.again)) if found.again is not None else ""
    rows = (
        (_("Units"), _plain(size.clusters), str(found.units)),
        (
            _("People in each, on average"),
            _plain(size.per_cluster),
            shown(found.people / found.units) if found.units else "",
        ),
        (_("ICC"), _plain(size.icc), "" if found.icc is None else f"{found.icc:.4f}"),
        (_("Standard deviation"), _plain(size.sd) if found.sd else "", _plain(found.sd)),
        (
            _("Smallest effect with %(power)s power, by the closed form") % {"power": wanted},
            effect_words(held.design, plan.mdes, plan.mdes_ratio) if plan and plan.mdes is not None else "",
            again,
        ),
        (_("The same, from the standard error that was found"), "", _effect(found.effect, found.ratio, found.g)),
        (_("Assurance"), _share(plan.assurance if plan else None), _share(found.assurance)),
    )
    kept = tuple(row for row in rows if row[1] or row[2])
    yield Table(_("Assumed and found"), (_("What"), _("As planned"), _("As it turned out")), kept, (5, 4, 4), (1, 2))
    yield Paragraph(
        _("This says what such a trial could have found, and nothing of what is true: for that, look at the interval."),
        "small",
    )


def _ratio(held: Gathered, effect: float | None) -> float | None:
    rate = held.design.size.control_rate
    return (rate + effect) / rate if rate and effect is not None else None


def _effect(effect: float, ratio: float | None, g: float | None) -> str:
    if ratio is not None:
        return _("a ratio of %(ratio)s") % {"ratio": f"{ratio:.3g}"}
    return shown(effect) + (_(" (g = %(g)s)") % {"g": f"{g:.2f}"} if g is not None else "")


def _plain(value: float | None) -> str:
    return "" if value is None else shown(float(value))


def _share(value: float | None) -> str:
    return "" if value is None else f"{100 * value:.0f}%"


def switched(held: Gathered) -> Iterator[Block]:
    """Field by field, what the design that ran says otherwise than the one that was registered."""
    if held.registered is None or held.result is None:
        return
    before, after = (_flat(read(one.design)) for one in (held.registered.protocol, held.result.protocol))
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if not names:
        yield Paragraph(_("The design that ran says in every field what the one that was registered says."))
        return
    yield Paragraph(_("The design that ran differs from the one that was registered in these fields:"), "notice")
    rows = tuple((name, before.get(name, ""), after.get(name, "")) for name in names[:MOST])
    yield Table(_("Registered and run"), (_("Field"), _("Registered"), _("Run")), rows, (3, 4, 4))
    if len(names) > MOST:
        rest = len(names) - MOST
        yield Paragraph(ngettext("%(n)s more field differs.", "%(n)s more fields differ.", rest) % {"n": rest}, "small")


def _flat(design: Any) -> dict[str, str]:
    """Each field of a design by section and name, as text."""
    found = {}
    for section, held in as_data(design).items():
        for name, value in held.items() if isinstance(held, dict) else enumerate(held, 1):
            found[f"{section}: {name}"] = str(value)
    return found
