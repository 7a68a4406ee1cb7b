"""A request that says it brings more than a file may have is refused before it is read."""

from __future__ import annotations

import io

import pytest
from django.core.exceptions import RequestDataTooBig
from django.http.multipartparser import MultiPartParser

from whatworks.collate.uploads import LARGEST
from whatworks.web.bounding import BESIDE, Bounded

BODY = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.ris"\r\n\r\nTY  - JOUR\r\n--x--\r\n'


def parsed(length: int, body: io.BytesIO) -> None:
    told = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(length)}
    MultiPartParser(told, body, [Bounded()]).parse()


def test_too_much_is_refused_unread() -> None:
    body = io.BytesIO(BODY)
    with pytest.raises(RequestDataTooBig):
        parsed(LARGEST + BESIDE + 1, body)
    assert body.tell() == 0


def test_a_file_passes() -> None:
    body = io.BytesIO(BODY)
    parsed(len(BODY), body)
    assert body.tell() == len(BODY)
