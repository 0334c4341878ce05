"""Where the API key is looked for, who may read it, and that no message ever shows it."""

from __future__ import annotations

import os
import traceback
from pathlib import Path

import pytest

from llmcomp.kg.api_key import default_key_file, find_api_key
from llmcomp.kg.errors import LlmcompError, OutsideError, UsageError

KEY = "s2k-1b9dUqXvNOTREAL"
ENVIRONMENT = {"SEMANTIC_SCHOLAR_API_KEY": "s2k-environment"}
ADVICE = "Give it as Semantic Scholar sent it: one word on one line."
posix = pytest.mark.skipif(os.name != "posix", reason="asks for modes of POSIX")


@pytest.fixture(autouse=True)
def default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Keep every test away from the key of whoever runs it; the file in which one would be looked for."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    file = default_key_file()
    if not file.is_relative_to(tmp_path):
        pytest.skip("the user's settings lie elsewhere on this system")
    return file


def written(file: Path, content: bytes | str = KEY, mode: int = 0o600) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    file.chmod(mode)
    return file


def refusal(kind: type[LlmcompError], *args) -> str:
    """What is said instead of a key; neither it nor the traceback holds any part of one."""
    with pytest.raises(kind) as raised:
        find_api_key(*args)
    assert type(raised.value) is kind
    told = "".join(traceback.format_exception(raised.value))
    assert not any(part in told for part in ("s2k-", "1b9d", "NOTREAL"))
    return str(raised.value)


# -- where it is looked for ------------------------------------------------------------------------------------


def test_the_option_comes_first_then_the_named_file_then_the_environment_then_the_default_one(tmp_path, default):
    named = written(tmp_path / "named", "s2k-named")
    assert find_api_key(None, None, {}) is None
    written(default, "s2k-default")
    assert find_api_key(None, None, {}) == "s2k-default"
    assert find_api_key(None, named, {}) == "s2k-named"
    assert find_api_key(None, None, ENVIRONMENT) == "s2k-environment"
    assert find_api_key(None, named, ENVIRONMENT) == "s2k-named"
    assert find_api_key(KEY, named, ENVIRONMENT) == KEY


def test_the_default_file_lies_in_the_folder_of_settings(tmp_path, default):
    assert (default.parent.name, default.name) == ("llmcomp", "semantic-scholar.key")


@pytest.mark.parametrize("value", ["", " ", "\n"])
def test_an_empty_variable_counts_as_unset(tmp_path, value):
    environment = {"SEMANTIC_SCHOLAR_API_KEY": value}
    assert find_api_key(None, None, environment) is None
    assert find_api_key(None, written(tmp_path / "key"), environment) == KEY


def test_a_file_is_not_looked_at_when_the_key_is_known_without_it(tmp_path, default):
    written(default, "no key at all", 0o644)
    assert find_api_key(KEY, tmp_path / "none", {}) == KEY
    assert find_api_key(None, None, ENVIRONMENT) == "s2k-environment"


def test_a_default_file_is_held_to_the_same_rules(default):
    written(default, "")
    assert refusal(UsageError, None, None, {}) == f"{default} holds no API key: it is empty. {ADVICE}"


def test_a_tilde_is_the_user_s_home(tmp_path):
    written(tmp_path / "key")
    assert find_api_key(None, Path("~/key"), {}) == KEY


# -- what a key is ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [KEY, f"{KEY}\n", f"{KEY}\r\n", f"\n  {KEY}\t\n\n"])
def test_blanks_round_a_key_do_not_count(tmp_path, content):
    assert find_api_key(None, written(tmp_path / "key", content), {}) == KEY
    assert find_api_key(content, None, {}) == KEY
    assert find_api_key(None, None, {"SEMANTIC_SCHOLAR_API_KEY": content}) == KEY


BAD = [
    (f"{KEY} {KEY}", "holds spaces or characters that no API key has"),
    (f"{KEY}\t1", "holds spaces or characters that no API key has"),
    (f"{KEY}é", "holds spaces or characters that no API key has"),
    (f"{KEY}\x00", "holds spaces or characters that no API key has"),
    (f"{KEY}\n{KEY}", "holds more than an API key"),
    (f"# my key\n{KEY}\n", "holds more than an API key"),
    (KEY * 1000, "holds more than an API key"),
]


