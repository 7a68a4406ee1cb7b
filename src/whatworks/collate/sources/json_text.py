"""JsonText: a place in a JSON file that is read piece by piece, from which whole values are taken, however long the file.

Values are parsed by the standard library, one at a time. Memory holds one value and the piece in hand: LONGEST_VALUE
characters and as much again while it is parsed, 300 MB at the very most (tested with a value of millions of empty lists).
"""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from whatworks.collate.sources.lines import CHUNK, Lines, wide_encoding

LONGEST_VALUE = 8 * 1024 * 1024  # characters; a work with 5,000 authors and their institutions counts 5 million
MOST_BRACKETS = 300_000  # lists and objects of one value; 5,000 authors with their institutions have 40,000
MANY = 1000  # brackets from which on an array is quicker than a loop
NEAR = 16  # an error this close to the end of what was read may be due to what was not read yet: `\ud83`, `-Infinit`

_SPACE = re.compile(r"[ \t\r\n\x1e\ufeff]*")  # with the mark before each text of a JSON sequence, and stray byte marks
_MARKS = re.compile(r"[{}\[\]]")
_STEPS = np.zeros(256, np.int64)
_STEPS[[ord("{"), ord("[")]], _STEPS[[ord("}"), ord("]")]] = 1, -1
_STRING_ENDS = re.compile(r'[^"\\\n]*+(?:\\.[^"\\\n]*+)*+(["\n]|\Z)', re.DOTALL)
_PLAIN_ENDS = re.compile(r"[,\]}\n]")
_ESCAPED = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_HARMFUL = re.compile("[\ud800-\udfff\x00]")  # halves of a pair and NUL: no database keeps them


@dataclass(frozen=True, slots=True)
class Broken(Exception):
    """No value could be taken: why, and whether the file ends in it."""

    reason: str
    cut: bool = False


