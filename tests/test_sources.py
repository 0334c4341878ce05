"""Where lists come from: files, standard input, web servers."""

from __future__ import annotations

import io
import os
import socket
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from llmcomp.kg import sources
from llmcomp.kg.errors import OutsideError, SourceError, UsageError
from llmcomp.kg.sources import load_list

ROW = "- GPTQ <br> ICLR 2023 [[Paper]](https://arxiv.org/abs/2210.17323)"
LIST = f"### Quantization\n{ROW}\n".encode()


def load(address: str) -> list[str]:
    return [entry.title for entry in load_list(address, lambda _: False).entries]


def refusal(address: str) -> str:
    with pytest.raises(SourceError) as raised:
        load(address)
    assert raised.value.exit_code == 3
    return str(raised.value)


# -- files -------------------------------------------------------------------------------------------------


def test_a_file_is_read_and_named(tmp_path):
    path = tmp_path / "my list.md"
    path.write_bytes(LIST)
    reading = load_list(str(path), lambda _: False)
    assert [e.title for e in reading.entries] == ["GPTQ"]
    assert reading.source == str(path)


def test_a_missing_file(tmp_path):
    path = str(tmp_path / "none.md")
    assert refusal(path) == f"{path}: no such file. Name a Markdown file, '-' or an http address."


def test_a_folder(tmp_path):
    assert refusal(str(tmp_path)) == f"{tmp_path}: a folder. Name the list's Markdown file in it."


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file(tmp_path):
    path = tmp_path / "a.md"
    path.write_bytes(LIST)
    path.chmod(0)
    assert refusal(str(path)) == f"{path}: cannot be read: Permission denied."


def test_a_path_through_a_file(tmp_path):
    (tmp_path / "a.md").write_bytes(LIST)
    path = tmp_path / "a.md" / "b.md"
    assert refusal(str(path)) == f"{path}: cannot be read: Not a directory."


def test_a_name_that_no_file_can_have():
    assert "cannot be read" in refusal("a\0b.md")
    assert "cannot be read" in refusal("x" * 5000)


@pytest.mark.parametrize("data", [b"", b" \n\n\t", b"\xef\xbb\xbf"])
def test_an_empty_file(tmp_path, data):
    path = tmp_path / "a.md"
    path.write_bytes(data)
    assert refusal(str(path)) == (
        f"{path}: empty. A list is Markdown with rows like '- Title <br> Venue [[Paper]](address)'."
    )


def test_a_file_without_rows(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("# Notes\n\nNothing to see.\n")
    assert refusal(str(path)) == (
        f"{path}: no row found. A row looks like '- Title <br> Venue Year [[Paper]](https://...)'."
    )


def test_a_file_whose_rows_cannot_be_read(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("- [[Paper]](https://x.org/a)\n- [[Paper]](https://x.org/b)\n")
    assert refusal(str(path)) == (
        f"{path}: no row found (2 rows could not be read). "
        "A row looks like '- Title <br> Venue Year [[Paper]](https://...)'."
    )


def test_a_picture(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    assert refusal(str(path)).startswith(f"{path}: not text: a NUL byte at offset 8.")


def test_a_file_that_is_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MAX_BYTES", 10)
    path = tmp_path / "a.md"
    path.write_bytes(LIST)
    assert refusal(str(path)) == f"{path}: larger than 0 MB; a list is a Markdown file."


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="asks for a device that never ends")  # noqa: PTH110
def test_a_device_that_never_ends():
    assert refusal("/dev/zero") == "/dev/zero: larger than 50 MB; a list is a Markdown file."


def test_a_standard_input_that_is_too_large(monkeypatch):
    monkeypatch.setattr(sources, "MAX_BYTES", 10)
    data = io.BytesIO(LIST)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=data))
    assert refusal("-") == "standard input: larger than 0 MB; a list is a Markdown file."
    assert data.tell() == 11


def test_a_closed_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(OutsideError) as raised:
        load("-")
    assert str(raised.value) == "standard input is closed. Name a file, or open it."


def test_a_standard_input_that_cannot_be_read(monkeypatch, tmp_path):
    with (tmp_path / "a.md").open("wb", buffering=0) as written:
        stdin = open(written.fileno(), "rb", closefd=False)  # noqa: SIM115
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=stdin))
        with pytest.raises(OutsideError) as raised:
            load("-")
    assert str(raised.value) == "standard input cannot be read: Bad file descriptor. Name a file instead."


def test_a_name_that_is_no_text():
    with pytest.raises(UsageError, match="character 1 of the name of a list cannot be read"):
        load("\udcff.md")


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(LIST)))
    reading = load_list("-", lambda _: False)
    assert (reading.source, len(reading.entries)) == ("standard input", 1)


def test_known_venues_are_asked_for(tmp_path):
    path = tmp_path / "a.md"
    path.write_bytes(LIST.replace(b" <br>", b""))
    (entry,) = load_list(str(path), lambda text: text == "ICLR 2023").entries
    assert (entry.title, entry.venue) == ("GPTQ", "ICLR 2023")


# -- web servers -------------------------------------------------------------------------------------------


