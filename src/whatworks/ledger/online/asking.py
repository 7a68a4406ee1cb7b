"""Asking: requests made politely: who asks, no faster than allowed, again after a failure, and never beyond a budget."""

from __future__ import annotations

import email.utils
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO
from urllib.parse import urlencode, urlsplit

from whatworks.errors import InputError
from whatworks.ledger.online.carrying import Answer, Unreachable, carry
from whatworks.ledger.online.keeping import Shelf
from whatworks.saying import said, said_of

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Etiquette:
    """Who asks, and within which bounds: `requests` is the budget, failed ones counted too; waits are in seconds."""

    mailto: str = ""
    key: str = ""
    requests: int = 100
    timeout: float = 60.0
    tries: int = 5
    longest_wait: float = 120.0

    @classmethod
    def from_settings(cls, settings: Mapping[str, str], requests: int = 100, key: str = "") -> Etiquette:
        """From WHATWORKS_MAILTO and the setting called `key`, as the environment or a settings file holds them."""
        mailto, secret = (settings.get(name, "").strip() for name in ("WHATWORKS_MAILTO", key))
        return cls(mailto=mailto, key=secret, requests=requests)

    @property
    def agent(self) -> str:
        """The User-Agent, by which a service knows whom to write to."""
        return "whatworks/1" + (f" (mailto:{self.mailto})" if self.mailto else "")


@dataclass(frozen=True, slots=True)
class Wording:
    """How a room speaks of what it asks for. asked: what it is; kept: what becomes of it when the service does not answer;
    wait: what to do when the service wants a pause; more: what to do when the budget is spent; mend: what to do when the
    service says no."""

    asked: str
    kept: str
    wait: str
    more: str
    mend: str


class Unreached(InputError):
    """The service did not answer, or not in a whole, however often it was asked."""


