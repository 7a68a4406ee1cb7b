"""The page on which people make and revoke the tokens of their programs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from whatworks.errors import InputError
from whatworks.people.access import access
from whatworks.people.forms import TokenForm
from whatworks.people.models import Token
from whatworks.people.presenters import tokens_of
from whatworks.people.tokens import SCOPES, make_token, revoke_token
from whatworks.spoken import spoken


@access("workspace.enter")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
def tokens(request: HttpRequest) -> HttpResponse:
    """My tokens. A new one's secret is in the answer to the form itself: kept for another page, it would be kept."""
    form, secret, made = TokenForm(request.POST or None, initial={"scopes": list(SCOPES)}), "", None
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = make_token(by=request.user.actor, user=request.user, **form.cleaned_data)
        except InputError as error:
            form.add_error(None, spoken(error))
        else:
            form = TokenForm(initial={"scopes": list(SCOPES)})
    shown = {"form": form, "secret": secret, "made": made, "tokens": tokens_of(request.user)}
    return render(request, "people/tokens.html", shown, status=400 if form.errors else 200)


@access("workspace.enter")
@require_POST
def revoke(request: HttpRequest, identifier: str) -> HttpResponse:
    """End one of my tokens now."""
    token = get_object_or_404(Token, pk=identifier, user=request.user)
    revoke_token(by=request.user.actor, token=token)
    messages.success(request, _("“%(name)s” is revoked: no program can use it any more.") % {"name": token.name})
    return redirect("tokens")
