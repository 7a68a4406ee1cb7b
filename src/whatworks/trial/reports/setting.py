"""The typesetter, typst, in a process of its own for one document: it may use so much time and memory and no more.

It is not called in the process that serves: its threads do not outlive a fork, and a fork waits for them for ever.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from typing import Any

from whatworks.collate.sources.bounded import hold
from whatworks.errors import WhatworksError
from whatworks.saying import said

SECONDS = 60  # for one document; the longest that ships takes about one
MEMORY = 2 * 1024**3  # bytes
PPI = 200


class SettingError(WhatworksError):
    """The document could not be set. Says why."""


def typeset(source: str, data: str, *, form: str = "pdf", at: int = 0) -> bytes:
    """What typst makes of a source and data, as "pdf" (tagged, PDF/UA-1 and PDF/A-2a) or "png". Raises SettingError."""
    asked = json.dumps({"source": source, "data": data, "form": form, "at": at})
    command = [sys.executable, "-I", "-m", "whatworks.trial.reports.setting"]
    try:
        told = subprocess.run(command, input=asked, capture_output=True, text=True, timeout=SECONDS, check=False)
        answer: dict[str, str] = json.loads(told.stdout or "{}")
    except (OSError, ValueError, subprocess.TimeoutExpired):
        answer = {}
    if "made" not in answer:
        raise SettingError(
            said("The document could not be set: %(error)s", error=answer.get("error") or said("it took too long"))
        )
    return base64.b64decode(answer["made"])


def _set(asked: dict[str, Any]) -> dict[str, str]:
    import typst

    fonts = typst.Fonts(include_system_fonts=False)  # those of the machine would make another page elsewhere
    options = {"pdf_standards": ["ua-1", "a-2a"]} if asked["form"] == "pdf" else {"ppi": PPI}
    try:
        made = typst.compile(
            asked["source"].encode(),
            font_paths=fonts,
            sys_inputs={"data": asked["data"]},
            format=asked["form"],
            timestamp=asked["at"],
            **options,
        )
    except typst.TypstError as error:
        return {"error": f"{error} {' '.join(error.hints)}".strip()}
    return {"made": base64.b64encode(bytes(made or b"")).decode()}


if __name__ == "__main__":
    os.putenv("RAYON_NUM_THREADS", "1")  # read by typst: a document is too small to be shared out
    hold(MEMORY, SECONDS)
    sys.stdout.write(json.dumps(_set(json.loads(sys.stdin.read()))))
