"""The grammar of model formulas: text in, terms out. Nothing in a formula is ever run as a program.

A term is a set of pieces multiplied together; a piece is a column, a factor, or arithmetic on columns.
Source: Wilkinson and Rogers (1973), Applied Statistics 22(3), 392-399; the signs as R and statsmodels write them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from whatworks.errors import InputError
from whatworks.saying import said

TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[^\W\d][\w.]*)|`(?P<quoted>[^`]+)`"
    r"|(?P<text>\"[^\"]*\"|'[^']*')|(?P<sign>\*\*|[-+*/:^~(),]))"
)
FUNCTIONS = ("I", "log", "log2", "log10", "exp", "sqrt", "abs", "center", "scale")
FACTORS = ("C", "factor")
DEEP, LONG, MANY = 40, 400, 500  # nesting, signs and names, terms: more than these is a mistake, not a model
TIGHT = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 3, "**": 3}


@dataclass(frozen=True, slots=True)
class Number:
    """A number written in the formula."""

    value: float


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table, by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function of an expression; label: the call as written, without spaces."""

    function: str
    inner: Expression
    label: str


@dataclass(frozen=True, slots=True)
class Operation:
    """Two expressions joined by a sign."""

    sign: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Factor:
    """A column taken as categories; reference: the level named in the formula, None for the first in sorted order."""

    column: str
    reference: str | None = None


Expression = Number | Column | Call | Operation
Piece = Column | Call | Factor
Term = tuple[Piece, ...]  # the intercept is the empty term


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula read. response: None where it names none; terms: main effects first, then products, each as written."""

    text: str
    response: str | None
    intercept: bool
    terms: tuple[Term, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the terms use, each once."""
        used = (name for term in self.terms for piece in term for name in columns_of(piece))
        return tuple(dict.fromkeys(used))


def label_of(piece: Piece) -> str:
    """The piece as the names of coefficients show it."""
    if isinstance(piece, Column):
        return piece.name
    return f"C({piece.column})" if isinstance(piece, Factor) else piece.label


def columns_of(piece: Piece | Expression) -> Iterator[str]:
    """The names of the columns inside a piece."""
    match piece:
        case Column(name) | Factor(name):
            yield name
        case Call(_, inner):
            yield from columns_of(inner)
        case Operation(_, left, right):
            yield from columns_of(left)
            yield from columns_of(right)


def parse(text: str) -> Formula:
    """Read `response ~ terms`, `~ terms` or `terms`; InputError says what cannot be read and where."""
    if not isinstance(text, str) or not text.strip():
        raise InputError(
            said('The formula is empty; write for example "yi ~ year + C(group)", or "yi ~ 1" for the mean.')
        )
    return _Reader(text).formula()


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if match is None:
            raise InputError(
                said(
                    "The formula cannot be read from %(text)r on; mend what stands there.", text=text[at:].strip()[:20]
                )
            )
        kind = str(match.lastgroup)
        value = match[kind]
        found.append(("name" if kind == "quoted" else kind, value[1:-1] if kind == "text" else value))
        at = match.end()
    return found


