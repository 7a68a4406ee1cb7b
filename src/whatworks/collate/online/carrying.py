"""Carrying: one request to one host and its whole answer, by the standard library's HTTP, within bounds."""

from __future__ import annotations

import gzip
import http.client
import io
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

LARGEST_ANSWER = 64 * 1024 * 1024  # bytes, unpacked; a page of 500 works of Crossref counts 8 million
_REDIRECTS = 3


class Unreachable(Exception):
    """No whole answer came: why, in a few words. Asking again may help."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def carry(address: str, headers: Mapping[str, str], timeout: float) -> Answer:
    """The answer to a GET. A redirection is followed only on the same host, so that a key goes nowhere else.

    Raises Unreachable where the connection fails, is cut, or brings more than LARGEST_ANSWER.
    """
    for _ in range(_REDIRECTS):
        answer = _once(address, headers, timeout)
        place = answer.headers.get("location", "")
        if answer.status not in (301, 302, 303, 307, 308) or not place:
            return answer
        there = urljoin(address, place)
        if _origin(there) != _origin(address):
            raise Unreachable("it points to another host")
        address = there
    raise Unreachable("it points from one address to the next without end")


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc


def _once(address: str, headers: Mapping[str, str], timeout: float) -> Answer:
    parts = urlsplit(address)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(parts.netloc, timeout=timeout, context=ssl.create_default_context())
    else:
        connection = http.client.HTTPConnection(parts.netloc, timeout=timeout)
    try:
        connection.request("GET", f"{parts.path or '/'}?{parts.query}", headers=dict(headers))
        response = connection.getresponse()
        body = response.read(LARGEST_ANSWER + 1)
        declared = response.getheader("Content-Length") or ""
        empty = response.status in (204, 304)  # these say how long the body would be, and send none
        if not empty and declared.isdigit() and len(body) < min(int(declared), LARGEST_ANSWER + 1):
            raise Unreachable("the connection was cut in the middle of the answer")
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, _unpacked(body, found.get("content-encoding", "")))
    except http.client.IncompleteRead as error:
        raise Unreachable("the connection was cut in the middle of the answer") from error
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(_words(error)) from error
    finally:
        connection.close()


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _unpacked(body: bytes, packing: str) -> bytes:
    if body and packing.lower() == "gzip":
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed:
                body = packed.read(LARGEST_ANSWER + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise Unreachable("the answer could not be unpacked") from error
    if len(body) > LARGEST_ANSWER:
        raise Unreachable(f"the answer is longer than {LARGEST_ANSWER:,} bytes")
    return body
