"""How a network looks where it is drawn, and the type that every exporter of a network has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..kg.network import Network
from .colours import By

WIDTH = 17.8
"""Centimetres: the text of a page of two columns."""


@dataclass(frozen=True, slots=True)
class Style:
    """What colours mean; in figures also how many works bear names, and the width in centimetres."""

    by: By = "category"
    labels: int = 25
    width: float = WIDTH


PLAIN = Style()
"""How it looks if nothing is said."""
NetworkExporter = Callable[[Network, Style], Iterator[str]]
"""A network in, pieces of text out, byte-identical for equal networks."""
