"""Gather every message that can be translated, from our Python and our templates, into one file for translators.

    python -m tools.messages PATH    # writes a .pot file; docs/how-to/translate.md says what to do with it

It needs no program beside Python, and reads what Django's own `makemessages` reads.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.template.base import Lexer, Token, TokenType

from tools.sources import ROOT

SOURCE = ROOT / "src" / "whatworks"
ONE = {"_", "gettext", "gettext_lazy", "gettext_noop", "said"}
SEVERAL = {"ngettext", "ngettext_lazy", "said_of"}
MARKED = re.compile(r"""_\(("[^"]*"|'[^']*')\)""")  # a constant in a tag or a filter
TRANSLATED = re.compile(r"""translate\s+("[^"]*"|'[^']*')""")
HEADER = """\
# Messages of whatworks. Gathered by `python -m tools.messages`; translate a copy, never this file.
msgid ""
msgstr ""
"Project-Id-Version: whatworks\\n"
"PO-Revision-Date: YEAR-MO-DA HO:MI+ZONE\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: \\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


@dataclass(frozen=True, order=True)
class Message:
    """A sentence or a word of the interface; with a plural where its number decides."""

    text: str
    plural: str = ""


def in_python(text: str) -> Iterator[tuple[int, Message]]:
    r"""Line and message of every call that marks a text; a file that imports no translation has none.

    >>> list(in_python('from django.utils.translation import gettext as _\nsaid = _("Kept.")'))
    [(2, Message(text='Kept.', plural=''))]
    """
    for node in ast.walk(ast.parse(text)) if "gettext" in text or "saying" in text else ():
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        said = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if node.func.id in ONE and said:
            yield node.lineno, Message(said[0])
        elif node.func.id in SEVERAL and len(said) > 1:
            yield node.lineno, Message(said[0], said[1])


def in_template(text: str) -> Iterator[tuple[int, Message]]:
    """Line and message of every tag and constant that marks a text.

    >>> list(in_template('<p>{% blocktranslate count n=n %}{{ n }} page{% plural %}{{ n }} pages{% endblocktranslate %}'))
    [(1, Message(text='%(n)s page', plural='%(n)s pages'))]
    """
    parts: list[str] | None = None
    begun = 0
    for token in Lexer(text).tokenize():
        name = token.contents.partition(" ")[0] if token.token_type == TokenType.BLOCK else ""
        if name == "endblocktranslate" and parts is not None:
            yield begun, Message(*parts)
            parts = None
        elif parts is not None:
            parts = [*parts, ""] if name == "plural" else [*parts[:-1], parts[-1] + _inside(token)]
        elif name == "blocktranslate":
            parts, begun = [""], token.lineno
        if parts is None or name == "blocktranslate":
            yield from ((token.lineno, one) for one in _constants(token, name))


def _inside(token: Token) -> str:
    """A piece of a block as its message has it: what Django looks up when it renders."""
    if token.token_type == TokenType.VAR:
        return f"%({token.contents})s"
    return token.contents.replace("%", "%%") if token.token_type == TokenType.TEXT else ""


def _constants(token: Token, name: str) -> Iterator[Message]:
    if token.token_type not in (TokenType.BLOCK, TokenType.VAR):
        return
    found = [one.group(1) for one in MARKED.finditer(token.contents)]
    if name == "translate" and (said := TRANSLATED.match(token.contents)):
        found.append(said.group(1))
    yield from (Message(one[1:-1].replace("%", "%%")) for one in found)


def gathered(source: Path = SOURCE) -> dict[Message, list[str]]:
    """Every message and where it stands, in the order of the messages."""
    places: dict[Message, list[str]] = {}
    for ending, read in ((".py", in_python), (".html", in_template)):
        for path in sorted(source.rglob(f"*{ending}")):
            for line, message in read(path.read_text("utf-8")):
                places.setdefault(message, []).append(f"{path.relative_to(source.parent).as_posix()}:{line}")
    return dict(sorted(places.items()))


def quoted(text: str) -> str:
    r"""A text as a line of the file.

    >>> quoted('“Kept”, he said\n')
    '"“Kept”, he said\\n"'
    """
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{plain}"'


def pot(messages: dict[Message, list[str]]) -> str:
    """The file that translators take a copy of."""
    lines = [HEADER]
    for one, places in messages.items():
        lines.append(f"#: {' '.join(places)}")
        if re.search(r"%\(\w+\)s", one.text + one.plural):
            lines.append("#, python-format")
        lines.append(f"msgid {quoted(one.text)}")
        if one.plural:
            lines += [f"msgid_plural {quoted(one.plural)}", 'msgstr[0] ""', 'msgstr[1] ""', ""]
        else:
            lines += ['msgstr ""', ""]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Write the file, and say how much there is to translate."""
    if len(arguments) != 1:
        print("Say where the messages are written: python -m tools.messages whatworks.pot", file=sys.stderr)
        return 2
    messages = gathered()
    Path(arguments[0]).write_text(pot(messages), "utf-8")
    words = sum(len(one.text.split()) for one in messages)
    print(f"{len(messages):,} messages, {words:,} words: {arguments[0]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
