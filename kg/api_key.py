"""Where the API key of Semantic Scholar comes from, so that nobody but its owner gets to see it.

A key is never part of a message: what is wrong with one is told by the place it was found in. A file that others can
read is refused, as ssh refuses such keys.
"""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Mapping
from pathlib import Path

from .errors import OutsideError, UsageError, readable
from .scholar_wire import check_key

VARIABLE = "SEMANTIC_SCHOLAR_API_KEY"
"""The environment variable that holds the key."""
MAX_BYTES = 10_000
"""What a file with one key may weigh; keys have 40 letters."""
POSIX = os.name == "posix"
"""Whether the mode of a file says who may read it."""


def default_key_file() -> Path:
    """Return the file in the user's configuration folder in which a key is looked for."""
    from platformdirs import user_config_path

    return user_config_path("llmcomp", appauthor=False) / "semantic-scholar.key"


def find_api_key(given: str | None, file: Path | None, environ: Mapping[str, str]) -> str | None:
    """Return the key, or None where there is none.

    It is the one ``given`` as an option, else the one in ``file``, else that of the environment (an empty variable
    counts as unset), else the one in :func:`default_key_file` if there is such a file. Raises UsageError for what
    cannot be a key and for a file that others can read, OutsideError for a file that cannot be read at all.

    >>> find_api_key("s2k-of-the-option", None, {"SEMANTIC_SCHOLAR_API_KEY": "s2k-of-the-environment"})
    's2k-of-the-option'
    """
    if given is not None:
        return _one(given, "--api-key")
    if file is not None:
        readable("name of the key file", str(file))
        if file == Path():  # what click makes of an empty name
            raise UsageError("--api-key-file was given empty. Name a file that holds the key on one line.")
        return _in(file.expanduser())
    if environ.get(VARIABLE, "").strip():
        return _one(environ[VARIABLE], VARIABLE)
    # what the system cannot tell of a file that nobody named need not end the command
    default = default_key_file()
    return _in(default) if os.path.lexists(default) else None


def _in(file: Path) -> str:
    """Return the key in a file that its owner alone can read."""
    try:
        state = file.stat()
        if not stat.S_ISREG(state.st_mode):
            raise UsageError(f"{file} is no file. Name one that holds the key on one line.")
        if POSIX and stat.S_IMODE(state.st_mode) & 0o077:
            told = f"others can use {file}, which holds an API key"
            raise UsageError(f"{told}. Run: chmod 600 {shlex.quote(str(file))}")
        with file.open("rb") as lines:
            data = lines.read(MAX_BYTES + 1)
    except OSError as error:
        raise OutsideError(f"{file}: the API key cannot be read: {error.strerror}.") from error
    # bytes that are no text become signs that no key has
    return _one(data.decode("ascii", "replace"), str(file))


def _one(text: str, where: str) -> str:
    """Return ``text`` without the blanks around it if it can be a key; ``where`` names the place it was found in."""
    advice = "Give it as Semantic Scholar sent it: one word on one line."
    lines = text.strip().splitlines()
    if not lines:
        raise UsageError(f"{where} holds no API key: it is empty. {advice}")
    if len(lines) > 1 or len(text) > MAX_BYTES:
        raise UsageError(f"{where} holds more than an API key. {advice}")
    fault = ""
    try:
        return check_key(lines[0])
    except UsageError:
        fault = f"{where} holds spaces or characters that no API key has. {advice}"
    # outside the except, so that no chain of errors leads back to the key
    raise UsageError(fault)
