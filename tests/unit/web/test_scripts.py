"""Scripts say what stands in the page, in the language of the centre: no sentence is written into one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.messages import SOURCE

# Comments are read too, so that a quotation mark in one opens no text.
PARTS = re.compile(
    r"""//[^\n]*|/\*.*?\*/|/(?![*/\s])(?:\\.|\[[^\]]*\]|[^/\\\n])+/[a-z]*(?=[.,;)])"""
    r"""|(?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|\$\{(?:[^{}`]|`[^`]*`)*\}|[^`\\])*`)""",
    re.DOTALL,
)
PUT_IN = re.compile(r"\$\{(?:[^{}`]|`[^`]*`)*\}|\{\w+\}")
SENTENCE = re.compile(r"[^\W\d_]\S*\s+\S*[^\W\d_]|[^\W\d_]{2}[.:!?](\s|$)|^[A-Z][a-z]+$")
SELECTS = re.compile(r"(querySelector(All)?|closest|matches|unhide\(\w+,|quoting\(form,|startsWith|insert)\(?\s*$")
SHOWN = re.compile(
    r"""(textContent|innerText|title|placeholder|ariaLabel)\s*=(?!=)[^;]*$|tell\([^;]*$|element\("\w+",[^{;]*$"""
)
NAMES = re.compile(
    r"===?\s*$|\[[^\]]*$|headers: \{[^}]*$|Error\($"
)  # what is compared or looked up, and what no reader sees
SAME = {
    "use strict": "how a script is read",
    "Copied.": "of revisions that were kept, with their words, before these stood in the page",
    "Your browser did not allow copying; select the text instead.": "the same",
}


def texts(script: str) -> Iterator[tuple[int, str, str]]:
    """Line and words of every text of a script, and what stands before it in its statement."""
    for found in PARTS.finditer(script):
        if found["text"]:
            before = re.split(r"[;\n]", script[: found.start()])[-1]
            yield script.count("\n", 0, found.start()) + 1, PUT_IN.sub("", found["text"][1:-1]), before


def unmarked(script: str) -> list[tuple[int, str]]:
    """The texts that a reader would see: sentences, and whatever is put into the page as words."""
    return [
        (line, words)
        for line, words, before in texts(script)
        if words not in SAME
        and not SELECTS.search(before)
        and not NAMES.search(before)
        and (SENTENCE.search(words) if not SHOWN.search(before) else re.search(r"[^\W\d_]{2}", words))
    ]


def scripts() -> list[Path]:
    return sorted(SOURCE.rglob("static/**/*.js"))


def test_no_script_says_a_sentence_of_its_own() -> None:
    """It would be English in a centre that speaks Welsh."""
    assert len(scripts()) >= 12
    assert [
        f"{path.relative_to(SOURCE)}:{line}: {words}"
        for path in scripts()
        for line, words in unmarked(path.read_text())
    ] == []


@pytest.mark.parametrize(
    "script",
    [
        'said.textContent = "Kept";',
        "said.textContent = told.error || 'not kept';",
        'tell("The note is kept.");',
        "tell(`${n} records are here for you.`);",
        'const WORDS = { include: "Included.", skip: "Skipped." };',
        'const why = ok ? said.dataset.ok : "There is no connection.";',
        'parts.push(element("p", "This browser keeps nothing when it is closed."));',
        'none.title = "Close";',
    ],
)
def test_a_sentence_in_a_script_is_seen(script: str) -> None:
    """The check above must be able to fail."""
    assert unmarked(script)


@pytest.mark.parametrize(
    "script",
    [
        "said.textContent = said.dataset.taken;  // the page's own words",
        'const row = grid.querySelector("tbody tr, td a");',
        'if (event.key === "Escape") { link.focus(); }',
        'const response = await fetch(url, { method: "POST", headers: { Accept: "application/json" } });',
        "tell(fill(says.refused, found.told));",
        "tell(`${words} ${titled(says.next, line[0])}`);",
    ],
)
def test_what_is_no_word_of_a_script_passes(script: str) -> None:
    assert unmarked(script) == []
