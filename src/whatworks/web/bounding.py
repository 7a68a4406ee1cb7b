"""How much a browser may send in one request."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from whatworks.collate.uploads import LARGEST

BESIDE = 1024 * 1024  # bytes for the other fields of a form


class Bounded(FileUploadHandler):
    """Refuses a request with files by its stated length, before any of it is written to the disk.

    Forms say it more kindly, but only once all of a file is here; and a form's token stands inside what is sent, so
    this is also what keeps somebody without an account from filling the disk.
    """

    def handle_raw_input(
        self, input_data: Any, META: dict[str, Any], content_length: int, boundary: bytes, encoding: str | None = None
    ) -> None:
        if content_length > LARGEST + BESIDE:
            raise RequestDataTooBig(f"{content_length} bytes are more than the {LARGEST} that a file may have.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
