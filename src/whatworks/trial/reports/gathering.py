"""The record of one trial, read once: what every document of it is made of."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language

import whatworks
from whatworks.errors import InputError
from whatworks.saying import Said
from whatworks.spoken import on_day, spoken
from whatworks.stats.telling import paragraph
from whatworks.trial.happening import flow_of
from whatworks.trial.methods.design import Design, read
from whatworks.trial.methods.flowing import Flow
from whatworks.trial.methods.sizing.planning import Plan, mdes, power, size
from whatworks.trial.methods.sizing.telling import references, sentences
from whatworks.trial.models import (
    Allocation,
    Dataset,
    Trial,
    TrialAnalysis,
    TrialLock,
    TrialProtocol,
    Unblinding,
)

DAY_TEXT = 10  # signs of a moment's text that are its day


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """A trial with a design of ours, and all that hangs on it. What has not happened yet is None."""

    trial: Trial
    protocol: TrialProtocol
    design: Design
    versions: tuple[TrialProtocol, ...]
    registered: TrialLock | None
    plan: TrialLock | None
    drawn: Allocation | None
    draw: Mapping[str, Any]
    flow: Flow | None
    data: Dataset | None
    blind: TrialAnalysis | None
    unblinded: Unblinding | None
    result: TrialAnalysis | None
    sized: Plan | None
    not_sized: Said | str

    @property
    def particulars(self) -> Mapping[str, str]:
        """What a registry asks, as the protocol that stands says it."""
        found: Mapping[str, str] = self.protocol.particulars
        return found

    @property
    def sizing(self) -> str:
        """The paragraph on the sample size with its references; empty where it cannot be computed."""
        if self.sized is None:
            return ""
        lines = (map(spoken, part(self.design, self.sized)) for part in (sentences, references))
        return paragraph(*lines)

    @property
    def panel(self) -> Mapping[str, Any]:
        """The open analysis as it was kept; empty before there is one."""
        return self.result.panel if self.result else {}

    @property
    def declared(self) -> Mapping[str, Any] | None:
        """The line of the panel that was declared beforehand."""
        return next((row for row in self.panel.get("panel", ()) if row["declared"]), None)

    @property
    def at(self) -> datetime.datetime:
        """The moment of the newest thing in the record that documents tell of."""
        events = self.trial.unit_events.order_by("-number").values_list("at", flat=True).first()
        held = (
            self.protocol,
            self.registered,
            self.plan,
            self.drawn,
            self.data,
            self.blind,
            self.unblinded,
            self.result,
        )
        return max([one.at for one in held if one is not None] + ([events] if events else []))


def gather(trial: Trial) -> Gathered | None:
    """The record of a trial; None for one without a design of ours."""
    newest = trial.newest()
    if newest is None or not newest.design:
        return None
    design = read(newest.design)
    drawn = trial.allocations.filter(practice=False).order_by("-number").first()
    sized, why = _sized(design)
    return Gathered(
        trial, newest, design, tuple(trial.protocols.order_by("number")),
        TrialLock.objects.of(trial, TrialLock.REGISTRATION).first(),
        TrialLock.objects.of(trial, TrialLock.PLAN).first(),
        drawn, json.loads(drawn.whole_file() or "{}") if drawn and drawn.document else {},
        flow_of(trial) if trial.unit_events.exists() else None,
        trial.datasets.order_by("-number").first(),
        trial.analyses.filter(blind=True).order_by("-number").first(),
        trial.unblindings.order_by("at").first(),
        trial.analyses.filter(blind=False).select_related("protocol", "dataset").order_by("-number").first(),
        sized, why,
    )  # fmt: skip


@lru_cache(maxsize=64)
def _sized(design: Design) -> tuple[Plan | None, Said | str]:
    """What the design's sizes give, and why not where they give nothing."""
    effect = design.size.effect is not None or design.size.ratio is not None
    asked = size if effect and design.size.clusters is None and not design.size.sequences else power if effect else mdes
    try:
        return asked(design), ""
    except InputError as error:
        return None, error.args[0]


def address(path: str) -> str:
    """An address of this centre, whole where the centre is known to others."""
    host = urlsplit(settings.BASE_URL).hostname or ""
    here = host in ("", "localhost", "::1") or host.startswith("127.")
    return path if here else settings.BASE_URL.rstrip("/") + path


def day_of(text: str) -> str:
    """The day of a moment that a file holds as text, as pages write it; what is no moment stays as it is."""
    try:
        return on_day(datetime.date.fromisoformat(text[:DAY_TEXT]))
    except ValueError:
        return text


def version() -> str:
    """The version of the program."""
    return whatworks.__version__


def language() -> str:
    """The language that documents are written in, as files name it."""
    return {"en": "en-GB"}.get(code := (get_language() or "en").partition("-")[0], code)
