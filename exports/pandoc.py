"""pandoc: found where it is installed, and asked for a formatted bibliography.

The program is the one that the package pypandoc_binary brings, else one on the ``PATH``. The processor in Python,
citeproc-py, was tried: it puts the comma behind IEEE's quotation marks. No call touches the network.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from ..kg.errors import OutsideError, UsageError

_DOCUMENT = b"---\nnocite: '@*'\n---\n"
"""A document that cites all there is, in the order of the bibliography."""
_NO_COLLECTING = ("+RTS", "-O512m", "-RTS")
"""Haskell's run time frees no old memory before there is half a gigabyte: pandoc ends sooner than that is worth it."""
_ADVICE = "Install it: pip install 'llmcomp[styles]'."
_OF_STYLE = ("CiteprocParseError: ", "CiteprocXMLError: ")


def format_bibliographies(parts: Sequence[str], style: bytes, name: str) -> list[str]:
    """Return the bibliography of each of ``parts`` (CSL-JSON) in a CSL style: HTML, one ``csl-entry`` each, unwrapped.

    The parts are formatted at once, by a process each. ``name`` is what the style is called in errors.

    :raises OutsideError: there is no pandoc, or it is too old or fails.
    :raises UsageError: pandoc cannot use the style.
    """
    program = find_pandoc()
    command = [program, *_NO_COLLECTING, "--from=markdown", "--to=html", "--wrap=none", "--eol=lf", "--citeproc"]
    running: list[subprocess.Popen[bytes]] = []
    with TemporaryDirectory(prefix="llmcomp-") as folder:
        try:
            Path(folder, "style.csl").write_bytes(style)
            Path(folder, "all.md").write_bytes(_DOCUMENT)
            for n, references in enumerate(parts):
                Path(folder, f"{n}.json").write_text(references, encoding="utf-8")
                asked = [*command, "--csl=style.csl", f"--bibliography={n}.json", "all.md"]
                with Path(folder, f"{n}.html").open("wb") as out, Path(folder, f"{n}.txt").open("wb") as said:
                    running.append(_started(asked, folder, out, said))
            for n, process in enumerate(running):
                if process.wait():
                    raise _failure(program, Path(folder, f"{n}.txt").read_text("utf-8", "replace"), name)
            return [Path(folder, f"{n}.html").read_text("utf-8") for n in range(len(parts))]
        finally:
            for process in running:
                process.kill()
                process.wait()


def _started(command: Sequence[str], folder: str, out: IO[bytes], said: IO[bytes]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=said)
    except OSError as error:
        raise OutsideError(f"{command[0]}: cannot be run: {error.strerror}. {_ADVICE}") from error


def find_pandoc() -> str:
    """Return the path of pandoc.

    :raises OutsideError: there is none.
    """
    # The package's own functions run the program to see whether it can be run.
    if (found := find_spec("pypandoc")) and found.submodule_search_locations:
        name = "pandoc.exe" if sys.platform == "win32" else "pandoc"
        brought = Path(found.submodule_search_locations[0], "files", name)
        if brought.is_file():
            return str(brought)
    if installed := shutil.which("pandoc"):
        return installed
    raise OutsideError(f"text and html are formatted by pandoc, which is not installed. {_ADVICE}")


def _failure(program: str, said: str, style: str) -> OutsideError | UsageError:
    told = " ".join(said.split()) or "no reason given"
    if "--citeproc" in told:
        return OutsideError(f"{program}: too old, formatting began with pandoc 2.11. {_ADVICE}")
    if told.startswith(_OF_STYLE):
        return UsageError(f"{style}: pandoc cannot use this CSL style: {told.partition(': ')[2]}. Name another one.")
    return OutsideError(f"{program}: failed: {told}")
