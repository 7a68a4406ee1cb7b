"""What the markup of a public page must hold to, read from its text alone: `faults(html)` says in lines what is wrong.

A browser mends what it is given before any tool that runs in it can look; so this reads what was sent.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

FETCHED = {  # what a browser fetches by itself when it shows a page, by element
    "script": ("src",), "link": ("href",), "img": ("src", "srcset"), "iframe": ("src",), "source": ("src", "srcset"),
    "video": ("src", "poster"), "audio": ("src",), "embed": ("src",), "object": ("data",), "use": ("href",),
    "image": ("href",), "input": ("src",), "track": ("src",),
}  # fmt: skip
UNFETCHED = {"canonical", "alternate", "next", "prev", "license", "up"}  # links that say something and fetch nothing
POINTING = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "list", "form")
CONTROLS = ("input", "select", "textarea")
UNNAMED = ("hidden", "submit", "button", "reset", "image")  # kinds of input that need no label beside them
ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.I)
IN_STYLE = re.compile(r"@import|url\(\s*['\"]?(?!data:|#)([^)]*)", re.I)
HEADING = re.compile(r"h[1-6]")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Markup(HTMLParser):
    """A page as it was sent: its names, headings, controls, what it points at and what a browser fetches for it."""

    host: str
    title: str = ""
    lang: str = ""
    text: str = ""
    headings: list[str] = field(default_factory=list)
    ids: Counter[str] = field(default_factory=Counter)
    fetched: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self._pointed: list[tuple[str, str]] = []
        self._controls: list[tuple[str, dict[str, str], bool]] = []
        self._named: set[str] = set()
        self._button: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        held = {name: value or "" for name, value in attrs}
        if len(held) < len(attrs):
            self.wrong.append(f"<{tag}> says one attribute twice: {self.get_starttag_text()}")
        self._note(tag, held)
        self._note_fetched(tag, held)
        self._note_forbidden(tag, held)
        if tag == "button":
            self._button = held.get("aria-label", "")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element of a drawing that closes itself."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """An element ends; what HTML lets stay open inside it ends too."""
        if tag == "button" and not (self._button or "").strip():
            self.wrong.append("a button without words")
        self._button = None if tag == "button" else self._button
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Words."""
        if self._open[-1:] == ["title"] and "svg" not in self._open:
            self.title += data
        if self._button is not None:
            self._button += data
        if not {"title", "style", "script"} & set(self._open):
            self.text += data

    def _note(self, tag: str, held: dict[str, str]) -> None:
        self.ids.update([held["id"]] if "id" in held else [])
        self.headings += [tag] if HEADING.fullmatch(tag) else []
        self.lang = held.get("lang", "") if tag == "html" else self.lang
        self._pointed += [(name, word) for name in POINTING for word in held.get(name, "").split()]
        if tag == "a" and held.get("href", "").startswith("#") and len(held["href"]) > 1:
            self._pointed.append(("href", held["href"][1:]))
        if tag == "label" and "for" in held:
            self._named.add(held["for"])
        if tag in CONTROLS and held.get("type") not in UNNAMED:
            self._controls.append((tag, held, "label" in self._open))

    def _note_fetched(self, tag: str, held: dict[str, str]) -> None:
        if tag == "link" and UNFETCHED & set(held.get("rel", "").split()):
            return
        for name in FETCHED.get(tag, ()):
            addresses = [one.split()[0] for one in held.get(name, "").split(",") if one.strip()]
            self.fetched += addresses if name == "srcset" else [held[name]] if name in held else []

    def _note_forbidden(self, tag: str, held: dict[str, str]) -> None:
        """What the policy of every page forbids, and so would not work."""
        handlers = [name for name in held if name.startswith("on") or name == "style"]
        self.wrong += [f"{name} inside <{tag}>" for name in handlers]
        if tag in ("style", "base") or (tag == "script" and "src" not in held):
            self.wrong.append(f"<{tag}> inside the page")
        if tag == "img" and "alt" not in held:
            self.wrong.append(f"a picture without words: {held.get('src')}")
        if tag == "iframe" and not held.get("title"):
            self.wrong.append("a frame without a title")
        if any(value.strip().lower().startswith("javascript:") for value in held.values()):
            self.wrong.append(f"a script as an address inside <{tag}>")

    def faults(self) -> list[str]:
        """What is wrong with the page, a line each."""
        found = list(self.wrong)
        found += [f"{one} asks another machine" for one in self.fetched if foreign(one, self.host)]
        found += [f"id “{name}” stands {times} times" for name, times in self.ids.items() if times > 1]
        found += [
            f"{name} points at “{word}”, which is not there" for name, word in self._pointed if not self.ids[word]
        ]
        found += [f"{len([one for one in self.headings if one == 'h1'])} h1"] if self.headings.count("h1") != 1 else []
        found += ["no language"] if not self.lang else []
        found += ["no title"] if not self.title.strip() else []
        found += [f"<{tag} name={held.get('name')}> has no label" for tag, held, _ in self._controls_without_label()]
        for before, after in zip(self.headings, self.headings[1:], strict=False):
            if int(after[1]) > int(before[1]) + 1:
                found.append(f"{after} follows {before}: a level is left out")
        return found

    def _controls_without_label(self) -> list[tuple[str, dict[str, str], bool]]:
        return [
            one for one in self._controls
            if not (one[2] or one[1].get("id") in self._named or one[1].get("aria-label") or one[1].get("aria-labelledby"))
        ]  # fmt: skip


def read(html: str, host: str) -> Markup:
    """A page's markup."""
    made = Markup(host)
    made.feed(html)
    made.close()
    return made


def foreign(address: str, host: str) -> bool:
    """Whether a browser would ask another machine for it."""
    ours = address.startswith((f"http://{host}/", f"https://{host}/", f"//{host}/", "data:"))
    return bool(ELSEWHERE.match(address)) and not ours


def style_faults(css: str) -> list[str]:
    """What a stylesheet would fetch besides itself; ours draw everything themselves."""
    return [f"the stylesheet fetches {one.group()}" for one in IN_STYLE.finditer(css)]
