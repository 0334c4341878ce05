"""Long work aside, so that Ctrl-C is heard."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Thread
from typing import TypeVar

from ..kg.graph import forgetful

Told = TypeVar("Told")


def aside(work: Callable[[], Told], timeout: float | None = None) -> Told:
    """Return what ``work`` returns, or leave it at Ctrl-C: this thread would hear of that when the work is done.

    And in this thread alone signals are handled: an error that a handler raises inside igraph would end the process.
    Raises TimeoutError when the work takes more than ``timeout`` seconds. What was left goes on until the process ends,
    for neither the store nor igraph can be stopped.
    """
    told: list[Told] = []
    failed: list[BaseException] = []

    def do() -> None:
        try:
            told.append(work())
        except BaseException as error:
            failed.append(forgetful(error))

    thread = Thread(target=do, daemon=True)
    end = None if timeout is None else time.monotonic() + timeout
    thread.start()
    while thread.is_alive():
        # without a limit Windows would not hear of Ctrl-C either
        left = 0.1 if end is None else min(0.1, end - time.monotonic())
        if left <= 0:
            raise TimeoutError
        thread.join(left)
    if failed:
        raise failed[0]
    return told[0]
