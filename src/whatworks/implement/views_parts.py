"""What the pages of a site's workspace share: who may see it, and one page with several small forms, each a step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from whatworks.convene.guarding_forms import GuardedMixin, refuse_flood
from whatworks.errors import WhatworksError
from whatworks.implement.models import Site
from whatworks.implement.showing import may_work
from whatworks.spoken import spoken

Do = Callable[[HttpRequest, Site, Any], object]


@dataclass(frozen=True, slots=True)
class Step:
    """One form of a page: how it is made from the site, what it does, what is said when it is done."""

    make: Callable[..., Form] | None
    do: Do
    done: Any


def site_for(request: HttpRequest, slug: str) -> Site:
    """A site at which this person may work. For any other the answer is that there is none, whether there is or not."""
    held = Site.objects.select_related("revision__page", "trial", "area", "practice").filter(slug=slug).first()
    if held is None or not may_work(request.user, held):
        raise Http404
    return held


def stepped(
    request: HttpRequest, site: Site, steps: Mapping[str, Step], template: str, told: Callable[[], Mapping[str, Any]]
) -> HttpResponse:
    """Take the step that was asked for, and show the page with every form. A form that is wrong keeps what was typed."""
    asked = request.POST.get("step", "")
    step = steps.get(asked)
    bound: Form | None = None
    if request.method == "POST":
        if step is None:
            raise Http404
        bound = step.make(data=request.POST, files=request.FILES, prefix=asked) if step.make else None
        if bound is None or bound.is_valid():
            answer = _taken(request, site, step, bound)
            if answer is not None:
                return answer
    shown = {name: one.make(prefix=name) for name, one in steps.items() if one.make is not None}
    if bound is not None:
        shown[asked] = bound
    context = {"site": site, "forms": shown, "asked": asked, **told()}
    return render(request, template, context, status=400 if bound is not None else 200)


def _taken(request: HttpRequest, site: Site, step: Step, bound: Form | None) -> HttpResponse | None:
    """Do it; None where the form has to be shown again with what is wrong."""
    try:
        if isinstance(bound, GuardedMixin):
            if bound.trapped:
                return redirect(request.path)
            refuse_flood(request)
        found = step.do(request, site, bound)
    except WhatworksError as error:
        if bound is None:
            messages.error(request, spoken(error))
            return redirect(request.path)
        bound.add_error(None, spoken(error))
        return None
    if isinstance(found, HttpResponse):
        return found
    messages.success(request, spoken(step.done))
    return redirect(request.path)


def numbered(request: HttpRequest, rows: Any, name: str = "which") -> Any:
    """The row of a queryset that a button names; 404 where it is none of this site."""
    found = rows.filter(pk=request.POST.get(name, "")).first()
    if found is None:
        raise Http404(_("There is none."))
    return found
