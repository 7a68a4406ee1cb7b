"""Reruns against a fake on this machine, without real waiting."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from tests.fakes.serving import Fake, Reply, Request
from whatworks.collate.online import Etiquette, Fetching, fetch

Serve: TypeAlias = Callable[[Callable[[Request], Reply]], Fake]
POLITE = Etiquette(mailto="someone@example.org", key="secret-key", requests=50, timeout=5, tries=3)


class Clock:
    """A time that passes only by sleeping."""

    def __init__(self) -> None:
        self.time, self.slept = 1_000_000.0, [0.0]

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    def now(self) -> float:
        return self.time


def rerun(
    fake: Fake, service: str = "openalex", query: str = "foster care", *, clock: Clock | None = None, **options: Any
) -> Fetching:
    """A rerun against a fake, without real waiting."""
    clock = clock or Clock()
    etiquette = options.pop("etiquette", POLITE)
    return fetch(service, query, etiquette, base=f"{fake.address}/works", sleep=clock.sleep, now=clock.now, **options)


def numbers(lines: Iterator[bytes] | Fetching) -> list[str]:
    """What the works are called."""
    works = [json.loads(line) for line in lines]
    return [work.get("id") or work.get("DOI") for work in works]
