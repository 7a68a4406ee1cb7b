"""A document as plain text of 78 columns: for a terminal, a letter, or a reader whose machine opens nothing else."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from whatworks.trial.reports.parts import Block, Bullets, Code, Document, FlowDiagram, Heading, Paragraph, Table

COLUMNS = 78
UNDER = {1: "=", 2: "-"}


def text(document: Document) -> str:
    """The whole document; lines are at most 78 characters but for a word or a line of code that is longer."""
    lines = [*_wrapped(document.title), *_wrapped(document.kind), ""]
    if document.notice:
        lines += [*_wrapped(document.notice.upper()), ""]
    for block in document.blocks:
        lines += [*_block(block), ""]
    lines += ["-" * COLUMNS, *_wrapped(document.foot)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield block.text
        yield UNDER[block.level] * min(len(block.text), COLUMNS)
    elif isinstance(block, Paragraph):
        for line in block.text.splitlines():
            yield from _wrapped(line)
    elif isinstance(block, Bullets):
        for item in block.items:
            yield from _wrapped(f"* {item}", "  ")
    elif isinstance(block, Code):
        yield from ("    " + line for line in block.text.splitlines())
    elif isinstance(block, FlowDiagram):
        yield from _wrapped(block.caption)
        for line in block.lines:
            yield from _wrapped(f"* {line}", "  ")
    else:
        yield from _table(block)


def _table(block: Table) -> Iterator[str]:
    """A table with a head as a block for each row, so that long cells can be read; one of names and values as lines."""
    yield from _wrapped(block.caption)
    for row in block.rows:
        if not block.head:
            yield from _wrapped(f"* {row[0]}: {row[1]}", "  ")
            continue
        yield from _wrapped(f"* {row[0]}", "  ")
        for name, cell in zip(block.head[1:], row[1:], strict=True):
            if cell:
                yield from textwrap.wrap(
                    f"{name}: {cell}", COLUMNS, initial_indent="  ", subsequent_indent="    ", break_long_words=False,
                    break_on_hyphens=False,
                )  # fmt: skip


def _wrapped(words: str, hang: str = "") -> list[str]:
    found = textwrap.wrap(words, COLUMNS, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False)
    return found or [""]
