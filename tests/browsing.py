"""The machine's own Chromium, which asks nobody but the server of a test; what is missing skips the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is here")
_ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # draw without a graphics card, wherever the test runs
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]


@contextmanager
def browser() -> Generator[Browser]:
    """Start Chromium."""
    sandbox = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=[*_ARGUMENTS, *sandbox])
        try:
            yield started
        finally:
            started.close()


@contextmanager
def looking(started: Browser, url: str, *, width: int = 1400, height: int = 900, dark: bool = False) -> Generator[Page]:
    """Show an address of a server of ours; end with what went wrong on the page, and with every other server asked."""
    context = started.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        permissions=["clipboard-read", "clipboard-write"],
        base_url=url,
        accept_downloads=True,
    )
    page = context.new_page()
    wrong: list[str] = []
    ours = urlsplit(url).netloc

    def route(asked: Route) -> None:
        if asked.request.url.startswith(("data:", "blob:")) or urlsplit(asked.request.url).netloc == ours:
            asked.continue_()
        else:
            wrong.append(f"asked {asked.request.url}")
            asked.abort()

    def heard(message: ConsoleMessage) -> None:
        # an answer that refuses is told on the page; the console repeats it
        refused = "Failed to load resource" in message.text
        # what is typed over coloured words Chromium itself would set in their style, and may not: no line of ours asks
        typed = "Applying inline style" in message.text and not message.location["lineNumber"]
        if message.type == "error" and not (refused or typed):
            wrong.append(message.text)

    context.route("**/*", route)
    page.on("console", heard)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: (wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    try:
        page.goto(url)
        page.wait_for_selector("#drawing[data-drawn]", timeout=60_000)
        yield page
        assert not wrong, "\n".join(wrong)
    finally:
        context.close()


def picture(page: Page, name: str) -> None:
    """Keep what is seen as a picture, where LLMCOMP_PICTURES names a folder for that."""
    if folder := os.environ.get("LLMCOMP_PICTURES"):
        from PIL import Image

        page.wait_for_timeout(600)  # a moving camera comes to rest
        seen = Image.open(BytesIO(page.screenshot())).convert("RGB")
        seen.quantize(128).save(Path(folder) / f"{name}.png", optimize=True)
