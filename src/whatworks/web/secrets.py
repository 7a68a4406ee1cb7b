"""The centre's secret key: made once, readable by its owner only."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from whatworks.errors import InputError
from whatworks.saying import said


def secret_key(home: Path) -> str:
    """The key in the centre's folder, made on first use; refused when others can read it."""
    path = home / "secret_key"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii").strip()
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(64))
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise InputError(said("%(path)s can be read by others; run: chmod 600 %(path)s", path=path))
    return path.read_text(encoding="ascii").strip()
