"""No test reaches the network: only this machine answers."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest


class NetworkIsOff(Exception):
    """A test tried to reach another machine. Not an OSError, so that no code under test takes it for bad weather."""


def is_here(host: object) -> bool:
    """Whether the host is this machine."""
    if isinstance(host, bytes):
        host = host.decode()
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _refuse_elsewhere(host: object) -> None:
    if not is_here(host):
        raise NetworkIsOff(f"A test tried to reach {host}; tests use loopback only.")


def _guard(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    original = getattr(socket.socket, name)

    def guarded(self: socket.socket, *arguments: Any) -> Any:
        address = arguments[-1]  # sendto(data, [flags,] address), connect(address)
        if self.family != getattr(socket, "AF_UNIX", None):
            _refuse_elsewhere(address[0])
        return original(self, *arguments)

    monkeypatch.setattr(socket.socket, name, guarded)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections to loopback and unix sockets pass; any other, and any look-up of a name, is refused."""
    for name in ("connect", "connect_ex", "sendto"):
        _guard(name, monkeypatch)
    look_up = socket.getaddrinfo

    def guarded_look_up(host: Any, *arguments: Any, **options: Any) -> Any:
        _refuse_elsewhere(host)
        return look_up(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)
