"""The typesetter, typst, in a process of its own: it may use so much time and memory and no more, and then it is ended.

It stays for the next page, because to start it takes longer than to set a page. It is not called in the process that
serves: its threads do not outlive a fork, and a fork waits for them for ever.
"""

from __future__ import annotations

import atexit
import base64
import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from functools import lru_cache
from typing import Any

from whatworks.errors import WhatworksError
from whatworks.paper.bounded import hold
from whatworks.saying import said

SECONDS = 20.0  # for one page; the longest that ships takes a tenth of one
MEMORY = 2 * 1024**3  # bytes
LIFE = 200  # pages until another process takes over, so that what it remembers stays small
PROCESSOR = 600  # seconds of one processor in its life
STANDARDS = ("ua-1", "a-2a")  # of a PDF: tagged for screen readers (PDF/UA-1), and to last (PDF/A-2a)


class TypesettingError(WhatworksError):
    """The page could not be set. Says why."""


def typeset(source: str, data: dict[str, str], *, form: str = "pdf", at: int = 0, ppi: int = 200) -> bytes:
    """What typst makes of a source and data: a "pdf" by STANDARDS, or a "png" of so many points to the inch.

    `at` is the time that the file gives for itself, in seconds since 1970. Raises TypesettingError where it cannot be set.
    """
    options = {"pdf_standards": STANDARDS} if form == "pdf" else {"ppi": ppi}
    asked = {"source": source, "data": data, "form": form, "at": at, "options": options}
    with _lock:
        answer = _helper().ask(json.dumps(asked))
        if not answer:
            _let_go()
    if "made" not in answer:
        raise TypesettingError(
            said("The page could not be set: %(error)s", error=answer.get("error") or said("it took too long"))
        )
    return base64.b64decode(answer["made"])


class _Helper:
    """The other process, and what was asked of it."""

    def __init__(self) -> None:
        command = [sys.executable, "-I", "-m", "whatworks.paper.typesetting"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.owner, self.asked = os.getpid(), 0

    def usable(self) -> bool:
        """Whether it is ours (a fork must start its own), alive, and not too old."""
        return self.owner == os.getpid() and self.process.poll() is None and self.asked < LIFE

    def ask(self, line: str) -> dict[str, str]:
        """One question, one answer; an empty one where the time was up."""
        assert self.process.stdin and self.process.stdout
        self.asked += 1
        patience = threading.Timer(SECONDS, self.process.kill)
        patience.daemon = True
        patience.start()
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            answer: dict[str, str] = json.loads(self.process.stdout.readline() or "{}")
        except (OSError, ValueError):  # it ended, or was ended, while it wrote
            answer = {}
        finally:
            patience.cancel()
        return answer

    def end(self) -> None:
        """Let it go; a fork leaves its parent's alone."""
        if self.owner != os.getpid():
            return
        with suppress(OSError):
            self.process.kill()
            self.process.wait()
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe:
                    pipe.close()


_lock = threading.Lock()
_held: list[_Helper] = []


def _helper() -> _Helper:
    if not _held or not _held[0].usable():
        _let_go()
        _held.append(_Helper())
    return _held[0]


def _let_go() -> None:
    for one in _held:
        one.end()
    _held.clear()


atexit.register(_let_go)


@lru_cache(maxsize=1)
def _fonts() -> Any:
    """Only the fonts that it brings: those of the machine would make another page elsewhere."""
    import typst

    return typst.Fonts(include_system_fonts=False)


def _set(asked: dict[str, Any]) -> dict[str, str]:
    import typst

    try:
        made = typst.compile(
            asked["source"].encode(),
            font_paths=_fonts(),
            sys_inputs=asked["data"],
            format=asked["form"],
            timestamp=asked["at"],
            **asked["options"],
        )
    except typst.TypstError as error:
        return {"error": f"{error} {' '.join(error.hints)}".strip()}
    return {"made": base64.b64encode(made).decode()}


if __name__ == "__main__":
    os.putenv("RAYON_NUM_THREADS", "1")  # read by typst: a page is too small to be shared out, and would take longer
    hold(MEMORY, PROCESSOR)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_set(json.loads(line))) + "\n")
        sys.stdout.flush()
