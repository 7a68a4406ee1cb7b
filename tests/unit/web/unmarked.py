"""What a template or a module says to people without handing it to translation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.template.base import Lexer, Token, TokenType

LETTER = re.compile(r"[^\W\d_]")
SPOKEN = {"aria-label", "aria-description", "aria-roledescription", "title", "placeholder", "alt", "label", "summary"}
SILENT = {"script", "style", "code", "pre", "kbd"}  # a program, what is typed as it stands, and keys
SENTENCE = re.compile(r"\S\s+\S")  # a value that is sent, and what a script reads, are words only with a space between
MARKED = re.compile(r"""_\((?:"[^"]*"|'[^']*')\)""")
PLACE = re.compile(r"%\((\w+)\)[rs]")
CONSTANT = re.compile(r""""([^"]*)"|'([^']*)'""")
FORMATS = re.compile(r"""\|(?:date|time|slice|stringformat|cut|floatformat|join|add):(?:"[^"]*"|'[^']*')""")
COMPARED = {"if", "elif", "ifchanged", "for", "url", "static", "load", "extends", "block", "now", "cycle", "icon"}
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop"}
ERROR = re.compile(
    r"(Input|Forbidden|Conflict|Whatworks|Busy|NotThere|Token|TooMany|TooOften|NotAcceptable|Typesetting|Withdrawn)Error"
)
ERRORS = {"TooSlow", "Refused", "Unreached", "Unreachable", "XmlRefused", "Wrong"}  # that do not end in Error
SAID = {"success", "info", "warning", "error"}  # of django.contrib.messages
NAMES = {"label", "help_text", "empty_label", "verbose_name"}


def in_template(text: str) -> list[tuple[int, str]]:
    """Line and words of every text, read-out attribute and constant of a template that stands outside translation."""
    shown, found, depth = [], [], 0
    for token in Lexer(text).tokenize():
        name = token.contents.partition(" ")[0] if token.token_type == TokenType.BLOCK else ""
        depth -= name in ("endblocktranslate", "endcomment")
        if token.token_type == TokenType.TEXT:
            shown.append(re.sub(r"[^\n]", "", token.contents) if depth else token.contents)
        elif token.token_type != TokenType.COMMENT:
            shown.append("1" if token.token_type == TokenType.VAR or name == "translate" else "")
            found += [(token.lineno, words) for words in _constants(token, name) if not depth]
        depth += name in ("blocktranslate", "comment")
    return [*_Read("".join(shown)).found, *found]


def _constants(token: Token, name: str) -> Iterator[str]:
    """Words in a tag or a filter that a reader would see: not what is compared, and not how a date is written."""
    if name in COMPARED or name in ("translate", "blocktranslate") or name.startswith("end"):
        return
    told = FORMATS.sub("", MARKED.sub("", token.contents))
    if name == "include":
        told = told.partition(" with ")[2]
    for said in CONSTANT.finditer(told):
        words = said.group(1) or said.group(2) or ""
        if re.search(r"[A-Z][a-z]|[^\W\d_]\s+[^\W\d_]", words):
            yield words


class _Read(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self._silent = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        told = {name: value or "" for name, value in attrs}
        for name, value in told.items():
            read_out = name in SPOKEN or (name == "content" and told.get("name") == "description")
            if LETTER.search(value) and (read_out or (name.startswith("data-") and SENTENCE.search(value))):
                self.found.append((self.getpos()[0], value))

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT

    def handle_data(self, data: str) -> None:
        if LETTER.search(data) and not self._silent:
            self.found.append((self.getpos()[0], " ".join(data.split())))


def in_python(text: str) -> Iterator[tuple[int, str]]:
    """Line and words of what a form or a message says that is not marked, and of what is marked and cannot be gathered."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        of = getattr(getattr(node.func, "value", None), "id", "")
        if name in MARKS and node.args and not isinstance(node.args[0], ast.Constant):
            yield node.lineno, f"{ast.unparse(node)}: only a text that stands here can be gathered"
        said: list[ast.expr] = [one.value for one in node.keywords if one.arg in NAMES]
        said += node.args[1:2] if of == "messages" and name in SAID else []
        said += node.args[1:2] if name == "add_error" else node.args[:1] if name == "ValidationError" else []
        said += [
            value
            for one in node.keywords
            if one.arg == "error_messages" and isinstance(one.value, ast.Dict)
            for value in one.value.values
        ]
        for one in said:
            yield from ((one.lineno, words) for words in _bare(one))


def _bare(node: ast.expr) -> Iterator[str]:
    """The words of an expression that are seen as they stand."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and LETTER.search(node.value):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        told = "".join(one.value for one in node.values if isinstance(one, ast.Constant))
        if LETTER.search(told):
            yield told
    elif isinstance(node, ast.IfExp):
        yield from (*_bare(node.body), *_bare(node.orelse))
    elif isinstance(node, ast.BinOp):
        yield from (*_bare(node.left), *_bare(node.right))


def in_errors(text: str) -> Iterator[tuple[int, str]]:
    """Line and words of what an error says that is not `said(...)`, and of what is put into one and is not."""
    tree = ast.parse(text)
    marks = {
        one.asname or one.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "whatworks.saying"
        for one in node.names
    } & {"said", "said_of"}
    for node in ast.walk(tree):
        name = _called(node)
        if isinstance(node, ast.Call) and (name in ERRORS or ERROR.fullmatch(name)):
            told = node.args[1:] if name == "Wrong" else node.args  # its first is the key in the file
            yield from ((one.lineno, words) for one in told for words in _bare(one))
        elif isinstance(node, ast.Call) and name in marks:
            yield from ((node.lineno, words) for one in node.keywords for words in _bare(one.value))
            texts = node.args[1:3] if name == "said_of" else node.args[:1]
            if not all(isinstance(one, ast.Constant) for one in texts):
                yield node.lineno, f"{ast.unparse(node)}: only a text that stands here can be gathered"
            else:
                yield from ((node.lineno, words) for words in _misfit(node, [str(one.value) for one in texts]))


def _misfit(call: ast.Call, texts: list[str]) -> Iterator[str]:
    """The sentence of a call that lacks one of its names, or gives one that stands nowhere in it."""
    given = {one.arg for one in call.keywords}
    wanted = {name for text in texts for name in PLACE.findall(text.replace("%%", ""))}
    if None not in given and given and wanted != given:
        yield f"{texts[0]}: it has {sorted(wanted)}, and is given {sorted(map(str, given))}"


def told_unspoken(text: str) -> Iterator[tuple[int, str]]:
    """Line and call of every error that a form or a notice tells in English, whatever the centre speaks."""
    for node in ast.walk(ast.parse(text)):
        of = getattr(getattr(getattr(node, "func", None), "value", None), "id", "")
        if isinstance(node, ast.Call) and (
            _called(node) == "add_error" or (of == "messages" and _called(node) in SAID)
        ):
            yield from ((one.lineno, ast.unparse(node)) for one in node.args[1:] if _called(one) == "str")


def _called(node: ast.AST) -> str:
    func = getattr(node, "func", None)
    return func.id if isinstance(func, ast.Name) else str(getattr(func, "attr", ""))