class _Reader:
    """Reads one formula from left to right, by recursive descent."""

    def __init__(self, text: str) -> None:
        self.text, self.tokens, self.at, self.depth = text, _tokens(text), 0, 0
        if len(self.tokens) > LONG:
            raise self.error(
                said(
                    "has %(count)s signs and names; %(long)s is the most that is read",
                    count=len(self.tokens),
                    long=LONG,
                )
            )

    def formula(self) -> Formula:
        response = None
        if sum(token == ("sign", "~") for token in self.tokens) > 1:
            raise self.error(said("has more than one ~; only one stands between the effect and its moderators"))
        if ("sign", "~") in self.tokens:
            response = self.response()
        terms = self.terms()
        if self.at < len(self.tokens):
            raise self.error(said("cannot be read from %(tokens)r on", tokens=self.tokens[self.at][1]))
        kept = tuple(sorted((term for term in terms if term), key=len))
        return Formula(self.text.strip(), response, () in terms, kept)

    def response(self) -> str | None:
        if self.take("~"):
            return None
        kind, name = self.tokens[0]
        if kind != "name" or self.tokens[1] != ("sign", "~"):
            raise self.error(
                said("must name one column before the ~, such as yi; compute a new column for anything else")
            )
        self.at = 2
        return name

    def error(self, what: str) -> InputError:
        return InputError(said("The formula %(text)r %(what)s.", text=self.text.strip()[:80], what=what))

    def sign(self) -> str:
        kind, value = self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")
        return value if kind == "sign" else ""

    def take(self, *signs: str) -> str:
        """The next sign if it is one of these, which is then behind us."""
        found = self.sign()
        if found not in signs:
            return ""
        self.at += 1
        return found

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise self.error(said("lacks a %(sign)r", sign=sign))

    def next(self) -> tuple[str, str]:
        if self.at == len(self.tokens):
            raise self.error(said("stops short; something is missing at its end"))
        self.at += 1
        return self.tokens[self.at - 1]

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEP:
            raise self.error(said("nests more than %(deep)s deep; write it more simply", deep=DEEP))

    def terms(self) -> list[Term]:
        """A sum of terms; the intercept is in it unless taken out by -1 or 0."""
        found: list[Term] = [()]
        sign = self.take("+", "-") or "+"
        while sign:
            if self.zero():
                found = _without(found, [()]) if sign == "+" else _joined([()], found)
            elif sign == "+":
                found = _joined(found, self.crossed())
            else:
                found = _without(found, self.crossed())
            sign = self.take("+", "-")
        return self.few(found)

    def zero(self) -> bool:
        at_zero = self.at < len(self.tokens) and self.tokens[self.at] == ("number", "0")
        self.at += at_zero
        return at_zero

    def few(self, terms: list[Term]) -> list[Term]:
        if len(terms) > MANY:
            raise self.error(said("stands for %(count)s terms; write fewer", count=len(terms)))
        return terms

    def crossed(self) -> list[Term]:
        """Terms joined by * (both and their product) or / (the second within the first)."""
        found = self.multiplied()
        while sign := self.take("*", "/"):
            right = self.multiplied()
            inside = _products(found, right) if sign == "*" else _products([_all(found)], right)
            found = self.few(_joined(found, right if sign == "*" else [], inside))
        return found

    def multiplied(self) -> list[Term]:
        found = self.powered()
        while self.take(":"):
            found = self.few(_products(found, self.powered()))
        return found

    def powered(self) -> list[Term]:
        base = found = self.single()
        if self.take("^", "**"):
            kind, times = self.next()
            if kind != "number" or not times.isdigit() or not 1 <= int(times) <= 9:
                raise self.error(said("raises terms to a power that is not a whole number; write I(x^2) for a square"))
            for _ in range(int(times) - 1):
                found = self.few(_joined(found, _products(found, base)))
        return found

    def single(self) -> list[Term]:
        if self.take("("):
            self.deeper()
            found = _without(self.terms(), [()])
            self.need(")")
            self.depth -= 1
            return found
        kind, value = self.next()
        if kind == "number" and value == "1":
            return [()]
        if kind != "name":
            raise self.error(said("has %(value)r where a column should stand; put arithmetic inside I( )", value=value))
        return [(self.piece(value),)]

    def piece(self, name: str) -> Piece:
        if not self.take("("):
            return Column(name)
        return self.factor() if name in FACTORS else self.call(name)

    def factor(self) -> Factor:
        kind, column = self.next()
        if kind != "name":
            raise self.error(said("must name one column inside C( )"))
        reference = None
        if self.take(","):
            reference = self.next()[1]
        self.need(")")
        return Factor(column, reference)

    def call(self, function: str) -> Call:
        if function not in FUNCTIONS:
            raise self.error(
                said(
                    "calls %(function)s, which is not one of C, %(functions)s",
                    function=function,
                    functions=", ".join(FUNCTIONS),
                )
            )
        start = self.at
        inner = self.arithmetic(1)
        label = "".join(value for _, value in self.tokens[start : self.at])
        self.need(")")
        return Call(function, inner, f"{function}({label})")

    def arithmetic(self, tight: int) -> Expression:
        """An expression whose signs bind at least this tightly; powers bind to the right, the others to the left."""
        self.deeper()
        left = self.operand()
        while TIGHT.get(self.sign(), 0) >= tight:
            sign = self.next()[1]
            right = self.arithmetic(TIGHT[sign] + (TIGHT[sign] < 3))
            left = Operation("^" if sign == "**" else sign, left, right)
        self.depth -= 1
        return left

    def operand(self) -> Expression:
        if self.take("-"):
            return Operation("-", Number(0.0), self.arithmetic(2))
        if self.take("("):
            inner = self.arithmetic(1)
            self.need(")")
            return inner
        kind, value = self.next()
        if kind == "number":
            return Number(float(value))
        if kind != "name":
            raise self.error(said("has %(value)r where a number or a column should stand", value=value))
        return self.call(value) if self.take("(") else Column(value)


def _joined(*parts: Iterable[Term]) -> list[Term]:
    """Each term once, in the order met; a:b and b:a are one."""
    found: dict[frozenset[Piece], Term] = {}
    for part in parts:
        for term in part:
            found.setdefault(frozenset(term), term)
    return list(found.values())


def _without(terms: Iterable[Term], out: Iterable[Term]) -> list[Term]:
    gone = {frozenset(term) for term in out}
    return [term for term in terms if frozenset(term) not in gone]


def _products(left: Iterable[Term], right: Iterable[Term]) -> list[Term]:
    return _joined(_all(pair) for pair in product(left, right))


def _all(terms: Iterable[Term]) -> Term:
    return tuple(dict.fromkeys(piece for term in terms for piece in term))
