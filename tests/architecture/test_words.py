"""Links lead somewhere, and no file names one machine or a package index."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import links, words
from tools.sources import ROOT, text_files

SOME_MACHINE = "/".join(["see ", "work", "main", "file"])
SOME_INDEX = "".join(["pip install --", "index", "-url x"])


def test_no_forbidden_words() -> None:
    """A path of one machine works on that machine only; an index's address shuts out every mirror."""
    assert [
        (path.name, *found)
        for path in text_files()
        for found in words.problems(path, path.read_text("utf-8", "replace"))
    ] == []


@pytest.mark.parametrize("text", [SOME_MACHINE, SOME_INDEX, "We analyze the behavior."])
def test_forbidden_words_are_seen(text: str) -> None:
    """The check above must be able to fail."""
    assert next(words.problems(Path("page.md"), f"fine\n{text}\n"))[0] == 2


def test_code_in_a_page_may_name_what_others_named() -> None:
    """CSS has its own spelling."""
    assert list(words.problems(Path("page.md"), "Set `color` so:\n\n```css\ncolor: red;\n```\n")) == []


def test_every_relative_link_leads_somewhere() -> None:
    """A reader who follows a link must arrive."""
    assert [
        (page.name, link) for page in text_files(".md") for link in links.broken(page, page.read_text("utf-8"))
    ] == []


@pytest.mark.parametrize("link", ["absent.md", "LICENSE/absent", "#no-such-heading"])
def test_a_broken_link_is_seen(link: str) -> None:
    """The check above must be able to fail."""
    assert list(links.broken(ROOT / "page.md", f"# A heading\n[text]({link})")) == [link]


@pytest.mark.parametrize("link", ["LICENSE", "#a-heading", "https://example.org/absent"])
def test_a_good_link_passes(link: str) -> None:
    """Files, headings of the same page, and addresses elsewhere, which are not looked up."""
    assert list(links.broken(ROOT / "page.md", f"# A heading\n[text]({link})")) == []