class Refused(InputError):
    """The service understood and said no; `status` is its HTTP status."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.status = status


class Asker:
    """Requests to one service; `made` counts those that went out, `told` the last headers that came back."""

    def __init__(
        self,
        service: str,
        etiquette: Etiquette,
        wording: Wording,
        *,
        apart: float,
        cache: Shelf,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._service, self._etiquette, self._wording, self._cache = service, etiquette, wording, cache
        self._apart, self._sleep, self._now = apart, sleep, now
        self._last = 0.0
        self.made = self.from_cache = 0
        self.told: Mapping[str, str] = {}

    def ask(
        self, base: str, parameters: Mapping[str, str], secret: Mapping[str, str], max_age: float, page: int = 1
    ) -> dict[str, Any]:
        """The JSON object that answers; from the cache where that is no older than `max_age`.

        `secret` is sent and neither kept nor shown. `page` tells pages apart that are asked for in the same words, as
        Crossref's are, whose cursor stays the same. Raises InputError with one sentence where no answer can be had.
        """
        asked = f"{base}?{urlencode(sorted(parameters.items()))}"
        place = f"{asked} page {page}"
        kept = self._cache.find(place)
        if kept and self._now() - kept.at <= max_age:
            self.from_cache += 1
            return self._read(kept.body)
        headers = self._headers("application/json")
        if kept and kept.etag:
            headers["If-None-Match"] = kept.etag
        answer = self._patiently(f"{asked}&{urlencode(secret)}" if secret else asked, headers)
        body = kept.body if kept and answer.status == 304 else answer.body
        found = self._read(body)
        self._cache.keep(place, body, self._now(), answer.headers.get("etag", ""))
        return found

    def bring(self, base: str, parameters: Mapping[str, str], into: BinaryIO, accept: str = "text/csv") -> Answer:
        """The file that answers, written into `into`; only headers and status are in the answer.

        Raises InputError with one sentence where no whole file can be had: what is in `into` is of no use then.
        """
        asked = f"{base}?{urlencode(sorted(parameters.items()))}"
        return self._patiently(asked, self._headers(accept), into)

    def _headers(self, accept: str) -> dict[str, str]:
        return {"User-Agent": self._etiquette.agent, "Accept": accept, "Accept-Encoding": "gzip"}

    def _read(self, body: bytes) -> dict[str, Any]:
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise InputError(
                said(
                    "%(service)s answered with something that is not its JSON; try again later.", service=self._service
                )
            )
        return found

    def _patiently(self, address: str, headers: Mapping[str, str], into: BinaryIO | None = None) -> Answer:
        """Ask until an answer comes that asking again would not change."""
        why, tries, made = "", self._etiquette.tries, 0
        for attempt in range(tries):
            made += 1
            self._take_turn()
            wait = min(2.0**attempt, self._etiquette.longest_wait)
            try:
                answer = carry(address, headers, self._etiquette.timeout, into)
            except Unreachable as error:
                why = error.args[0]
                if not error.again:
                    break
            else:
                self._learn(answer)
                if answer.status in (200, 304):
                    return answer
                why = said("it answered with status %(status)s", status=answer.status)
                wait = max(wait, self._wait_after(answer))
            if attempt + 1 < tries:
                self._sleep(wait)
        often = said_of(made, "%(made)s try", "%(made)s tries", made=made)
        raise Unreached(
            said(
                "%(service)s (%(netloc)s) could not be reached in %(often)s (%(why)s); try again later, %(kept)s.",
                service=self._service,
                netloc=urlsplit(address).netloc,
                often=often,
                why=why,
                kept=self._wording.kept,
            )
        )

    def _wait_after(self, answer: Answer) -> float:
        """How long the service wants to be left alone. Raises Refused where no waiting helps, or it wants too long."""
        slower = answer.status == 403 and "retry-after" in answer.headers  # OpenAlex's word for too fast
        if answer.status not in (429, 500, 502, 503, 504) and not slower:
            raise self._refusal(answer)
        wait = self._asked_to_wait(answer)
        if wait > self._etiquette.longest_wait:
            raise Refused(
                said(
                    "%(service)s asks to wait %(wait)s seconds before the next request; %(wording_wait)s.",
                    service=self._service,
                    wait=f"{wait:,.0f}",
                    wording_wait=self._wording.wait,
                ),
                answer.status,
            )
        return wait

    def _take_turn(self) -> None:
        """Wait for the next turn, and spend one request of the budget."""
        if self.made >= self._etiquette.requests:
            raise InputError(
                said(
                    "The budget of %(requests)s requests to %(service)s is spent; %(more)s.",
                    requests=f"{self._etiquette.requests:,}",
                    service=self._service,
                    more=self._wording.more,
                )
            )
        wait = self._last + self._apart - self._now()
        if self.made and wait > 0:
            self._sleep(min(wait, self._etiquette.longest_wait))
        self._last = self._now()
        self.made += 1

    def _learn(self, answer: Answer) -> None:
        """Go slower where the service says how many requests it allows in which time; never quicker."""
        self.told = answer.headers
        limit = answer.headers.get("x-rate-limit-limit", "")
        span = answer.headers.get("x-rate-limit-interval", "").removesuffix("s")
        if limit.isdigit() and span.isdigit() and int(limit):
            self._apart = max(self._apart, int(span) / int(limit))

    def _asked_to_wait(self, answer: Answer) -> float:
        said = answer.headers.get("retry-after", "").strip()
        if said.isdigit():
            return float(said)
        try:
            return max(0.0, email.utils.parsedate_to_datetime(said).timestamp() - self._now()) if said else 0.0
        except ValueError:
            return 0.0

    def _refusal(self, answer: Answer) -> Refused:
        told = _said(answer)
        if self._etiquette.key:
            told = told.replace(self._etiquette.key, "(the key)")
        return Refused(
            said(
                "%(service)s refused %(asked)s (status %(status)s%(told)s); %(mend)s.",
                service=self._service,
                asked=self._wording.asked,
                status=answer.status,
                told=told,
                mend=self._wording.mend,
            ),
            answer.status,
        )


def _said(answer: Answer) -> str:
    """What the service gives as its reason: in `message`, in a list of messages, or in `title` (RFC 9457)."""
    try:
        found = json.loads(answer.body)
        said = (found.get("message") or found.get("title", "")) if isinstance(found, dict) else ""
        said = said[0].get("message", "") if isinstance(said, list) else said
    except (ValueError, RecursionError, LookupError, AttributeError):
        said = ""
    return f": {' '.join(said.split())[:200]}" if isinstance(said, str) and said else ""
