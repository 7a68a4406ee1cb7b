"""Somebody without a pointer: Tab, Enter, Space and typing, the focus seen wherever it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, TimeoutError

FAR = 150  # presses of Tab after which a thing counts as out of reach
WHERE = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return {name: "", seen: true};
  const label = one.labels && one.labels.length ? one.labels[0].innerText : (one.innerText || one.getAttribute("aria-label") || "");
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const inside = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  return {name: label.trim(), seen: ring && inside, tag: one.tagName};
}"""


class Hands:
    """Somebody at the keyboard of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, name: str) -> None:
        """Press Tab until the focus stands on what is called so; every stop on the way must be seen."""
        passed = []
        for _press in range(FAR):
            self.page.keyboard.press("Tab")
            at = self.page.evaluate(WHERE)
            passed.append(at["name"])
            assert at["seen"], (self.page.url, at)
            if at["name"].startswith(name):
                return
        raise AssertionError(f"{name} is out of reach of the keyboard on {self.page.url}: {passed}")

    def follow(self, name: str) -> None:
        """Go to a link or a button, and press Enter."""
        self.to(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, label: str, words: str) -> None:
        """Type into a field, over what stands there."""
        self.to(label)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(words)

    def choose(self, label: str, words: str) -> None:
        """Choose in a list by typing how the choice begins."""
        self.to(label)
        self.page.keyboard.type(words[:12])

    def tick(self, label: str) -> None:
        """Tick a box with Space."""
        self.to(label)
        self.page.keyboard.press("Space")

    def bring(self, label: str, path: Path) -> None:
        """Bring a file: Enter on the field opens the chooser. A browser that is busy may miss it; then Space, as a person would."""
        self.to(label)
        for key in ("Enter", "Space", "Enter"):
            try:
                with self.page.expect_file_chooser(timeout=10_000) as waiting:
                    self.page.keyboard.press(key)
            except TimeoutError:
                continue
            waiting.value.set_files(path)
            return
        pytest.fail(f"No key opens the chooser of “{label}”.")
