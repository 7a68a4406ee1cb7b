"""The filters of the evidence store: what each is called, its values in words, and how many pages each would leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.publish.finding.listed import COMPARISON, RANDOMISED, REVIEW, VIEWS
from whatworks.publish.finding.words import home
from whatworks.publish.listing import CERTAINTIES, CONTACT, SAFETY
from whatworks.publish.methods.finding import NOT_RECORDED, Found, Shelf
from whatworks.scope.models import OutcomeGroup, Theme
from whatworks.scope.particulars import sorts

SHOWN = 8
EVIDENCE = {
    RANDOMISED: gettext_lazy("Randomised trials"),
    COMPARISON: gettext_lazy("Other comparisons"),
    VIEWS: gettext_lazy("Views and experience"),
    REVIEW: gettext_lazy("Published reviews only"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """A filter by name: its heading, its values in words, and what a page lacks that records none of them."""

    title: str | Promise
    labels: Callable[[], Mapping[str, str | Promise]]
    record: str | Promise = ""
    always: bool = False  # values that no page has are shown too


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a filter: how many pages it would leave, and whether it is chosen."""

    value: str
    label: str
    count: int
    checked: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter as a reader sees it. Some are folded until they are used; of many options the rest are folded."""

    name: str
    title: str
    options: tuple[Option, ...]
    record: str
    chosen: int
    folded: bool

    @property
    def first(self) -> tuple[Option, ...]:
        """The options that are shown at once."""
        return self.options[:SHOWN]

    @property
    def rest(self) -> tuple[Option, ...]:
        """The options that are folded."""
        return self.options[SHOWN:]

    @property
    def rest_used(self) -> bool:
        """Whether one of the folded options is chosen."""
        return any(option.checked for option in self.rest)


def _outcomes() -> dict[str, str]:
    names = {CONTACT: _("Care, court and other contact"), SAFETY: _("Children’s safety")}
    return names | {name: name for name in OutcomeGroup.objects.order_by("order", "pk").values_list("name", flat=True)}


def _themes() -> dict[str, str]:
    return dict(Theme.objects.order_by("order", "pk").values_list("slug", "name"))


def _sort(key: str) -> Named:
    one = sorts()[key]
    return Named(one.title, lambda: one.values, one.record)


FILTERS: dict[str, Named] = {
    "outcome": Named(gettext_lazy("What changes"), _outcomes),
    "theme": Named(gettext_lazy("Theme"), _themes),
    "sure": Named(gettext_lazy("How sure we are"), lambda: {level: level for level in CERTAINTIES}, always=True),
    "age": _sort("age"),
    "setting": _sort("setting"),
    "who": _sort("who"),
    "registered": _sort("registered"),
    "cost": _sort("cost"),
    "uk": Named(
        format_lazy(gettext_lazy("Evidence from {place}"), place=home()[0]),
        lambda: {"yes": _("Yes"), "no": _("No")},
        gettext_lazy("where their studies were done"),
    ),
    "evidence": Named(gettext_lazy("Kind of evidence"), lambda: EVIDENCE, gettext_lazy("a kind of evidence")),
    "kind": Named(gettext_lazy("How much we can say"), lambda: {"page": _("Answers"), "note": _("Evidence notes")}),
}
OPEN = ("outcome", "theme", "sure")  # the others are folded until they are used


def filters(shelf: Shelf, found: Found, chosen: Mapping[str, Sequence[str]]) -> list[Filter]:
    """Every filter with its options; a value that no page at all has is left out, unless a reader chose it."""
    return [_filter(name, named, shelf, found, chosen.get(name, ())) for name, named in FILTERS.items()]


def _filter(name: str, named: Named, shelf: Shelf, found: Found, chosen: Sequence[str]) -> Filter:
    labels = dict(named.labels())
    if named.record:
        labels[NOT_RECORDED] = _("Not recorded")
    held, counts = shelf.facets.get(name, {}), found.counts.get(name, {})
    options = tuple(
        Option(value, str(label), counts.get(value, 0), value in chosen)
        for value, label in labels.items()
        if named.always or held.get(value) or value in chosen
    )
    number = sum(option.checked for option in options)
    return Filter(name, str(named.title), options, str(named.record), number, name not in OPEN and not number)