class Handler(BaseHTTPRequestHandler):
    """Pages, one for each way in which a server answers."""

    def do_GET(self) -> None:
        match self.path:
            case "/list.md":
                self.answer(200, LIST, "text/plain; charset=utf-8")
            case "/untyped":
                self.answer(200, LIST, None)
            case "/latin":
                self.answer(200, LIST.replace(b"GPTQ", b"caf\xe9"), "text/markdown; charset=utf-8")
            case "/page":
                self.answer(200, b"<html><ul><li>" + LIST, "text/html; charset=utf-8")
            case "/moved":
                self.answer(302, b"", None, Location="/list.md")
            case "/round":
                self.answer(302, b"", None, Location="/round")
            case "/file":
                self.answer(302, b"", None, Location="file:///etc/hostname")
            case "/cut":
                self.answer(200, LIST, "text/plain", length=len(LIST) + 1000)
            case "/empty":
                self.answer(200, b"", "text/plain")
            case "/garbage":
                self.wfile.write(b"not http at all\r\n\r\n")
            case "/broken":
                self.answer(500, b"", "text/plain")
            case _:
                self.answer(404, b"no", "text/plain")
        self.close_connection = True

    def answer(self, code: int, body: bytes, kind: str | None, length: int | None = None, **more: str) -> None:
        self.send_response(code)
        headers = {"Content-Length": str(len(body) if length is None else length), **more}
        if kind:
            headers["Content-Type"] = kind
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a web server on loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    """Keep loopback off the proxy that a machine may have set."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.mark.parametrize("path", ["/list.md", "/untyped", "/moved"])
def test_a_list_on_the_web(server, path):
    reading = load_list(f"{server}{path}", lambda _: False)
    assert [e.title for e in reading.entries] == ["GPTQ"]
    assert reading.source == f"{server}{path}"


def test_a_server_that_tells_the_wrong_encoding(server):
    assert load(f"{server}/latin") == ["café"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/none", "the server answered 404 Not Found."),
        ("/broken", "the server answered 500 Internal Server Error."),
        ("/page", "a web page, not Markdown. On GitHub, name the raw file or the repository's page."),
        ("/empty", "empty. A list is Markdown with rows like '- Title <br> Venue [[Paper]](address)'."),
        ("/cut", "cannot be fetched: the connection broke off, 1000 bytes are missing."),
    ],
)
def test_answers_that_are_no_list(server, path, message):
    assert refusal(f"{server}{path}") == f"{server}{path}: {message}"


def test_a_redirect_that_leads_in_a_circle(server):
    assert refusal(f"{server}/round").startswith(f"{server}/round: the server answered 302 ")


def test_a_redirect_out_of_the_web_is_not_followed(server):
    assert refusal(f"{server}/file").startswith(f"{server}/file: ")


def test_a_server_that_speaks_no_http(server):
    assert refusal(f"{server}/garbage").startswith(f"{server}/garbage: cannot be fetched: ")


def test_a_dead_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}/list.md"
        assert refusal(url).startswith(f"{url}: cannot be fetched: ")


def test_a_server_that_is_silent(monkeypatch):
    monkeypatch.setattr(sources, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/list.md"
        assert refusal(url) == f"{url}: cannot be fetched: timed out."


def test_a_server_that_sends_too_much(server, monkeypatch):
    monkeypatch.setattr(sources, "MAX_BYTES", 10)
    assert refusal(f"{server}/list.md").endswith("/list.md: larger than 0 MB; a list is a Markdown file.")


@pytest.mark.parametrize("url", ["http://", "http://[", "http://127.0.0.1:port/x", "http://127.0.0.1/a b"])
def test_addresses_that_cannot_be(url):
    assert refusal(url).startswith(f"{url}: cannot be fetched: ")


@pytest.mark.parametrize(
    ("url", "raw"),
    [
        ("https://github.com/a/b", "https://raw.githubusercontent.com/a/b/HEAD/README.md"),
        ("https://www.github.com/a/b/", "https://raw.githubusercontent.com/a/b/HEAD/README.md"),
        ("https://github.com/a/b#readme", "https://raw.githubusercontent.com/a/b/HEAD/README.md"),
        ("https://github.com/a/b?tab=readme-ov-file", "https://raw.githubusercontent.com/a/b/HEAD/README.md"),
        ("https://github.com/a/b.git", "https://raw.githubusercontent.com/a/b/HEAD/README.md"),
        (
            "https://github.com/a/b/blob/main/docs/x.md",
            "https://raw.githubusercontent.com/a/b/main/docs/x.md",
        ),
        (
            "https://github.com/a/b/blob/main/x.md?plain=1#L3",
            "https://raw.githubusercontent.com/a/b/main/x.md",
        ),
        ("https://github.com/a/b/tree/dev", "https://raw.githubusercontent.com/a/b/dev/README.md"),
        ("https://github.com/a/b/tree/dev/docs/", "https://raw.githubusercontent.com/a/b/dev/docs/README.md"),
        ("https://github.com/a/b/issues/1", "https://github.com/a/b/issues/1"),
        (
            "https://raw.githubusercontent.com/a/b/main/x.md",
            "https://raw.githubusercontent.com/a/b/main/x.md",
        ),
        ("https://github.com/a", "https://github.com/a"),
        ("https://x.org/a/b", "https://x.org/a/b"),
    ],
)
def test_the_markdown_behind_a_page_of_github(url, raw):
    assert sources._raw(url) == raw  # pyright: ignore[reportPrivateUsage]
