"""The public page of a question: authorise, call one thing, respond."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from whatworks.ledger import sections
from whatworks.people.access import PUBLIC, access
from whatworks.scope.models import Question
from whatworks.scope.presenters import question_page


@access(PUBLIC)
def question(request: HttpRequest, identifier: str) -> HttpResponse:
    """One question: where it stands, and what every room knows of it."""
    held = get_object_or_404(Question.objects.select_related("theme", "outcome", "answer"), pk=identifier)
    told = {"question": question_page(held), "sections": sections.about(Question.kind, held.pk)}
    return render(request, "scope/question.html", told)
