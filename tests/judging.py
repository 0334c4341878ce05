"""Programs that were not written here and read a .bib file, each called in one way; what is missing skips the test.

Debian has them in: biber texlive-binaries texlive-latex-base texlive-bibtex-extra pandoc.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from llmcomp.kg.model import Name

STYLES = ("plain", "abbrv", "alpha", "plainnat")
# \k, for the ogonek, is in T1 and not in LaTeX's first encoding.
_CLASSIC = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{%s}
\begin{document}\nocite{*}\bibliographystyle{%s}\bibliography{refs}\end{document}
"""
_BIBLATEX = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage[backend=biber]{biblatex}
\addbibresource{refs.bib}
\begin{document}\nocite{*}\printbibliography\end{document}
"""
_PARTS = ("literal", "non-dropping-particle", "dropping-particle", "family", "given", "suffix")
# The letters that no spelling carries through every reader of BibTeX.
_LOST = str.maketrans(dict(zip("ĐđðÐșȘțȚħə", "DddDşŞţŢhe", strict=True)) | {"Þ": "Th", "þ": "th"})


def asked(program: str, *args: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    return subprocess.run([program, *args], cwd=cwd, capture_output=True, text=True, errors="replace", timeout=590)


def installed(*files: str, cwd: Path) -> None:
    """Skip unless LaTeX finds ``files``."""
    for file in files:
        if not asked("kpsewhich", file, cwd=cwd).stdout.strip():
            pytest.skip(f"{file} is not installed")


def _complaints(done: subprocess.CompletedProcess[str]) -> list[str]:
    told = re.findall(r"^(?:WARN|ERROR).*", done.stdout, re.MULTILINE)
    return told + [f"exit code {done.returncode}"] * (done.returncode != 0)


def validated(folder: Path) -> list[str]:
    """Return what biber says against refs.bib, held against its data model."""
    options = "--tool --validate-datamodel --dieondatamodel --nolog --output-file /dev/null refs.bib"
    return _complaints(asked("biber", *options.split(), cwd=folder))


def bibtex(folder: Path, style: str) -> tuple[int, list[str]]:
    """Return BibTeX's exit code and what it says; the bibliography is left in doc.bbl."""
    installed(f"{style}.bst", cwd=folder)
    (folder / "doc.aux").write_text(f"\\relax\n\\citation{{*}}\n\\bibstyle{{{style}}}\n\\bibdata{{refs}}\n")
    done = asked("bibtex", "-terse", "doc", cwd=folder)
    return done.returncode, [line for line in done.stdout.splitlines() if line and not line.startswith("(There w")]


def _typeset(folder: Path) -> str:
    """Return the end of LaTeX's talk if it failed, else nothing."""
    done = asked("pdflatex", "-draftmode", "-halt-on-error", "-interaction=nonstopmode", "doc", cwd=folder)
    return done.stdout[-2000:] if done.returncode else ""


def typeset_classic(folder: Path, style: str) -> str:
    """Typeset doc.bbl, as :func:`bibtex` left it; return nothing, or why it failed."""
    package = "natbib" if style == "plainnat" else "url"
    installed(f"{package}.sty", cwd=folder)
    (folder / "doc.tex").write_text(_CLASSIC % ("natbib,url" if style == "plainnat" else "url", style))
    return _typeset(folder)


def typeset_biblatex(folder: Path, *biber: str) -> list[str]:
    """Typeset all of refs.bib with biblatex; return what biber and LaTeX say against it."""
    installed("biblatex.sty", cwd=folder)
    for left in folder.glob("doc.*"):
        left.unlink()
    (folder / "doc.tex").write_text(_BIBLATEX)
    if failed := _typeset(folder):
        return [failed]
    said = _complaints(asked("biber", *biber, "doc", cwd=folder))
    return said + list(filter(None, [_typeset(folder)]))


def pandoc(folder: Path, format_: str) -> dict[str, dict[str, Any]]:
    """Return the items that pandoc reads from refs.bib, by key; it must say nothing."""
    done = asked("pandoc", "-f", format_, "-t", "csljson", "refs.bib", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return {item["id"]: item for item in json.loads(done.stdout)}


def authors_read(item: dict[str, Any]) -> list[str]:
    """Return the authors of an item of pandoc, each as the letters of its parts in one order."""
    return [_letters("".join(name.get(part, "") for part in _PARTS)) for name in item.get("author", ())]


def authors_told(names: tuple[Name, ...], format_: str) -> list[str]:
    """Return what :func:`authors_read` finds if nothing was lost but what BibTeX's flavour cannot spell."""
    told = [n.literal or n.particle + n.family + n.given + n.suffix for n in names]
    return [_letters(name.translate(_LOST) if format_ == "bibtex" else name) for name in told]


def _letters(name: str) -> str:
    return re.sub(r"[^\w@&+]", "", unicodedata.normalize("NFC", name))


def reads_as(text: str) -> str:
    """Return ``text`` without what a reader may change: markup, kinds of quote and dash, case of letters, spaces."""
    text = re.sub(r"</?(?:span|sub|sup)[^>]*>", "", text)
    text = re.sub('[‘’“”„"`´]', "'", text).replace("''", "'")
    text = re.sub("---?|[‐‑‒–—―−]", "-", text)
    text = unicodedata.normalize("NFKC", text.replace("™", "").replace("®", "")).casefold()
    return re.sub(r"\s+", "", text)
