"""How fast is a map of 800 items, 43 rows and 24 columns read, counted, drawn, sent, and shown by a browser?

    python benches/mapping.py [ITEMS]

The map is made up, in the layout of a public one, and taken into a centre of its own. Printed: seconds for each step, the
best of a few runs; the weight of the page as sent, packed and not; and, where Chromium is here, the time from asking for the
page to its being painted, over loopback, with its style and script.
"""

from __future__ import annotations

import gzip
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.made_up_maps import eppi_map
from tools import browser as chromium

ITEMS, RUNS, SHORTEST = 800, 5, 1.0
STATIC = {
    "/static/publish/map.css": "src/whatworks/publish/static/publish/map.css",
    "/static/publish/map.js": "src/whatworks/publish/static/publish/map.js",
    "/static/web/look.css": "src/whatworks/web/static/web/look.css",
}
CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PAINTED = """async () => {
  const painted = performance.getEntriesByType('paint').map((one) => one.startTime);
  const whole = performance.getEntriesByType('navigation')[0];
  return [Math.max(...painted, 0), whole.loadEventEnd, document.querySelectorAll('*').length];
}"""


def best(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of the quickest of a few runs, and what came out."""
    took, found = [], None
    for _ in range(RUNS):
        start = time.perf_counter()
        found = work()
        took.append(time.perf_counter() - start)
    return min(took), found


def say(what: str, seconds: float, more: str = "") -> None:
    """One line."""
    print(f"{what:<44}{seconds:8.3f} s{'  ' + more if more else ''}{'' if seconds < SHORTEST else '   over a second'}")


def pure(body: bytes) -> None:
    """Reading, counting and drawing, without a centre."""
    from whatworks.publish.maps.sources import read_map
    from whatworks.publish.methods.mapping_counting import counted, facets

    took, found = best(lambda: read_map(body))
    say("read the file", took, f"{len(body):,} bytes, {len(found.map.items)} items")
    took, counts = best(lambda: counted(found.map))
    say(
        "count every cell",
        took,
        f"{sum(cell.count > 0 for cell in counts.cells.values())} of {counts.total} hold something",
    )
    say("count every filter", best(lambda: facets(found.map, {}))[0])


def served(body: bytes) -> dict[str, bytes]:
    """The page of the map and a cell, as a centre sends them."""
    import django

    django.setup()
    from django.http import QueryDict
    from django.test import Client

    from whatworks.archive.opening import bring_up_to_date
    from whatworks.publish.maps.actions import Whose, show_map, take_map
    from whatworks.publish.maps.exports import as_csv, as_html
    from whatworks.publish.maps.pages import map_page, theirs

    bring_up_to_date()
    version = take_map(by="bench", body=body, filename="map.html", whose=Whose(whose="Nobody", licence="none")).version
    show_map(by="bench", held=version.map, shown=True)
    shown = theirs(version)
    say("the page's drawing and words", best(lambda: map_page(shown, QueryDict("")))[0])
    for name, write in (("one HTML file", as_html), ("a table", as_csv)):
        took, text = best(partial(write, shown))
        say(name, took, f"{len(text):,} characters")
    client, base = Client(SERVER_NAME="localhost"), f"/maps/{version.map.slug}/"
    addresses = [base, f"{base}cells/2201/1201/"]
    took, _ = best(lambda: client.get(f"{base}?show=all", secure=True, headers={"X-Static-Site": "0"}))
    say("the whole page, kept nowhere", took)
    answers = {address: client.get(address, secure=True) for address in addresses}
    assert all(answer.status_code == 200 for answer in answers.values())
    return {address: answer.content for address, answer in answers.items()}


def in_a_browser(pages: dict[str, bytes], page: str) -> None:
    """From asking to painted, in Chromium."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        print("Playwright is not here: nothing measured in a browser.")
        return
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Sends, pages))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}{page}"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(CHROMIUM))
            times = []
            for _ in range(RUNS):
                tab = browser.new_page(viewport={"width": 1280, "height": 900})
                tab.goto(address)
                tab.wait_for_function("performance.getEntriesByType('paint').length")
                times.append(tab.evaluate(PAINTED))
                tab.close()
            browser.close()
    except Error as error:
        print(f"No browser: {str(error).splitlines()[0]}")
        return
    finally:
        server.shutdown()
    painted, loaded, elements = min(times)
    say("painted in Chromium", painted / 1000, f"{elements:,} elements")
    say("loaded in Chromium", loaded / 1000)


class _Sends(BaseHTTPRequestHandler):
    def __init__(self, pages: dict[str, bytes], *given: Any) -> None:
        self.pages = pages
        super().__init__(*given)

    def do_GET(self) -> None:
        """Send a page or a file of its style."""
        body = self.pages.get(self.path) or (Path(STATIC[self.path]).read_bytes() if self.path in STATIC else b"")
        kind = (
            "text/css"
            if self.path.endswith(".css")
            else "text/javascript"
            if self.path.endswith(".js")
            else "text/html"
        )
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing."""


def main() -> None:
    """Measure and print."""
    items = int(sys.argv[1]) if len(sys.argv) > 1 else ITEMS
    body = eppi_map(items).encode()
    pure(body)
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"WHATWORKS_HOME": home, "DJANGO_SETTINGS_MODULE": "whatworks.web.settings"}
        os.environ.pop("DATABASE_URL", None)
        pages = served(body)
        page = next(iter(pages))
        packed = gzip.compress(pages[page], mtime=0)
        print(f"{'weight of the page':<44}{len(pages[page]):,} bytes, {len(packed):,} packed")
        in_a_browser(pages, page)


if __name__ == "__main__":
    main()
