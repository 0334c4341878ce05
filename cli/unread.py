"""What commands say in the words of a .bib file, and of pieces of it that could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import click

from ..kg.bibfile import UnreadBlock
from ..kg.text import printable


def tell_unread(name: str, unread: Iterable[UnreadBlock], say: Callable[[str], None] | None = None) -> None:
    """Say which pieces of the file ``name`` could not be read: line, reason, how each begins; on stderr by default."""
    for block in unread:
        begin = " ".join(block.raw[:200].split())
        begin = begin if len(begin) <= 40 else f"{begin[:40]}…"
        text = printable(f"{name}:{block.line}: not read, {block.reason}: {begin}")
        if say:
            say(text)
        else:
            click.echo(text, err=True)
