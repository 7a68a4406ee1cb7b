"""A mail server on this machine that takes letters and keeps them, and refuses, hangs up or dawdles when it is told to."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any


@dataclass
class Sink:
    """A running server: where it is, and what it took. `answer` says what it replies to a recipient (250 takes it)."""

    answer: Callable[[str], str] = lambda recipient: "250 ok"
    port: int = 0
    dawdle: float = 0.0  # seconds before it says that it took a letter
    journal: Path | None = None  # each letter as soon as it is taken, before the sender hears of it
    hang_up_after: int | None = None  # letters on one connection
    letters: list[tuple[str, bytes]] = field(default_factory=list)  # recipient, the letter as it came
    connections: int = 0
    lock: Any = field(default_factory=threading.Lock)

    def took(self) -> list[EmailMessage]:
        """The letters, read."""
        return [email.message_from_bytes(data, policy=email.policy.default) for _, data in self.letters]  # type: ignore[misc]

    def message_ids(self) -> list[str]:
        """Their identifiers, in the order in which they came."""
        return [str(one["Message-ID"]) for one in self.took()]


class _Handler(socketserver.StreamRequestHandler):
    sink: Sink

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        with self.sink.lock:
            self.sink.connections += 1
        try:
            self.converse()
        except OSError:
            return  # the sender is gone, which senders that are killed are

    def converse(self) -> None:
        self.say("220 sink")
        recipients: list[str] = []
        taken = 0
        while line := self.rfile.readline():
            word = line.decode().strip()
            verb = word[:4].upper()
            if verb == "DATA":
                self.say("354 go on")
                if not self.take(recipients, self.body()):
                    return
                recipients, taken = [], taken + 1
                if self.sink.hang_up_after is not None and taken >= self.sink.hang_up_after:
                    return
            elif verb == "RCPT":
                address = word.partition("<")[2].partition(">")[0]
                answer = self.sink.answer(address)
                recipients += [address] if answer.startswith("2") else []
                self.say(answer)
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def body(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def take(self, recipients: list[str], data: bytes) -> bool:
        with self.sink.lock:
            self.sink.letters += [(one, data) for one in recipients]
            if self.sink.journal is not None:
                found = next(line for line in data.splitlines() if line.lower().startswith(b"message-id:"))
                with self.sink.journal.open("ab") as out:
                    out.write(found.partition(b":")[2].strip() + b"\n")
        if self.sink.dawdle:
            time.sleep(self.sink.dawdle)
        self.say("250 taken")
        return True


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False  # a sender that holds its line open must not hold up the end


@contextmanager
def sinking(**told: Any) -> Iterator[Sink]:
    """The server for the length of a block."""
    sink = Sink(**told)
    with _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"sink": sink})) as server:
        sink.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield sink
        finally:
            server.shutdown()
            thread.join()
