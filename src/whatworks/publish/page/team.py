"""What a page offers a team to take away, as its templates show it. Only for documents that were approved with it in mind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from whatworks.publish.methods.using import applicability_prompts, discussion_questions, supervision_paragraph

FIRST = 3  # the schema of the page document from which this is offered: earlier revisions stay as they were read


def team(content: Mapping[str, Any]) -> dict[str, Any] | None:
    """Prompts, questions and the paragraph for supervision notes; None for a revision of an earlier schema."""
    if content["schema"] < FIRST:
        return None
    return {
        "prompts": applicability_prompts(content),
        "questions": discussion_questions(content),
        "paragraph": supervision_paragraph(content),
    }
