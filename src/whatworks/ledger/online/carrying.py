"""Carrying: one request to one host and its whole answer, by the standard library's HTTP, within bounds."""

from __future__ import annotations

import gzip
import http.client
import io
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import urljoin, urlsplit

from whatworks.errors import InputError
from whatworks.saying import said

LARGEST_ANSWER = 64 * 1024 * 1024  # bytes, unpacked; a page of 500 works of Crossref counts 8 million
LARGEST_FILE = 1024**3  # bytes, unpacked, of a body that goes to a file
CUT = said("the connection was cut in the middle of the answer")
TORN = said("the answer could not be unpacked")
_REDIRECTS = 3
_PIECE = 1024 * 1024


class Unreachable(Exception):
    """No whole answer came: why, in a few words. Asking again may help, unless `again` is False."""

    def __init__(self, why: str, *, again: bool = True) -> None:
        super().__init__(why)
        self.again = again


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def carry(address: str, headers: Mapping[str, str], timeout: float, into: BinaryIO | None = None) -> Answer:
    """The answer to a GET. A redirection is followed only on the same host, so that a key goes nowhere else.

    into: a file that gets the body of an answer with status 200, unpacked; what it held before is gone then, and `body` is
    empty. Raises Unreachable where the connection fails, is cut, or brings more than LARGEST_ANSWER (into a file,
    LARGEST_FILE); InputError where the file cannot be written.
    """
    for _ in range(_REDIRECTS):
        answer = _once(address, headers, timeout, into)
        place = answer.headers.get("location", "")
        if answer.status not in (301, 302, 303, 307, 308) or not place:
            return answer
        there = urljoin(address, place)
        if _origin(there) != _origin(address):
            raise Unreachable(said("it points to another host"))
        address = there
    raise Unreachable(said("it points from one address to the next without end"))


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc


def _once(address: str, headers: Mapping[str, str], timeout: float, into: BinaryIO | None) -> Answer:
    parts = urlsplit(address)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(parts.netloc, timeout=timeout, context=ssl.create_default_context())
    else:
        connection = http.client.HTTPConnection(parts.netloc, timeout=timeout)
    try:
        connection.request("GET", f"{parts.path or '/'}?{parts.query}", headers=dict(headers))
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        if into is None or response.status != 200:
            return Answer(response.status, found, _whole(response, found))
        _pour(response, found, into)
        return Answer(response.status, found, b"")
    except http.client.IncompleteRead as error:
        raise Unreachable(CUT) from error
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(_words(error)) from error
    finally:
        connection.close()


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return said("it did not answer in time")
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _declared(headers: Mapping[str, str]) -> int:
    said = headers.get("content-length", "")
    return int(said) if said.isdigit() else 0


def _whole(response: http.client.HTTPResponse, headers: Mapping[str, str]) -> bytes:
    body = response.read(LARGEST_ANSWER + 1)
    empty = response.status in (204, 304)  # these say how long the body would be, and send none
    if not empty and len(body) < min(_declared(headers), LARGEST_ANSWER + 1):
        raise Unreachable(CUT)
    if body and _packed(headers):
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed:
                body = packed.read(LARGEST_ANSWER + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise Unreachable(TORN) from error
    if len(body) > LARGEST_ANSWER:
        raise _too_long(LARGEST_ANSWER)
    return body


def _packed(headers: Mapping[str, str]) -> bool:
    return headers.get("content-encoding", "").lower() == "gzip"


def _too_long(largest: int) -> Unreachable:
    return Unreachable(said("the answer is longer than %(largest)s bytes", largest=f"{largest:,}"), again=False)


class _Counting(io.RawIOBase):
    """A response that counts what was read of it."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self._response, self.count = response, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        piece = self._response.read(_PIECE if size < 0 else size)
        self.count += len(piece)
        return piece


def _pour(response: http.client.HTTPResponse, headers: Mapping[str, str], into: BinaryIO) -> None:
    """The body into a file, piece by piece, so that a long one needs no memory."""
    into.seek(0)
    into.truncate()
    raw, length = _Counting(response), 0
    source = gzip.GzipFile(fileobj=raw) if _packed(headers) else raw
    try:
        while piece := source.read(_PIECE):
            length += len(piece)
            if length > LARGEST_FILE:
                raise _too_long(LARGEST_FILE)
            _write(into, piece)
    except EOFError as error:
        raise Unreachable(CUT) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise Unreachable(TORN) from error
    if raw.count < _declared(headers):
        raise Unreachable(CUT)


def _write(into: BinaryIO, piece: bytes) -> None:
    try:
        into.write(piece)
    except OSError as error:
        raise InputError(
            said(
                "What was fetched cannot be kept (%(strerror)s); make room, and try again.",
                strerror=error.strerror or str(error),
            )
        ) from error
