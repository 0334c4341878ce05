"""pandoc: found where it is installed, and asked for a formatted bibliography.

The program is the one that the package pypandoc_binary brings, else one on the ``PATH``. The processor in Python,
citeproc-py, was tried: it puts the comma behind IEEE's quotation marks. No call touches the network.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from ..kg.errors import OutsideError, UsageError

_DOCUMENT = b"---\nnocite: '@*'\n---\n"
"""A document that cites all there is, in the order of the bibliography."""
_ADVICE = "Install it: pip install 'llmcomp[styles]'."
_OF_STYLE = ("CiteprocParseError: ", "CiteprocXMLError: ")


def format_bibliography(references: str, style: bytes, name: str) -> str:
    """Return the bibliography of ``references`` (CSL-JSON) in a CSL style as HTML, one ``csl-entry`` each, unwrapped.

    ``name`` is what the style is called in errors.

    :raises OutsideError: there is no pandoc, or it is too old or fails.
    :raises UsageError: pandoc cannot use the style.
    """
    program = find_pandoc()
    with TemporaryDirectory(prefix="llmcomp-") as folder:
        Path(folder, "references.json").write_text(references, encoding="utf-8")
        Path(folder, "style.csl").write_bytes(style)
        command = [program, "--from=markdown", "--to=html", "--wrap=none", "--eol=lf", "--citeproc"]
        command += ["--csl=style.csl", "--bibliography=references.json"]
        try:
            done = subprocess.run(command, cwd=folder, input=_DOCUMENT, capture_output=True, check=False)
        except OSError as error:
            raise OutsideError(f"{program}: cannot be run: {error.strerror}. {_ADVICE}") from error
    if done.returncode:
        raise _failure(program, done.stderr.decode("utf-8", "replace"), name)
    return done.stdout.decode("utf-8")


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
