"""What was typed into the form of an instrument, as the actions and the page of it take it."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from whatworks.extract.instruments import Instrument
from whatworks.extract.models import Judging, Verdict
from whatworks.extract.supporting import OVERALL, PARTS, supports

Typed = dict[str, Any]


def blank() -> Typed:
    """A form in which nothing is typed."""
    return {"answers": {}, "domains": {}, "reasons": {}, "overall": "", "notes": {}, "changed": {}}


def typed(post: QueryDict, chosen: Instrument) -> Typed:
    """What was typed: answers, judgements, why they are not as proposed, notes, and why they are not what both said."""
    keys = [*(domain.key for domain in chosen.domains), OVERALL]
    return {
        "answers": {one.key: post.get(f"q-{one.key}", "") for one in chosen.questions},
        "domains": {key: said for key in keys[:-1] if (said := post.get(f"judged-{key}", ""))},
        "reasons": {key: said for key in keys if (said := post.get(f"why-{key}", "").strip())},
        "changed": {key: said for key in keys if (said := post.get(f"changed-{key}", "").strip())},
        "notes": {name: said for name in supports(chosen) if (said := _note(post, name))},
        "overall": post.get(f"judged-{OVERALL}", ""),
    }


def _note(post: QueryDict, name: str) -> dict[str, str]:
    found = {part: post.get(f"{part}-{name}", "").strip() for part in PARTS}
    wanted = any(found[part] for part in PARTS if part != "report")
    return {part: text for part, text in found.items() if text} if wanted else {}


def held(last: Judging | Verdict | None) -> Typed:
    """What was judged before; where it is as the rules propose, nothing is chosen against them."""
    if last is None:
        return blank()
    said = {key: word for key, word in last.domains.items() if last.proposed.get(key) != word}
    overall = last.overall if last.proposed.get(OVERALL) != last.overall else ""
    told = {"answers": last.answers, "domains": said, "reasons": last.reasons, "overall": overall, "notes": last.notes}
    return blank() | told


def acted(told: Typed, answers: dict[str, str]) -> Typed:
    """The same as an action takes it; `answers` are those to questions that apply."""
    return {name: told[name] for name in ("domains", "reasons", "overall", "notes")} | {"answers": answers}
