"""When the next call to a service may be made, and how long to wait after one that failed.

Time is handed in (a clock and a sleep), so that a test of two minutes of waiting takes none.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

BACKOFF = (2.0, 4.0, 8.0, 16.0, 32.0, 60.0)
"""Most seconds to wait after the first, second, ... failed try; after the last wait there is one more try."""
TRIES = len(BACKOFF) + 1


def full_jitter(most: float) -> float:
    """Return a random wait between nothing and ``most`` seconds.

    The whole span is drawn from, so that many clients that failed together do not come back together
    (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
    """
    return random.uniform(0.0, most)


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait after a failed try: seconds, which try it was (from 1), and what went wrong with it."""

    seconds: float
    tried: int
    reason: str


class Pacer:
    """The rhythm of the calls to one service: at least ``interval`` seconds between the starts of two.

    >>> now = [0.0]
    >>> pacer = Pacer(1.1, clock=lambda: now[0], sleep=lambda s: now.append(now.pop() + s))
    >>> for _ in range(3):
    ...     pacer.turn()
    >>> now
    [2.2]
    """

    def __init__(
        self,
        interval: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
        jitter: Callable[[float], float] = full_jitter,
    ) -> None:
        self.interval = interval
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._next = float("-inf")

    def turn(self) -> None:
        """Wait until the next call may start, and count it as started."""
        early = self._next - self._clock()
        if early > 0:
            self._sleep(early)
        self._next = self._clock() + self.interval

    def wait_after(self, tried: int) -> float:
        """Return how many seconds to wait after the failed try number ``tried`` (1 to ``TRIES - 1``).

        >>> Pacer(1.1, jitter=lambda most: most).wait_after(6)
        60.0
        """
        return self._jitter(BACKOFF[tried - 1])

    def rest(self, seconds: float) -> None:
        """Sleep for ``seconds``."""
        self._sleep(seconds)
