"""What is missing, in words for a page and for a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from whatworks.learn.gaps import Gap, gaps
from whatworks.learn.methods.gaps import (
    ASKED,
    CASES,
    DECIDE,
    IN_VAIN,
    ORDERS,
    PUT_FORWARD,
    READ,
    SEARCH,
    TRIAL_RUNS,
    TRY,
    UNCERTAIN,
    in_order,
    next_step,
)
from whatworks.scope.models import Theme

KINDS: Mapping[str, Any] = {
    ASKED: gettext_lazy("Somebody asked, and nothing answers it yet"),
    UNCERTAIN: gettext_lazy("Studies were put together, and it is still not sure"),
    IN_VAIN: gettext_lazy("Looked for, and no study found"),
    CASES: gettext_lazy("Reviews of cases raise it, and nothing about it is rated"),
}
SORTS: Mapping[str, Any] = {
    "priority": gettext_lazy("what people put first"),
    "wrong": gettext_lazy("how likely we are to choose wrongly today"),
    "oldest": gettext_lazy("what was asked longest ago"),
    "nobody": gettext_lazy("what nobody is trying or has searched for"),
}
NEXT: Mapping[str, Any] = {
    TRIAL_RUNS: gettext_lazy("The team of the trial that runs: report it"),
    TRY: gettext_lazy("Trial teams and funders: try it fairly"),
    SEARCH: gettext_lazy("The review team: search for studies"),
    PUT_FORWARD: gettext_lazy("Whoever sets priorities: put it forward"),
    DECIDE: gettext_lazy("The board: say what is done about it"),
    READ: gettext_lazy("The review team: make a question of it"),
}
ORIGINS: Mapping[str, Any] = {
    "enquiry": gettext_lazy("an enquiry"),
    "panel": gettext_lazy("a panel"),
    "review": gettext_lazy("a review"),
    "gap": gettext_lazy("a gap in the evidence"),
    "event": gettext_lazy("an event"),
    "consultation": gettext_lazy("a consultation"),
}
COLUMNS = (
    "what is missing", "kind", "theme", "asked on", "came from", "place in priorities", "chance of choosing wrongly today",
    "worth of knowing", "why not worked out", "trials not reported", "searched", "who could do something", "made up", "address",
)  # fmt: skip


def gaps_page(asked: Mapping[str, str]) -> dict[str, Any]:
    """The list as asked for: narrowed by theme and kind, in the order of one column."""
    theme, kind, by = asked.get("theme", ""), asked.get("kind", ""), asked.get("by", "")
    by = by if by in ORDERS else "priority"
    held = {one.facts.key: one for one in gaps()}
    facts = [
        one.facts
        for one in held.values()
        if (not theme or one.facts.theme == theme) and (not kind or one.facts.kind == kind)
    ]
    return {
        "rows": [row_of(held[one.key]) for one in in_order(facts, by)],
        "all": len(held),
        "themes": [{"key": one.slug, "title": one.name} for one in Theme.objects.order_by("order")],
        "kinds": [{"key": key, "title": title} for key, title in KINDS.items()],
        "sorts": [{"key": key, "title": title} for key, title in SORTS.items()],
        "theme": theme,
        "kind": kind,
        "by": by,
        "order": SORTS[by],
    }


def row_of(one: Gap) -> dict[str, Any]:
    """One row with every column in words."""
    return {
        "gap": one,
        "facts": one.facts,
        "kind": KINDS[one.facts.kind],
        "origin": ORIGINS.get(one.origin, one.origin),
        "next": NEXT[next_step(one.facts)],
        "wrong": "" if one.facts.wrong is None else f"{100 * one.facts.wrong:.0f}",
    }


def csv_rows(asked: Mapping[str, str]) -> list[list[str]]:
    """The same list as a table."""
    rows = [list(COLUMNS)]
    for row in gaps_page(asked)["rows"]:
        one, facts = row["gap"], row["facts"]
        rows.append([
            facts.words, str(row["kind"]), one.theme_name, facts.asked, str(row["origin"]), one.place,
            "" if facts.wrong is None else f"{facts.wrong:.2f}", " ".join(one.worth), one.why_no_worth,
            "; ".join(link["text"] for link in one.trials), one.searched, str(row["next"]), "yes" if one.demonstration else "",
            one.href,
        ])  # fmt: skip
    return rows
