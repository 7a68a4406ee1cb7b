"""The public site as plain files: every page a reader can reach, links made relative, ready for any web server or a disk.

What rests on the same as in the last build is taken from there; the rest is made, by two processes where that is quicker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

from whatworks.archive.making import Makers, Waiting
from whatworks.archive.remembering import Remembered, Remembering
from whatworks.archive.rendering import Rendered, file_of

START = "/"
Stored = Callable[[str], "bytes | None"]


@dataclass
class Built:
    """How many files of a build were made now, and how many taken from the last."""

    made: int = 0
    kept: int = 0


def site_files(stored: Stored, told: Built | None = None) -> Iterator[tuple[str, bytes]]:
    """Every reachable public page and the files it needs, by path. Follows links from the front page.

    `stored` gives the bytes of a digest that an earlier build kept.
    """
    told = told or Built()
    before, now = Remembered(stored), Remembering()
    for one, fresh in _crawl(before):
        now.add(one)
        told.made += fresh
        told.kept += not fresh
        yield file_of(one.address), one.body
    now.keep()


def _crawl(before: Remembered) -> Iterator[tuple[Rendered, bool]]:
    """Every file once, and whether it was made now."""
    seen, waiting = {START}, Waiting([START])
    with closing(Makers()) as makers:
        while waiting or makers.busy():
            if waiting and (maker := makers.free()) is not None:
                taken = waiting.take(maker)
                kept = {address: before.still(address) for address in taken}
                if gone := [address for address in taken if kept[address] is None]:
                    makers.make(gone, maker)
                ready = [(one, False) for one in kept.values() if one is not None]
            else:
                ready = [(one, True) for one in makers.made()]
            for one, fresh in ready:
                new = [link for link in one.links if link not in seen]
                seen.update(new)
                waiting.add(new)
                yield one, fresh
