"""Who asks a server: user and password, or a token, told by the environment and never printed."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from .errors import UsageError

USER, PASSWORD, TOKEN = "LLMCOMP_ENDPOINT_USER", "LLMCOMP_ENDPOINT_PASSWORD", "LLMCOMP_ENDPOINT_TOKEN"
"""Variables of the environment in which a server's user and password, or its token, stand."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks: a user with a password, or a token, or nobody; the token counts where both are told."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Raise UsageError for what no HTTP header can hold, without repeating it."""
        if not re.fullmatch(r"[\x21-\x7e]*", self.token):
            raise UsageError(f"{TOKEN} holds a character that no token has, such as a line break. Set it anew.")
        if re.search(r"[\x00-\x1f\x7f:\"\\]", self.user):
            raise UsageError(f"{USER} holds a character that no name of a user has. Set it anew.")
        if re.search(r"[\x00-\x1f\x7f]", self.password):
            raise UsageError(f"{PASSWORD} holds a character that no password has, such as a line break. Set it anew.")
        if self.password and not self.user:
            raise UsageError(f"{PASSWORD} is set and {USER} is not. Set both.")

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] = os.environ) -> Credentials:
        """Return what the environment tells; see :data:`USER`, :data:`PASSWORD`, :data:`TOKEN`."""
        return cls(*(environment.get(name, "") for name in (USER, PASSWORD, TOKEN)))

    def hidden_in(self, text: str) -> str:
        """Return ``text`` with password and token made unreadable: a server may repeat what it was sent.

        >>> Credentials("me", "secret").hidden_in("no user me with password secret")
        'no user me with password ***'
        """
        for secret in (self.password, self.token):
            text = text.replace(secret, "***") if secret else text
        return text
