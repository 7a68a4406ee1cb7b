"""The Chromium that the browser tests drive: the system's, or the one Playwright fetches."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
MACOS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
DOWNLOAD_SECONDS = 600

# Run in a process of its own: Playwright's driver must not linger in ours.
ASK_PLAYWRIGHT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


def find() -> str | None:
    """The path of a Chromium that is here: WHATWORKS_CHROMIUM, the system's, Playwright's own download, or None."""
    named = os.environ.get("WHATWORKS_CHROMIUM")
    for candidate in (named, *map(shutil.which, NAMES), *MACOS):
        if candidate and Path(candidate).exists():
            return candidate
    answer = subprocess.run([sys.executable, "-c", ASK_PLAYWRIGHT], capture_output=True, text=True).stdout.strip()
    return answer if answer and Path(answer).exists() else None


def download() -> None:
    """Have Playwright fetch its own Chromium; where it cannot, `find` goes on saying None."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if sys.platform == "linux" and os.geteuid() == 0:
        command.append("--with-deps")
    try:
        subprocess.run(command, stdin=subprocess.DEVNULL, timeout=DOWNLOAD_SECONDS)
    except subprocess.TimeoutExpired:
        print(f"Playwright's download took longer than {DOWNLOAD_SECONDS} seconds: given up.", file=sys.stderr)
