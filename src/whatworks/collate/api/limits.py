"""How much one address may ask in a minute, counted together by all processes of a machine, and forgotten the day after.

A request adds a few bytes to a file whose name is a keyed hash of the address; its length is the count. Appending is one
system call that no process waits for, so readers never take the database's write lock. The key is random, lives one day
and is deleted, so that nobody can say afterwards which address a name stood for.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from time import time

from django.conf import settings
from django.http import HttpRequest

WINDOW = 60  # seconds
MOST = 120  # units in a window: reads of one page or report
FOLDER = "limits"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a window for an address, and the seconds until the next begins."""

    left: int
    renews: int

    @property
    def exceeded(self) -> bool:
        """Whether this request was one too many."""
        return self.left < 0


def spend(address: str, units: int = 1, *, now: float | None = None) -> Allowance:
    """Count a request of an address, and say what is left."""
    return spend_as(network(address), units, now=now)


def spend_as(who: str, units: int = 1, *, now: float | None = None) -> Allowance:
    """Count a request of whoever goes by a name, and say what is left; the name is kept only as a keyed hash."""
    moment = time() if now is None else now
    day, window = int(moment // 86400), int(moment // WINDOW)
    folder = Path(settings.HOME) / FOLDER / str(day)
    name = hmac.new(_key(folder), f"{window} {who}".encode(), hashlib.sha256).hexdigest()[:24]
    file = os.open(folder / f"{window}-{name}", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, b"." * units)
        spent = os.fstat(file).st_size
    finally:
        os.close(file)
    if spent == units:
        _forget(folder, window)
    return Allowance(MOST - spent, max(1, int((window + 1) * WINDOW - moment + 0.999)))


def network(address: str) -> str:
    """An address as far as it names one reader: of IPv6 the network, since a reader has all of its addresses."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(known, ipaddress.IPv6Address):
        known = known.ipv4_mapped or known
    return str(ipaddress.ip_network((known, 64), strict=False)) if known.version == 6 else str(known)


def address_of(request: HttpRequest) -> str:
    """Who asks. In production a proxy of ours stands in front, as https needs it, and adds the address at the end."""
    through = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
    return through if settings.PRODUCTION and through else str(request.META.get("REMOTE_ADDR", ""))


def _key(folder: Path) -> bytes:
    """The day's key, made by the process that comes first and shared by all."""
    path = folder / "key"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = folder / f".{secrets.token_hex(8)}"
    beside.write_bytes(secrets.token_bytes(32))
    try:
        os.link(beside, path)  # whole at once, and never over another's
    except FileExistsError:
        pass
    finally:
        beside.unlink()
    return path.read_bytes()


def _forget(folder: Path, window: int) -> None:
    """Delete the counts of windows that are over, and the days before: with their keys, what the names stood for."""
    for path in folder.iterdir():
        number = path.name.partition("-")[0]
        if number.isdecimal() and int(number) < window - 1:
            path.unlink(missing_ok=True)
    for day in folder.parent.iterdir():
        if day.name.isdecimal() and int(day.name) < int(folder.name):
            shutil.rmtree(day, ignore_errors=True)
