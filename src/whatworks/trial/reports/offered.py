"""What the page of a trial offers to take away, and its checklists."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from whatworks.trial.models import Trial
from whatworks.trial.reports.checking import shown
from whatworks.trial.reports.gathering import gather

FORMS = {"pdf": "PDF", "docx": "Word", "txt": "txt"}
AFTER = ("report", "result")  # there is none before the plan has run on the arms as drawn


def offered(trial: Trial) -> dict[str, Any]:
    """Documents with their addresses, and the checklists filled from the record; empty for a trial without a design of ours."""
    held = gather(trial)
    if held is None:
        return {"documents": [], "checklists": [], "slug": trial.slug}
    names = {
        "report": _("The report"),
        "result": _("The result in plain words"),
        "protocol": _("The protocol"),
        "plan": _("The plan of analysis"),
    }
    documents = [
        {"name": words, "files": [(told, _address(trial, name, form)) for form, told in FORMS.items()]}
        for name, words in names.items()
        if held.result is not None or name not in AFTER
    ]
    return {"documents": documents, "checklists": shown(held), "slug": trial.slug}


def _address(trial: Trial, name: str, form: str) -> str:
    return reverse("trial_document", kwargs={"slug": trial.slug, "name": name, "form": form})
