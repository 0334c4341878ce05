"""The chance that igraph's methods throw, the same each time, so that one graph has one answer."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast

_SEED = 2019


@contextmanager
def same_chance() -> Generator[None]:
    """Let igraph begin with the same numbers here; it has one source of them for the whole process."""
    import random

    import igraph

    use: Any = cast(Any, igraph).set_random_number_generator
    use(random.Random(_SEED))
    try:
        yield
    finally:
        use(random)
