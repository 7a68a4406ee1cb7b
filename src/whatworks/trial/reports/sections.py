"""Parts that several documents of a trial have: its title page, its design, its size, its draw, its flow, its versions."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from whatworks.spoken import on_day, spoken
from whatworks.trial.methods.design.parts import Design
from whatworks.trial.methods.registering import DATES, FIELDS
from whatworks.trial.presenters import designed, flow_drawing, registration_of
from whatworks.trial.reports.gathering import Gathered, address, day_of, language, version
from whatworks.trial.reports.parts import (
    Block,
    Box,
    Bullets,
    Code,
    Document,
    FlowArm,
    FlowDiagram,
    Heading,
    Paragraph,
    Table,
)

REPLAY = "python3 -I replay_allocation.py %s"


def document(held: Gathered, kind: str, name: str, blocks: Iterator[Block]) -> Document:
    """A document of a trial with what all of them have around their blocks."""
    slug, number = held.trial.slug, held.protocol.number
    notice = (
        _("A demonstration: a made-up trial of made-up places. Nothing in it is about real people.")
        if held.trial.demonstration
        else ""
    )
    foot = _("%(title)s. Protocol %(n)s, as the record stood on %(on)s. Made from the record by whatworks %(version)s.") % {
        "title": held.trial.title[:90], "n": number, "on": on_day(held.at), "version": version(),
    }  # fmt: skip
    foot = f"{_('A demonstration.')} {foot}" if notice else foot  # a page that is torn off says so too
    return Document(
        kind, held.trial.title, f"{slug}-{name}-{number}", held.at.isoformat(), notice, foot, language(), tuple(blocks)
    )


def title_page(held: Gathered) -> Iterator[Block]:
    """The table that a protocol of the sector opens with: what the record has of it, and the names of what it has not."""
    told, design = held.particulars, held.design
    rows = [
        (_("Intervention"), held.trial.intervention.name if held.trial.intervention else _offer(design)),
        (_("Question"), design.design.question),
        (_("Who evaluates it, and who delivers it"), told.get("team", "")),
        (_("Who answers for it"), told.get("sponsor", "")),
        (_("Who pays"), told.get("funding", "")),
        (_("Kind of trial"), kind_of(design)),
        (_("Whom it is about"), design.estimand.population),
        (_("Where"), told.get("setting", "")),
        (_("Units drawn"), _planned(held)),
        (_("Primary outcome"), design.estimand.endpoint or design.analysis.outcome),
        (_("Further outcomes"), ", ".join(design.analysis.secondary)),
        (_("Registration"), registration_of(told)),
        (_("Registered on"), shown("registered_on", told.get("registered_on", ""))),
        (_("Where the trial stands"), spoken(_state(told.get("status", "")))),
        (_("Protocol"), _("version %(n)s of %(on)s") % {"n": held.protocol.number, "on": on_day(held.protocol.at)}),
        (_("SHA-256 of its design"), held.protocol.digest),
    ]
    yield Table("", (), tuple(row for row in rows if row[1]))
    if absent := [name for name, value in rows if not value]:
        yield Paragraph(_("Not in the record: %(names)s.") % {"names": "; ".join(absent)}, "small")


def _state(status: str) -> object:
    from whatworks.trial.methods.registering import STATES

    return next((state for state in STATES if state == status), status)


def shown(name: str, text: str) -> str:
    """A particular as a reader has it: days in words."""
    return day_of(text) if name in DATES and text else text


def _offer(design: Design) -> str:
    return "; ".join(arm.gets or arm.name for arm in design.arms[1:])


def kind_of(design: Design) -> str:
    """The layout of a trial in words."""
    return {
        "individual": _("a randomised trial in which people are drawn one by one"),
        "cluster": _("a cluster randomised trial"),
        "blocked-cluster": _("a cluster randomised trial in blocks"),
        "matched-pairs": _("a cluster randomised trial in matched pairs"),
        "stepped-wedge": _("a stepped-wedge cluster randomised trial"),
    }[design.design.kind]


def _planned(held: Gathered) -> str:
    size = held.design.size
    if size.clusters is None:
        return ""
    many = ngettext("%(n)s planned", "%(n)s planned", int(size.clusters)) % {"n": f"{size.clusters:g}"}
    people = _("%(n)s people measured in each") % {"n": f"{size.per_cluster:g}"} if size.per_cluster else ""
    return "; ".join(filter(None, (many, people)))


def particulars(held: Gathered, names: tuple[str, ...]) -> Iterator[Block]:
    """Fields of the registry entry as pairs; one that says nothing is named as such."""
    rows = [(spoken(FIELDS[name]), shown(name, held.particulars.get(name, ""))) for name in names]
    yield Table("", (), tuple((name, value or _("Not in the record.")) for name, value in rows))


def design_said(held: Gathered) -> Iterator[Block]:
    """The design in words."""
    yield Heading(_("The design"))
    yield Table("", (), tuple(designed(held.design)))


def sized(held: Gathered) -> Iterator[Block]:
    """The paragraph on the sample size, with what makes it look better than it may come out."""
    yield Heading(_("How many"))
    if held.sized is None:
        yield Paragraph(
            _("The design does not say enough to compute a sample size: %(why)s") % {"why": spoken(held.not_sized)}
        )
        return
    words, __, references = held.sizing.partition("\n")
    yield Paragraph(words)
    if held.sized.warnings:
        yield Bullets(tuple(spoken(one) for one in held.sized.warnings))
    if references.strip():
        yield Paragraph(references.strip(), "small")


def draw_said(held: Gathered) -> Iterator[Block]:
    """How units are drawn, who committed to it, what came of it, and how a stranger repeats it."""
    yield Heading(_("The draw"))
    way = held.design.allocation
    yield Paragraph(_("Units are drawn by this method: %(way)s.") % {"way": way.method + within(held.design)})
    if held.drawn is not None and not held.draw:
        yield Paragraph(
            _(
                "Units were drawn on %(on)s. Their arms are concealed until they are told to all; this is published of the draw at once:"
            )
            % {"on": on_day(held.drawn.at)}
        )
        sealed = json.loads(held.drawn.document)
        rows = ((_("List of units"), sealed["list"]["digest"]), (_("The whole file"), sealed["whole_file"]))
        yield Table(_("Digests of the draw (SHA-256)"), (), rows)
        return
    if not held.draw:
        yield Paragraph(_("Nothing has been drawn yet. A practice draw, whose seed somebody chose, allocates nobody."))
        return
    yield from _came(held)
    yield Table(_("Digests of the draw (SHA-256)"), (), _digests(held))
    assert held.drawn is not None
    name = f"{held.trial.slug}-allocation-{held.drawn.number}.json"
    at = address(reverse("trial_allocation", args=[held.trial.slug, held.drawn.number]))
    yield Paragraph(
        _(
            "Anybody can repeat the draw from its file (%(at)s) with the stand-alone program in the archive, or with whatworks:"
        )
        % {"at": at}
    )
    yield Code(f"{REPLAY % name}\nwhatworks trial replay {name}")
    if warned := held.draw.get("warnings"):
        yield Bullets(tuple(warned))


def within(design: Design) -> str:
    """The restrictions of a draw, in brackets."""
    way = design.allocation
    told = [
        _("within %(names)s") % {"names": ", ".join(way.strata)} if way.strata else "",
        _("in blocks of %(sizes)s") % {"sizes": ", ".join(map(str, way.block_sizes))} if way.block_sizes else "",
        _("pairs by %(column)s") % {"column": way.pair} if way.pair else "",
        _("balancing %(names)s") % {"names": ", ".join(way.factors or way.covariates)}
        if way.factors or way.covariates
        else "",
    ]
    held = "; ".join(filter(None, told))
    return f" ({held})" if held else ""


def _came(held: Gathered) -> Iterator[Block]:
    draw = held.draw
    counts = draw["counts"].get("arms", {})
    units = len(draw["allocation"])
    came = "; ".join(f"{name}: {count}" for name, count in counts.items())
    yield Paragraph(
        ngettext("%(n)s unit was drawn on %(on)s.", "%(n)s units were drawn on %(on)s.", units)
        % {"n": units, "on": day_of(draw["drawn_at"])}
        + (f" {came}." if came else "")
    )
    parties = (draw.get("commitments") or {}).get("parties", ())
    if parties:
        rows = tuple(
            (one["name"], day_of(one["committed_at"]), one.get("commitment") or one.get("source", ""), _told(one))
            for one in parties
        )
        head = (_("Who committed"), _("On"), _("Commitment"), _("Secret told on"))
        yield Table(_("Commitments, all made before the list was frozen"), head, rows, (4, 3, 6, 3))


def _told(party: dict[str, str]) -> str:
    return day_of(party.get("revealed_at", ""))


def _digests(held: Gathered) -> tuple[tuple[str, str], ...]:
    draw, frozen = held.draw, (held.draw.get("commitments") or {}).get("frozen") or {}
    assert held.drawn is not None
    rows = (
        (_("Design"), draw["design"]["digest"]),
        (_("List of units"), draw["list"]["digest"]),
        (_("Seal of the freeze"), frozen.get("seal", "")),
        (_("Seed"), draw["seed"]),
        (_("The draw"), draw["digest"]),
        (_("Its file"), held.drawn.digest),
    )
    return tuple(row for row in rows if row[1])


def flow_said(held: Gathered) -> Iterator[Block]:
    """The flow diagram, and what does not add up in it."""
    yield Heading(_("Who took part"))
    drawn = flow_drawing(held.trial) if held.flow else None
    if drawn is None or held.flow is None:
        yield Paragraph(_("Nothing has been written down yet of what happened to units."))
        return
    before = tuple(_box(one) for one in drawn["before"])
    arms = tuple(
        FlowArm(arm["name"], tuple(_box(one) for one in arm["boxes"]), arm["retention"]) for arm in drawn["arms"]
    )
    caption = _("Counted from events, from the first unit assessed to the analysis")
    yield FlowDiagram(caption, before, drawn["allocated"], arms)
    if drawn["problems"]:
        yield Paragraph(_("Not everything adds up yet:"))
        yield Bullets(tuple(drawn["problems"]))


def _box(one: dict[str, object]) -> Box:
    reasons = one["reasons"]
    assert isinstance(reasons, list)
    return Box(str(one["name"]), str(one["count"]), tuple(reasons))


def versions(held: Gathered) -> Iterator[Block]:
    """Every version of the protocol, when, what it changed, and what of it was locked."""
    yield Heading(_("Versions"))
    locked = {one.protocol_id: one for one in (held.registered,) if one}
    rows = []
    for one in held.versions:
        lock = locked.get(one.pk)
        registered = _("registered on %(on)s") % {"on": on_day(lock.at)} if lock else ""
        rows.append((str(one.number), on_day(one.at), one.what_changed or _("the first"), registered, one.digest))
    head = (_("Version"), _("On"), _("What changed"), _("Locked"), _("SHA-256 of the design"))
    yield Table(_("Versions of this protocol"), head, tuple(rows), (2, 3, 5, 3, 5))
