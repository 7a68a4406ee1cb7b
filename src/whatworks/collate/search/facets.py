"""By what results can be narrowed, and how many there are of each; higher rooms hand in what they know of reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from whatworks.collate.methods.query import Years, years
from whatworks.collate.models import Bundle, Entry
from whatworks.collate.search.indexing import source_names
from whatworks.collate.search.places import years_among
from whatworks.collate.search.store import Restriction

MOST = 12  # options shown of a facet; those that were chosen are always among them
IN_ONE = 5000  # places in one statement
KINDS = {
    "JOUR": gettext_lazy("Journal article"),
    "ABST": gettext_lazy("Abstract"),
    "BOOK": gettext_lazy("Book"),
    "CHAP": gettext_lazy("Book chapter"),
    "CONF": gettext_lazy("Conference paper"),
    "CPAPER": gettext_lazy("Conference paper"),
    "RPRT": gettext_lazy("Report"),
    "THES": gettext_lazy("Thesis"),
    "GEN": gettext_lazy("Other"),
    "ELEC": gettext_lazy("Web page"),
    "WEB": gettext_lazy("Web page"),
    "UNPB": gettext_lazy("Unpublished work"),
    "GOVDOC": gettext_lazy("Government document"),
    "MGZN": gettext_lazy("Magazine article"),
    "NEWS": gettext_lazy("Newspaper article"),
    "DATA": gettext_lazy("Data set"),
    "SER": gettext_lazy("Serial"),
    "EJOUR": gettext_lazy("Journal article"),
    "EBOOK": gettext_lazy("Book"),
    "ECHAP": gettext_lazy("Book chapter"),
    "JFULL": gettext_lazy("Journal"),
    "PREPRINT": gettext_lazy("Preprint"),
}


@dataclass(frozen=True, slots=True)
class Facet:
    """What a higher room knows of reports: `pairs` gives (report, value) rows, `labels` what each value is called.

    `pairs` must be a query on a model with a key to the report: `report` and `value` name its columns. Where `open` is
    false, only people who work here see it, and nobody else can narrow by it.
    """

    name: str
    title: str
    pairs: Callable[[], QuerySet[Any]]
    value: str
    labels: Callable[[Iterable[str]], Mapping[str, str]]
    report: str = "report_id"
    open: bool = False


_offered: dict[str, Facet] = {}


def offer(facet: Facet) -> None:
    """Say, when a room loads: reports can be narrowed by this."""
    _offered[facet.name] = facet


def offered(*, inside: bool) -> list[Facet]:
    """What higher rooms have handed in, as far as this reader may see it."""
    return [facet for facet in _offered.values() if inside or facet.open]


def restriction(facet: Facet, values: Sequence[str]) -> Restriction:
    """The reports that have one of these values, as SQL."""
    chosen = facet.pairs().filter(**{f"{facet.value}__in": list(values)}).order_by().values(facet.report)
    sql, parameters = chosen.query.sql_with_params()
    return Restriction(sql, tuple(parameters))


@dataclass(frozen=True, slots=True)
class Option:
    """One way to narrow: what it is called, how many results it leaves, and whether it is chosen."""

    value: str
    label: str
    count: int
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A facet as it is shown."""

    name: str
    title: str
    options: tuple[Option, ...]


def decade(first: int) -> str:
    """The value of a decade: the years it spans."""
    return f"{first}..{first + 9}"


def spans(chosen: Iterable[str]) -> list[Years]:
    """The spans of years that were chosen; what names none is left aside."""
    return [span for one in chosen if (span := years(one)) is not None]


def by_year(rows: Sequence[tuple[int, int]], chosen: Sequence[str]) -> Group:
    """Results by decade, the newest first."""
    counts: Counter[str] = Counter()
    years_of = years_among(rows)
    for year, count in years_of.items():
        if year:
            counts[decade(year // 10 * 10)] += count
    for value in chosen:
        for span in spans([value]):
            within = (count for year, count in years_of.items() if year and span.first <= year <= span.last)
            counts.setdefault(value, sum(within))
    label = lambda value: _span_words(spans([value])[0])  # noqa: E731  needed once, beside its use
    ordered = sorted(counts, key=lambda value: spans([value])[0].first, reverse=True)
    options = (Option(value, label(value), counts[value], value in chosen) for value in ordered)
    return Group("year", _("Year"), tuple(options))


def _span_words(span: Years) -> str:
    return (
        str(span.first)
        if span.first == span.last
        else _("%(first)s to %(last)s") % {"first": span.first, "last": span.last}
    )


def by_bundle(rows: Sequence[tuple[int, int]]) -> tuple[Counter[str], Counter[str]]:
    """How many of the results come from each source, and how many are of each type."""
    bundles = Counter(bundle for _, bundle in rows)
    sources: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for one in Bundle.objects.filter(pk__in=bundles):
        kinds[one.kind] += bundles[one.pk]
        for source in one.sources:
            sources[source] += bundles[one.pk]
    return sources, kinds


def by_source(counts: Counter[str], chosen: Sequence[str]) -> Group:
    """Results by where they were found."""
    names = source_names()
    return Group("source", _("Found in"), _options(counts, chosen, names))


def by_kind(counts: Counter[str], chosen: Sequence[str]) -> Group:
    """Results by type."""
    return Group("type", _("Type"), _options(counts, chosen, {kind: kind_words(kind) for kind in (*counts, *chosen)}))


def kind_words(kind: str) -> str:
    """What a RIS type is called."""
    return str(KINDS.get(kind.upper()) or kind.capitalize() or _("Not stated"))


def by_owned(facet: Facet, rows: Sequence[tuple[int, int]], chosen: Sequence[str]) -> Group:
    """Results by what a higher room knows of them."""
    counts: Counter[str] = Counter()
    places = [place for place, _ in rows] if facet.pairs().exists() else []
    for start in range(0, len(places), IN_ONE):
        held = Entry.objects.filter(place__in=places[start : start + IN_ONE]).values("report_id")
        found = facet.pairs().filter(**{f"{facet.report}__in": held}).order_by()
        for value, count in found.values_list(facet.value).annotate(Count(facet.report, distinct=True)):
            counts[str(value)] += count
    return Group(facet.name, facet.title, _options(counts, chosen, facet.labels([*counts, *chosen])))


def _options(counts: Counter[str], chosen: Sequence[str], names: Mapping[str, str]) -> tuple[Option, ...]:
    """The commonest values, and those that were chosen; a value that nobody can name is not one."""
    ordered = sorted(counts, key=lambda value: (-counts[value], names.get(value, value)))
    kept = [value for value in chosen if value in names]
    kept += [value for value in ordered if value not in kept][: max(MOST - len(kept), 0)]
    kept.sort(key=lambda value: (-counts[value], names.get(value, value)))
    return tuple(Option(value, names.get(value, value), counts[value], value in chosen) for value in kept)
