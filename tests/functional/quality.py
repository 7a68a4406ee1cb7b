"""What must hold of every public page in a real browser, whoever reads it and however: found by looking at the page itself.

Each check is a script that runs in the page and gives back a line for each thing that is wrong, with where it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser import DESKTOP, HEIGHT, RULES

SMALL = 320  # CSS pixels: the narrowest phone, and a window of 1280 at a zoom of 400%
PAPER = 680  # CSS pixels between the margins of A4
TARGET = 24  # CSS pixels: the least that WCAG 2.2 asks of what is clicked

NAMED = """
const say = el => `<${el.localName}${el.id ? "#" + el.id : ""}${[...el.classList].map(one => "." + one).join("")}> ` +
  (el.getAttribute("aria-label") || el.textContent || el.value || "").trim().replace(/\\s+/g, " ").slice(0, 50)
const seen = el => el.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && el.getClientRects().length > 0
const aside = el => el.closest(".skip") || getComputedStyle(el).clipPath.startsWith("inset") || el.parentElement && aside(el.parentElement)
"""

# Nothing goes beyond the window, and no words are cut off. `paper`: what is scrolled on a screen is lost on paper.
FITS = (
    """paper => { """
    + NAMED
    + """
  const wrong = [], root = document.documentElement
  const cuts = value => value === "hidden" || value === "clip" || paper && (value === "auto" || value === "scroll")
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.querySelectorAll("body *")].filter(el => seen(el) && !aside(el) &&
      el.getBoundingClientRect().right > root.clientWidth + 1 && !el.closest(".scroll, svg *"))
    wrong.push(`${root.scrollWidth} wide in ${root.clientWidth}: ${wide.slice(-2).map(say).join("; ")}`)
  }
  for (const el of document.querySelectorAll("body *:not(svg *)")) {
    if (!seen(el) || aside(el) || el.localName === "svg") continue
    const style = getComputedStyle(el), name = `${el.scrollWidth}x${el.scrollHeight} in ${el.clientWidth}x${el.clientHeight}`
    if (cuts(style.overflowX) && el.scrollWidth > el.clientWidth + 1 || cuts(style.overflowY) && el.scrollHeight > el.clientHeight + 1)
      if (!["textarea", "select", "input"].includes(el.localName)) wrong.push(`cut off (${name}): ${say(el)}`)
  }
  for (const text of document.querySelectorAll("svg text")) {
    const box = text.getBoundingClientRect(), svg = text.ownerSVGElement
    if (!seen(text) || !box.width || aside(text)) continue
    const frame = getComputedStyle(svg).overflow === "visible" ? { left: 0, right: root.clientWidth } : svg.getBoundingClientRect()
    if (box.left < frame.left - 1 || box.right > frame.right + 1) wrong.push(`words cut off in a drawing: ${say(text)}`)
  }
  for (const svg of document.querySelectorAll("svg")) {
    const texts = [...svg.querySelectorAll("text")].filter(one => seen(one) && one.textContent.trim())
    const boxes = texts.map(one => one.getBoundingClientRect())
    for (let a = 0; a < texts.length; a++) for (let b = a + 1; b < texts.length; b++) {
      const wide = Math.min(boxes[a].right, boxes[b].right) - Math.max(boxes[a].left, boxes[b].left)
      const tall = Math.min(boxes[a].bottom, boxes[b].bottom) - Math.max(boxes[a].top, boxes[b].top)
      if (wide > 2 && tall > .3 * Math.min(boxes[a].height, boxes[b].height))
        wrong.push(`words upon words: ${say(texts[a])} and ${say(texts[b])}`)
    }
  }
  return [...new Set(wrong)]
}"""
)

# What is clicked is large enough, save words within a sentence.
TARGETS = (
    """least => { """
    + NAMED
    + """
  const wrong = []
  for (const el of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]")) {
    if (!seen(el) || aside(el) || getComputedStyle(el).display.startsWith("inline") && !el.matches("input, button")) continue
    const label = el.matches("[type=checkbox], [type=radio]") && el.closest("label"), box = (label || el).getBoundingClientRect()
    if (box.width < least - .5 || box.height < least - .5) wrong.push(`${box.width.toFixed(0)}x${box.height.toFixed(0)}: ${say(el)}`)
  }
  return wrong
}"""
)

# Each stop of the keyboard shows where it is, in view and under nothing. The keyboard must have been used before.
FOCUS = (
    """most => { """
    + NAMED
    + """
  const wrong = [], all = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")].filter(el => !el.disabled && seen(el))
  const every = Math.max(1, Math.ceil(all.length / most))
  if (document.querySelector("[tabindex]:not([tabindex='0'], [tabindex='-1'])")) wrong.push("an order of its own for the keyboard")
  for (const el of all.filter((_, at) => at % every === 0 || at < 15)) {
    el.focus()
    if (document.activeElement !== el) { wrong.push(`takes no focus: ${say(el)}`); continue }
    const style = getComputedStyle(el), box = el.getClientRects()[0]
    if (!el.matches(":focus-visible") || style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2)
      wrong.push(`does not show that it has the focus: ${say(el)}`)
    const x = Math.min(Math.max((box.left + box.right) / 2, 1), innerWidth - 2)
    const y = Math.min(Math.max((box.top + box.bottom) / 2, 1), innerHeight - 2)
    const hit = document.elementFromPoint(x, y)
    if (!hit || !(el.contains(hit) || hit.contains(el) && hit !== document.body && hit !== document.documentElement))
      wrong.push(`out of view or under something (${hit && say(hit)}): ${say(el)}`)
  }
  return wrong
}"""
)

# A drawing that can be told from its ground as the page is usually shown can be told from the ground a reader forces.
SHAPES = (
    """() => { """
    + NAMED
    + """
  const part = value => { const c = value / 255; return c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4 }
  const light = ([r, g, b]) => .2126 * part(r) + .7152 * part(g) + .0722 * part(b)
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true })
  const read = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1)
    return [...canvas.getImageData(0, 0, 1, 1).data] }
  const known = {}, told = colour => known[colour] ??= read(colour)
  const ground = el => { for (let at = el; at; at = at.parentElement) { const back = told(getComputedStyle(at).backgroundColor)
    if (back[3] > 200) return back } return told(matchMedia("(forced-colors: active)").matches ? "Canvas" : "#fff") }
  const contrast = (a, b) => (Math.max(light(a), light(b)) + .05) / (Math.min(light(a), light(b)) + .05)
  return [...document.querySelectorAll("svg")].filter(svg => seen(svg)).map(svg => {
    const back = ground(svg), best = Math.max(1, ...[...svg.querySelectorAll("*")].flatMap(one => {
      const style = getComputedStyle(one)
      return [style.fill, style.stroke].filter(paint => paint !== "none" && !paint.startsWith("url")).map(told)
        .filter(paint => paint[3] > 60).map(paint => contrast(paint, back)) }))
    return [best, `${svg.getAttribute("class") || ""} ${svg.getAttribute("aria-label") || ""} in ${say(svg.parentElement)}`] })
}"""
)

# Nothing moves for who asked for stillness.
STILL = (
    """() => { """
    + NAMED
    + """
  const moves = el => { const style = getComputedStyle(el)
    return style.transitionDuration !== "0s" || style.animationName !== "none" || style.scrollBehavior === "smooth" }
  return [...document.querySelectorAll("*")].filter(moves).map(el => `moves: ${say(el)}`)
}"""
)

# The spacing that WCAG 1.4.12 lets a reader set.
SPACED = """() => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`svg { letter-spacing: normal; word-spacing: normal } p { margin-block-end: 2em !important }
    *:not(svg, svg *) { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }`)
  document.adoptedStyleSheets = [sheet]
}"""

# What of a page a reader sees and can use: its headings, and how many words; buttons that only a script could answer.
GIVES = (
    """() => { """
    + NAMED
    + """
  const heads = [...document.querySelectorAll("h1, h2, h3, h4")].filter(seen).map(one => one.textContent.trim())
  const dead = [...document.querySelectorAll("button")].filter(one => seen(one) && (one.type === "button" || !one.form)).map(say)
  const mute = [...document.forms].filter(one => seen(one) && !one.querySelector("button:not([type=button]), [type=submit]")).map(say)
  return { heads, words: document.body.innerText.split(/\\s+/).length, dead: [...dead, ...mute] }
}"""
)

OPEN = "document.querySelectorAll('details').forEach(one => { one.open = true })"
AXE = f"axe.run(document, {json.dumps(RULES | {'resultTypes': ['violations']})})"
MOST_STOPS = 120  # of the keyboard on one page: on longer ones every second or third is tried
DISTINCT = 3.0  # contrast that WCAG 1.4.11 asks of a drawing


class Look:
    """One page, loaded once and looked at in every way; `wrong` gathers what is, each line with the way it was found."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name, self.axe, self.wrong = page, name, True, list[str]()

    def all(self, *, axe: bool = True) -> list[str]:
        """Every way, with all that is folded opened; without axe where a page is so large that it takes long."""
        self.page.evaluate(OPEN)
        self.axe = axe
        if axe:
            self.page.evaluate(AXE_SCRIPT)
        self._desk()
        self._sizes()
        self._keyboard()
        self._spaced()
        self._forced()
        self._still_and_paper()
        return self.wrong

    def _say(self, way: str, lines: list[str]) -> None:
        self.wrong += [f"{self.name}, {way}: {line}" for line in lines[:6]]

    def _fits(self, way: str, width: int, height: int = HEIGHT, *, paper: bool = False) -> None:
        self.page.set_viewport_size({"width": width, "height": height})
        self._say(way, self.page.evaluate(FITS, paper))

    def _axe(self, way: str) -> None:
        if not self.axe:
            return
        found = self.page.evaluate(AXE)["violations"]
        self._say(way, [f"{one['id']}: {one['help']}: {node['html']}" for one in found for node in one["nodes"]])

    def _desk(self) -> None:
        self._fits("at a desk", DESKTOP)
        with self._media(color_scheme="dark"):
            self._axe("at a desk in the dark")

    def _sizes(self) -> None:
        self._fits("at 200%", DESKTOP // 2, 512)
        self._fits("on the narrowest phone", SMALL)
        self._say("on the narrowest phone, too small to hit", self.page.evaluate(TARGETS, TARGET))
        self._axe("on the narrowest phone")

    def _keyboard(self) -> None:
        self._fits("at 400%", SMALL, 256)
        self.page.keyboard.press("Tab")
        self._say("by keyboard at 400%", self.page.evaluate(FOCUS, MOST_STOPS))

    def _spaced(self) -> None:
        self.page.evaluate(SPACED)
        self._fits("with more room between letters and lines", SMALL)
        self.page.evaluate("document.adoptedStyleSheets = []")

    def _forced(self) -> None:
        self.page.set_viewport_size({"width": DESKTOP, "height": HEIGHT})
        for scheme in ("light", "dark"):
            with self._media(color_scheme=scheme):
                usual = self.page.evaluate(SHAPES)
            with self._media(color_scheme=scheme, forced_colors="active"):
                forced = self.page.evaluate(SHAPES)
            lost = [name for (was, name), (now, _) in zip(usual, forced, strict=True) if was >= DISTINCT > now]
            self._say(f"in forced colours, {scheme}, a drawing that cannot be told from its ground", lost)

    def _still_and_paper(self) -> None:
        self._say("without motion", self.page.evaluate(STILL))
        with self._media(media="print"):
            self._fits("on paper", PAPER, paper=True)

    @contextmanager
    def _media(self, **asked: str) -> Iterator[None]:
        """As a reader asked for it; and then as usual again."""
        self.page.emulate_media(**asked)  # type: ignore[arg-type]
        yield
        self.page.emulate_media(media="null", color_scheme="light", forced_colors="none", reduced_motion="reduce")  # type: ignore[arg-type]


def without_script(with_script: dict[str, object], without: dict[str, object]) -> list[str]:
    """What a reader loses whose browser runs no script."""
    lost = [f"lacks “{one}”" for one in with_script["heads"] if one not in without["heads"]]  # type: ignore[attr-defined, operator]
    lost += [f"has a control that does nothing: {one}" for one in without["dead"]]  # type: ignore[attr-defined]
    few = int(without["words"]) < 0.9 * int(with_script["words"])  # type: ignore[call-overload]
    return lost + ([f"has {without['words']} words of {with_script['words']}"] if few else [])
