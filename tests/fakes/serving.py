"""A service on this machine that answers over real HTTP, and fails in the ways that services do when it is told to."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Reply:
    """What is answered to one request; `cut` ends the connection after so many bytes of the body."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None


@dataclass
class Request:
    """What was asked: the path, its parameters, and headers under small letters."""

    path: str
    parameters: dict[str, str]
    headers: dict[str, str]


@dataclass
class Fake:
    """A running service: where it is, what it was asked, and the failures that come before its next answers."""

    answer: Callable[[Request], Reply]
    address: str = ""
    requests: list[Request] = field(default_factory=list)
    failures: list[Reply] = field(default_factory=list)


def _handler(fake: Fake) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), headers)
            fake.requests.append(request)
            self.give(fake.failures.pop(0) if fake.failures else fake.answer(request), request)

        def give(self, reply: Reply, request: Request) -> None:
            body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            headers: Mapping[str, str] = {"Content-Type": "application/json"} | reply.headers
            if "gzip" in request.headers.get("accept-encoding", "") and reply.cut is None:
                body, headers = gzip.compress(body, 1), {**headers, "Content-Encoding": "gzip"}
            self.send_response(reply.status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body if reply.cut is None else body[: reply.cut])
            self.close_connection = True

        def log_message(self, format: str, *arguments: Any) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def serving(answer: Callable[[Request], Reply]) -> Iterator[Fake]:
    """The service for the length of a block."""
    fake = Fake(answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    fake.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
