"""An answer as it is typed: paragraphs, each with the identifiers that it rests on in square brackets at its end.

Mentoring may help some young people to stay in touch with a trusted adult. [rev-1a2b3c4d]
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from whatworks.errors import InputError
from whatworks.saying import said

MOST_PARTS, LONGEST = 12, 1200
CITED = re.compile(r"\s*\[([^\[\]]*)\]\s*$")
IDENTIFIER = re.compile(r"^[a-z]{3}-[a-z0-9]+$")
Part = dict[str, Any]


def parts_in(text: str) -> list[Part]:
    """Paragraphs with what each cites. Raises InputError for no words, a paragraph that cites nothing, or what is no identifier."""
    paragraphs = [" ".join(one.split()) for one in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if one.strip()]
    if not paragraphs:
        raise InputError(said("Write the answer in one paragraph or more."))
    if len(paragraphs) > MOST_PARTS:
        raise InputError(said("An answer has at most %(most)s paragraphs; write it shorter.", most=MOST_PARTS))
    return [_part(number, paragraph) for number, paragraph in enumerate(paragraphs, 1)]


def _part(number: int, paragraph: str) -> Part:
    found = CITED.search(paragraph)
    cites = [one for one in re.split(r"[\s,;]+", found[1]) if one] if found else []
    words = paragraph[: found.start()].strip() if found else paragraph
    if not cites or not words:
        raise InputError(
            said(
                "Paragraph %(number)s says nothing of what it rests on; put the identifiers in square brackets at its end, such as "
                "[rev-1a2b3c4d].",
                number=number,
            )
        )
    if len(words) > LONGEST:
        raise InputError(
            said("Paragraph %(number)s has more than %(most)s characters; make two of it.", number=number, most=LONGEST)
        )
    if (wrong := next((one for one in cites if not IDENTIFIER.match(one)), None)) is not None:
        raise InputError(
            said("“%(one)s” in paragraph %(number)s is no identifier; copy it from its page.", one=wrong, number=number)
        )
    return {"words": words, "cites": list(dict.fromkeys(cites))}


def typed(parts: Iterable[Mapping[str, Any]]) -> str:
    """The text that gives these parts: what a writer sees again."""
    return "\n\n".join(f"{one['words']} [{', '.join(one['cites'])}]" for one in parts)


def cited(parts: Iterable[Mapping[str, Any]]) -> list[str]:
    """Every identifier once, in the order in which it is cited first."""
    seen: Sequence[str] = [key for one in parts for key in one["cites"]]
    return list(dict.fromkeys(seen))