@pytest.mark.parametrize(("content", "fault"), BAD)
def test_what_cannot_be_a_key_is_told_by_its_place(tmp_path, content, fault):
    file = written(tmp_path / "key", content)
    assert refusal(UsageError, None, file, {}) == f"{file} {fault}. {ADVICE}"
    assert refusal(UsageError, content, None, {}) == f"--api-key {fault}. {ADVICE}"
    environment = {"SEMANTIC_SCHOLAR_API_KEY": content}
    assert refusal(UsageError, None, None, environment) == f"SEMANTIC_SCHOLAR_API_KEY {fault}. {ADVICE}"


@pytest.mark.parametrize("content", ["", " \n", "\r\n\r\n"])
def test_an_empty_key(tmp_path, content):
    file = written(tmp_path / "key", content)
    assert refusal(UsageError, None, file, {}) == f"{file} holds no API key: it is empty. {ADVICE}"
    assert refusal(UsageError, content, None, {}) == f"--api-key holds no API key: it is empty. {ADVICE}"


@pytest.mark.parametrize("content", [b"\xff\xfes\x002\x00k\x00", f"{KEY}ü".encode("latin-1"), b"\x00" * 50])
def test_bytes_that_are_no_key(tmp_path, content):
    file = written(tmp_path / "key", content)
    fault = "holds spaces or characters that no API key has"
    assert refusal(UsageError, None, file, {}) == f"{file} {fault}. {ADVICE}"


# -- who may read it -------------------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_that_its_owner_alone_can_read(tmp_path, mode):
    assert find_api_key(None, written(tmp_path / "key", mode=mode), {}) == KEY


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o620, 0o610, 0o601, 0o777])
def test_a_file_that_others_can_read_is_refused(tmp_path, mode):
    file = written(tmp_path / "my key", mode=mode)
    assert (
        refusal(UsageError, None, file, {}) == f"others can use {file}, which holds an API key. Run: chmod 600 '{file}'"
    )


@posix
def test_the_mode_of_a_link_is_that_of_its_file(tmp_path):
    (tmp_path / "link").symlink_to(written(tmp_path / "key", mode=0o644))
    assert "chmod 600" in refusal(UsageError, None, tmp_path / "link", {})
    (tmp_path / "key").chmod(0o600)
    assert find_api_key(None, tmp_path / "link", {}) == KEY


def test_modes_do_not_count_where_they_mean_nothing(tmp_path, monkeypatch):
    file = written(tmp_path / "key", mode=0o644)
    monkeypatch.setattr("llmcomp.kg.api_key.POSIX", False)
    assert find_api_key(None, file, {}) == KEY


# -- files that are none ---------------------------------------------------------------------------------------


def test_a_named_file_that_is_not_there(tmp_path):
    file = tmp_path / "none"
    said = refusal(OutsideError, None, file, {})
    assert said == f"{file}: the API key cannot be read: No such file or directory."


def test_a_folder_is_no_file(tmp_path):
    assert refusal(UsageError, None, tmp_path, {}) == f"{tmp_path} is no file. Name one that holds the key on one line."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="asks for a named pipe")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert "is no file." in refusal(UsageError, None, tmp_path / "pipe", {})


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path):
    file = written(tmp_path / "key", mode=0o000)
    assert refusal(OutsideError, None, file, {}) == f"{file}: the API key cannot be read: Permission denied."


def test_an_empty_name():
    said = refusal(UsageError, None, Path(), {})
    assert said == "--api-key-file was given empty. Name a file that holds the key on one line."


def test_a_name_that_is_no_text():
    assert "character 2 of the name of the key file" in refusal(UsageError, None, Path("x\udcff"), {})


@posix
def test_a_default_file_that_leads_nowhere_is_told(default):
    default.parent.mkdir(parents=True)
    default.symlink_to("nowhere")
    assert refusal(OutsideError, None, None, {}).startswith(f"{default}: the API key cannot be read: ")
