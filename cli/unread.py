"""What commands say of pieces of a .bib file that could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import click

from ..kg.bibfile import UnreadBlock


def tell_unread(name: str, unread: Iterable[UnreadBlock], say: Callable[[str], None] | None = None) -> None:
    """Say which pieces of the file ``name`` could not be read: line, reason, how each begins; on stderr by default."""
    for block in unread:
        begin = " ".join(block.raw[:200].split())
        begin = begin if len(begin) <= 40 else f"{begin[:40]}…"
        text = f"{name}:{block.line}: not read, {block.reason}: {begin}"
        if say:
            say(text)
        else:
            click.echo(text, err=True)
