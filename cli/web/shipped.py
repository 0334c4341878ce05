"""The files of the page, as they are shipped: built from ``client`` (see ``docs/page.md``), read once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .answers import Packed

FOLDER = Path(__file__).parent / "static"
MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


def shipped(name: str) -> Packed | None:
    """Return the file of the page with this name, or None where there is none."""
    return _read(name) if name in _names() else None


@cache
def _names() -> frozenset[str]:
    return frozenset(path.name for path in FOLDER.iterdir() if path.suffix in MEDIA_TYPES)


@cache
def _read(name: str) -> Packed:
    return Packed((FOLDER / name).read_bytes(), MEDIA_TYPES[Path(name).suffix])
