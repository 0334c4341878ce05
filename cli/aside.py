"""Long work aside, so that Ctrl-C is heard."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import TypeVar

from ..kg.graph import forgetful

Told = TypeVar("Told")


def aside(work: Callable[[], Told]) -> Told:
    """Return what ``work`` returns, or leave it at Ctrl-C: this thread would hear of that when the work is done.

    And in this thread alone signals are handled: an error that a handler raises inside igraph would end the process.
    """
    told: list[Told] = []
    failed: list[BaseException] = []

    def do() -> None:
        try:
            told.append(work())
        except BaseException as error:
            failed.append(forgetful(error))

    thread = Thread(target=do, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(0.1)  # without a limit Windows would not hear of Ctrl-C either
    if failed:
        raise failed[0]
    return told[0]
