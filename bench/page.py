"""Time the page of ``llmcomp serve`` in Chromium, drawn without a graphics card, beside a page of one picture.

Run: ``python bench/page.py [TURNS [GRAPH]]``; needs the package playwright and Chromium. The shipped list, then GRAPH
(one of 20,000 listed works is made by ``made_graph.py`` where none is named, some minutes). The first drawing is timed
from when the address is asked for to when the drawing stands: on a server that was just started with the drawing
computed before (``--open``), and on one that computes it first. The peer is a page that does nothing but draw the same
picture as an image, in turns. Bytes are those that cross the wire before the data.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import turns

SECONDS = {"shipped": 2.0, "large": 5.0}
BYTES = 1_000_000
WORKS = 20_000
_ARGUMENTS = [
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"),
    *("--use-angle=swiftshader", "--enable-unsafe-swiftshader"),
]


@contextmanager
def server(graph: Path, *options: str) -> Generator[str]:
    """Serve ``graph`` as its users do, and end it."""
    command = turns.llmcomp_command("serve", "--port", "0", "--graph", str(graph), *options)
    # what --open would start is not wanted here
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | {"BROWSER": "true"})
    assert process.stderr is not None
    found = re.search(r"http://\S+?:\d+", process.stderr.readline())
    assert found
    try:
        yield found[0]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def drawn(chromium: Any, url: str) -> tuple[float, int]:
    """Open the page in a browser that has nothing of it; return seconds to the first drawing, and bytes before data."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector("#drawing[data-drawn]", timeout=120_000)
    milliseconds = float(page.get_attribute("#drawing", "data-drawn"))
    sizes: list[list[Any]] = page.evaluate(
        "[...performance.getEntriesByType('resource'), ...performance.getEntriesByType('navigation')]"
        ".map((r) => [r.name, r.transferSize])"
    )
    context.close()
    return milliseconds / 1000, sum(int(size) for name, size in sizes if "/explore/" not in name)


def pictured(chromium: Any, url: str, picture: Path) -> float:
    """Open a page that is one picture; return seconds until it is seen."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.route("**/*", lambda route: route.fulfill(body=picture.read_bytes(), content_type="image/png"))
    start = time.perf_counter()
    page.goto(url)
    page.wait_for_load_state("load")
    took = time.perf_counter() - start
    context.close()
    return took


def measure(name: str, graph: Path, often: int, folder: Path) -> None:
    from playwright.sync_api import sync_playwright

    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("there is no Chromium here")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    ready: list[float] = []
    cold: list[float] = []
    peer: list[float] = []
    sent = 0
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=[*_ARGUMENTS, *sandbox])
        picture = folder / f"{name}.png"
        for turn in range(often + 1):
            with server(graph) as url:
                first, sent = drawn(started, url)
            with server(graph, "--open") as url:
                # a person's browser takes as long to start as this waits, or longer
                time.sleep(2 if name == "shipped" else 30)
                second, _ = drawn(started, url)
                if not turn:
                    page = started.new_page(viewport={"width": 1400, "height": 900})
                    page.goto(url)
                    page.wait_for_selector("#drawing[data-drawn]", timeout=120_000)
                    page.screenshot(path=picture)
                    page.close()
            third = pictured(started, url, picture)
            if turn:  # the one before them warms the disk
                cold.append(first)
                ready.append(second)
                peer.append(third)
        started.close()
    told = [statistics.median(times) for times in (ready, cold, peer)]
    print(
        f"{name}: first drawing {told[0]:.2f} s; {told[1]:.2f} s where it is computed first; a picture {told[2]:.2f} s"
    )
    print(f"  {statistics.median(a / b for a, b in zip(ready, peer, strict=True)):.1f} times the picture")
    turns.print_claim(f"{name}: seconds to the first drawing", told[0], SECONDS[name])
    turns.print_claim(f"{name}: bytes before the data", sent, BYTES)


def main() -> None:
    often = turns.turns_of(5)
    turns.print_machine()
    import llmcomp

    with TemporaryDirectory() as folder:
        shipped = Path(folder) / "shipped"
        llmcomp.build_graph(shipped)
        measure("shipped", shipped, often, Path(folder))
        if len(sys.argv) > 2:
            large = Path(sys.argv[2])
        else:
            script = Path(__file__).with_name("made_graph.py")
            large = Path(folder) / "large"
            subprocess.run([sys.executable, str(script), str(large), str(WORKS * 10 // 3)], check=True)
        measure("large", large, often, Path(folder))


if __name__ == "__main__":
    main()
