"""The files of the page that are shipped are those that its sources make."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import llmcomp
from llmcomp.cli.web.shipped import FOLDER

CLIENT = Path(llmcomp.__file__).parent / "cli" / "web" / "client"
pytestmark = pytest.mark.skipif(
    not (CLIENT / "node_modules").is_dir() or shutil.which("node") is None,
    reason=f"the page's packages are not here: npm ci --prefix {CLIENT} --ignore-scripts",
)


def test_the_same_sources_make_the_same_files(tmp_path: Path) -> None:
    subprocess.run(["node", "build.mjs", str(tmp_path / "static")], cwd=CLIENT, check=True)
    made = {path.name: path.read_bytes() for path in (tmp_path / "static").iterdir()}
    assert made == {path.name: path.read_bytes() for path in FOLDER.iterdir()}


def test_its_types_fit() -> None:
    done = subprocess.run(["node", "node_modules/typescript/bin/tsc", "--noEmit"], cwd=CLIENT, capture_output=True)
    assert (done.returncode, done.stdout) == (0, b"")


def test_every_package_in_it_is_named_with_its_licence() -> None:
    told = (FOLDER / "THIRD-PARTY-LICENSES.txt").read_text("utf-8")
    for name in ("sigma", "graphology", "@codemirror/view", "@lezer/highlight", "style-mod"):
        assert f"\n{name} " in told
    assert told.count("MIT") >= told.count("-" * 80)
