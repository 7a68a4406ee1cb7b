"""LaTeX: the marks that BibTeX files put into text, as the characters they stand for.

Total: what is not known is left as it is. Accents, letters and signs are those that reference managers write; braces that
only hold capitals go, `~` is a space.
"""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307", '"': "\u0308",
    "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328", "b": "\u0331",
}  # fmt: skip
_NAMED = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å",
    "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ",
    "textless": "<", "textgreater": ">", "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^",
    "textbraceleft": "{", "textbraceright": "}",
    "textbar": "|", "textendash": "–", "textemdash": "—", "textquoteleft": "‘", "textquoteright": "’",
    "textquotedblleft": "“", "textquotedblright": "”", "textquotesingle": "'", "textquotedbl": '"', "textdegree": "°",
    "degree": "°", "textregistered": "®", "texttrademark": "™", "copyright": "©", "textcopyright": "©", "pounds": "£",
    "textsterling": "£", "texteuro": "€", "euro": "€", "S": "§", "dots": "…", "ldots": "…", "textellipsis": "…", "pm": "±",
    "times": "×", "cdot": "·", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠", "approx": "≈",
    "sim": "∼", "infty": "∞", "rightarrow": "→", "leftarrow": "←", "textmu": "µ", "textonehalf": "½", "textbullet": "•",
    "guillemotleft": "«", "guillemotright": "»", "textunderscore": "_", "textdollar": "$", "textexclamdown": "¡",
    "textquestiondown": "¿", "backslash": "\\", "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε",
    "varepsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ",
    "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ",
    "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "ensuremath": "", "relax": "", "par": "\n\n", "newline": "\n",
}  # fmt: skip
_STYLES = frozenset(
    "emph textit textbf textsc textrm textsf texttt textup textsl textnormal mbox mathrm mathit mathbf text it bf em rm sc "
    "sl tt url href path enquote textsuperscript textsubscript uppercase lowercase MakeUppercase NoCaseChange".split()
)
_SIMPLE = frozenset("%&_#")
# Marks that must outlast the removal of braces and math signs, as private characters.
_HELD = {"{": "\ue000", "}": "\ue001", "$": "\ue002", "\\": "\ue003", "~": "\ue004"}
_RELEASED = str.maketrans({held: plain for plain, held in _HELD.items()})
_COMMAND = re.compile(
    r"""\\(?:
        (?P<sign>[`'^"~=.])\s*(?:\{\s*(?P<signed>\\?[^\W\d_])\s*\}|(?P<bare>\\[ij](?![A-Za-z])|[^\W\d_]))
      | (?P<letter>[uvHcdbkr])(?:\s*\{\s*(?P<lettered>\\?[^\W\d_])\s*\}|\s+(?P<spaced>[^\W\d_]))
      | (?P<name>[A-Za-z]+)(?:[ \t]*\{\}|[ \t]+(?=[^\s{]))?
      | (?P<other>[^A-Za-z])
    )""",
    re.VERBOSE,
)
_MATH = re.compile(r"\$([^$\\]{1,80})\$")


def plain(text: str, *, dashes: bool = True) -> str:
    """The text without LaTeX's marks; `dashes` says whether two and three hyphens are to be dashes."""
    held = False
    if "\\" in text:
        before, *parts = text.split("\\")
        if _SIMPLE.issuperset([part[:1] for part in parts]):  # only \% and the like, as in most abstracts
            text = before + "".join(parts)
        else:
            text = _COMMAND.sub(_command, text)
            held = any(mark in text for mark in _HELD.values())
    if "$" in text:
        text = _MATH.sub(r"\1", text)
    if "{" in text or "}" in text:
        text = text.replace("{", "").replace("}", "")
    if "~" in text:
        text = text.replace("~", " ")
    if dashes and "--" in text:
        text = text.replace("---", "—").replace("--", "–")
    if "`" in text:
        text = text.replace("``", "“").replace("''", "”")
    return text.translate(_RELEASED) if held else text


def _command(found: re.Match[str]) -> str:
    accent = found["sign"] or found["letter"]
    if accent:
        return _accented(accent, found["signed"] or found["bare"] or found["lettered"] or found["spaced"])
    if name := found["name"]:
        if name in _STYLES:
            return ""
        known = _NAMED.get(name)
        return found.group() if known is None else _HELD.get(known, known)
    other = found["other"]
    return {"\\": "\n", "-": "", "/": "", ",": "\u2009", "@": "", "*": ""}.get(other, _HELD.get(other, other))


def _accented(accent: str, letter: str) -> str:
    base = letter.removeprefix("\\")
    return unicodedata.normalize("NFC", base + _ACCENTS[accent])