_AS_CP1252 = "whatworks.cp1252"


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """What a byte that is no UTF-8 most likely was: one of cp1252, or of latin-1 where cp1252 has none."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.start + 1]
    return wrong.decode("latin-1" if wrong in b"\x81\x8d\x8f\x90\x9d" else "cp1252"), error.start + 1


codecs.register_error(_AS_CP1252, _as_cp1252)


def _number(digits: str) -> float | str:
    """A number with a fraction or an exponent; one that is too large to be a number stays text."""
    value = float(digits)
    return value if math.isfinite(value) else digits


def _whole_number(digits: str) -> int | str:
    return int(digits) if len(digits) < 4000 else digits  # Python refuses longer ones, which take too long to turn


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a key that comes twice is kept as `key (2)`, since JSON's own way is to forget the first."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    found = {}
    for key, value in pairs:
        name, times = key, 1
        while name in found:
            times += 1
            name = f"{key} ({times})"
        found[name] = value
    return found


def _decoder(strict: bool, whole: Callable[[str], Any] | None) -> Callable[[str, int], tuple[Any, int]]:
    return json.JSONDecoder(
        object_pairs_hook=_members, parse_float=_number, parse_int=whole, parse_constant=str, strict=strict
    ).raw_decode


_parse = _decoder(True, None)
_parse_leniently = _decoder(False, _whole_number)  # with raw line ends and tabs inside texts, and endless numbers


def harmless(text: str) -> str:
    """The text without what no database can keep, each such character given as U+FFFD."""
    return _HARMFUL.sub("\ufffd", text)


class JsonText:
    """The text of one open file and the place in it; `line` counts from 1 and is right after `mark`."""

    def __init__(self, lines: Lines) -> None:
        self.buffer, self.at, self.ended = "", 0, False
        self.indent: str | None = None  # the spaces before the place, where it is the first of its line
        self.start = 0  # where the last value that was taken begins in the buffer
        self.line, self._counted = 1, 0
        self.strange: list[int] = []  # lines on which bytes were not UTF-8, until they are told
        self.mended = False  # whether the last value was taken only by leniency
        self._pieces = self._decoded(lines)

    def _decoded(self, lines: Lines) -> Iterator[str]:
        wide = wide_encoding(lines.head)
        lines.declared = wide or ("utf-8-sig" if lines.head.startswith(codecs.BOM_UTF8) else "utf-8")
        strict = codecs.getincrementaldecoder(wide or "utf-8")("replace" if wide else "strict")
        lenient = codecs.getincrementaldecoder("utf-8")(_AS_CP1252)
        number = 1
        for chunk in chain(lines.chunks(), (b"",)):
            try:
                text = strict.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                self.strange.append(number + error.object.count(b"\n", 0, error.start))
                lines.declared = "utf-8+cp1252"
                lenient.setstate(strict.getstate())
                text = lenient.decode(chunk, final=not chunk)
                strict.setstate(lenient.getstate())
            number += text.count("\n")
            yield text

    def more(self) -> bool:
        """Read on, letting go what was passed; False at the end of the file."""
        if self.ended:
            return False
        self.mark()
        parts, wanted = [self.buffer[self.at :]], max(CHUNK, len(self.buffer) - self.at)
        while wanted > 0:
            piece = next(self._pieces, None)
            if piece is None:
                self.ended = True
                break
            parts.append(piece)
            wanted -= len(piece)
        self.buffer, self.at, self._counted = "".join(parts), 0, 0
        return len(parts) > 1

    def mark(self) -> int:
        """The line of the place."""
        self.line += self.buffer.count("\n", self._counted, self.at)
        self._counted = self.at
        return self.line

    def peek(self) -> str:
        """The next character that is no space, without passing it; "" at the end of the file."""
        while True:
            space = _SPACE.match(self.buffer, self.at)
            if space and space.end() > self.at:
                _, line_end, spaces = space.group().rpartition("\n")
                self.indent = spaces if line_end else None
                self.at = space.end()
            if self.at < len(self.buffer):
                return self.buffer[self.at]
            if not self.more():
                return ""

    def value(self) -> Any:
        """Take one value. Raises Broken, the place unchanged, where none can be taken."""
        self.mended = False
        while True:
            try:
                found, end = _parse(self.buffer, self.at)
                if end < len(self.buffer) or self.ended or self.buffer[end - 1] in '"]}':
                    self.start, self.at = self.at, end
                    return found
            except json.JSONDecodeError as error:
                if not self._unfinished(error) or (self.ended and self._is_closed()):
                    return self._leniently(error)
            except RecursionError:
                raise Broken("it is nested too deeply") from None
            except ValueError:  # a number of more digits than Python turns into one
                return self._leniently(None)
            if len(self.buffer) - self.at > LONGEST_VALUE:
                raise Broken(f"it is longer than {LONGEST_VALUE:,} characters")
            if self.buffer.count("[", self.at) + self.buffer.count("{", self.at) > MOST_BRACKETS:
                raise Broken(f"it has more than {MOST_BRACKETS:,} lists and objects")
            if not self.more() and self.ended:
                raise Broken("the file ends in the middle of it", cut=True)

    def _unfinished(self, error: json.JSONDecodeError) -> bool:
        return error.pos >= len(self.buffer) - NEAR or error.msg.startswith("Unterminated string")

    def _is_closed(self) -> bool:
        """Whether the value has its end in what is left of the file, all of which is in hand."""
        at = self.at
        try:
            return self.skip()
        finally:
            self.at = at

    def _leniently(self, why: json.JSONDecodeError | None) -> Any:
        reason = f"{why.msg[0].lower()}{why.msg[1:]} ({why.pos - self.at:,} characters in)" if why else "a number"
        try:
            found, end = _parse_leniently(self.buffer, self.at)
        except (ValueError, RecursionError):
            raise Broken(f"it is not JSON: {reason}") from None
        self.start, self.at, self.mended = self.at, end, True
        return found

    def may_harm(self) -> bool:
        """Whether the value that was taken last may hold characters that no database can keep."""
        if self.mended:
            return True
        first = self.buffer.find("\\u", self.start, self.at)
        return first >= 0 and bool(_ESCAPED.search(self.buffer, first, self.at))

    def skip(self) -> bool:
        """Pass one value without keeping it, by its brackets alone; False where the file ends first.

        A line end closes an open text, as no text may hold one, and an object that begins as far in as this value did
        on its own line is its neighbour: what lacks a quotation mark or a bracket then costs itself only.
        """
        if self.peek() not in ("{", "[", '"'):
            self.at += 1  # always on, whatever stands here
            return self.skip_to(_PLAIN_ENDS)
        neighbour = "" if self.indent is None else f"\n{self.indent}{{"
        depth = 0
        while True:
            quote = self.buffer.find('"', self.at)
            stop = quote if quote >= 0 else len(self.buffer) - (0 if self.ended else len(neighbour))
            near = self.buffer.find(neighbour, self.at, stop) if neighbour else -1
            depth, closed = self._through_marks(depth, near if near >= 0 else max(stop, self.at))
            if closed or near >= 0:
                self.at = self.at if closed else near + 1
                return True
            if quote >= 0:
                self.at = quote + 1
                self._skip_string()
                if not depth:
                    return True
            elif not self.more() and self.at >= len(self.buffer):
                return False

    def _through_marks(self, depth: int, stop: int) -> tuple[int, bool]:
        """Pass brackets up to a place before which no text begins: the depth there, and whether the value ended before.

        Where there are too few closing ones to end it, they are only counted: a bomb of brackets is passed quickly.
        """
        buffer, at = self.buffer, self.at
        closers = buffer.count("}", at, stop) + buffer.count("]", at, stop)
        if depth and closers < depth:
            self.at = stop
            return depth + buffer.count("{", at, stop) + buffer.count("[", at, stop) - closers, False
        if closers > MANY:
            depths = depth + np.cumsum(_STEPS[np.frombuffer(buffer[at:stop].encode("ascii", "replace"), np.uint8)])
            ends = np.flatnonzero(depths <= 0)
            self.at = at + int(ends[0]) + 1 if len(ends) else stop
            return int(depths[-1]), bool(len(ends))
        for found in _MARKS.finditer(buffer, at, stop):
            depth += 1 if found.group() in "{[" else -1
            if depth <= 0:
                self.at = found.end()
                return depth, True
        self.at = stop
        return depth, False

    def _skip_string(self) -> None:
        while True:
            found = _STRING_ENDS.match(self.buffer, self.at)
            if found and found.group(1):
                self.at = found.start(1) if found.group(1) == "\n" else found.end()
                return
            keep = 1 if self.buffer.endswith("\\") else 0  # half of an escape waits for the other
            self.at = max(self.at, len(self.buffer) - keep)
            if not self.more():
                self.at = len(self.buffer)
                return

    def skip_to(self, pattern: re.Pattern[str]) -> bool:
        """Go on to the next match of a pattern of two characters at most; False where the file ends first."""
        while True:
            found = pattern.search(self.buffer, self.at)
            if found:
                self.at = found.start()
                return True
            self.at = max(self.at, len(self.buffer) - 1)
            if not self.more():
                self.at = len(self.buffer)
                return False
