"""The calls that Semantic Scholar takes; the one module that imports the package ``semanticscholar``.

The package says where a call goes and how it names fields; the call itself is made by
:mod:`~llmcomp.kg.scholar_wire`. The package is asked for its request and not let near the answer, because (0.12.0)

- ``get_papers`` drops the nulls of a batch, and with them which answer belongs to which id;
- 301, 401, 413, 502 and 503 become an empty answer, which reads like "all unknown" and makes paging loop for ever;
- it tries again on 429 alone, for four minutes, and ends in tenacity's ``RetryError``;
- its calls for references leave the key out, and its debug log prints the key;
- a reference list withheld by the publisher (``data: null``) raises ``TypeError``;
- ids and titles go into addresses as they are, where ``#``, ``?`` and ``&`` cut them: they are quoted here;
- it tells the root logger how to log, and warns of ids "not found" that were.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator, Mapping
from dataclasses import dataclass, replace
from types import coroutine
from typing import Protocol, cast
from urllib.parse import quote

PAPER_FIELDS = (
    "paperId,corpusId,externalIds,title,year,publicationDate,venue,publicationVenue,journal,authors,"
    "citationCount,influentialCitationCount,referenceCount,openAccessPdf,publicationTypes"
).split(",")
NESTED_FIELDS = [f"references.{name}" for name in ("paperId", "corpusId", "externalIds", "title", "year", "authors")]
# dots are refused here ("authors.name" is 400); intents and influence are told nowhere else
EDGE_FIELDS = "intents,isInfluential,paperId,corpusId,externalIds,title,year,authors".split(",")


@dataclass(frozen=True, slots=True)
class Request:
    """A call: address, parameters as they go into it, the body to post (None to get), and what it asks for."""

    url: str
    parameters: str
    payload: Mapping[str, object] | None
    about: str

    @property
    def method(self) -> str:
        """The HTTP method."""
        return "GET" if self.payload is None else "POST"


class Calls:
    """The calls to the service at ``api_url``, an address without ``/graph/v1``.

    >>> Calls("http://localhost").paper("DOI:10.1/a#b", references=False).url
    'http://localhost/graph/v1/paper/DOI%3A10.1%2Fa%23b'
    """

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url
        self._package: _Package | None = None

    def batch(self, ids: list[str], references: bool) -> Request:
        """Ask for papers by id."""
        about = f"{len(ids)} papers" if len(ids) > 1 else ids[0]
        return _request(self._client().get_papers(ids, _fields(references)), about)

    def paper(self, id: str, references: bool) -> Request:
        """Ask for one paper by id."""
        return _request(self._client().get_paper(quote(id, safe=""), _fields(references)), id)

    def title(self, title: str) -> Request:
        """Ask for the paper whose title comes nearest."""
        query = quote(title, safe="")
        call = self._client().search_paper(query, fields=_fields(False), limit=1, match_title=True)
        return _request(call, f"the title '{title}'")

    def references(self, id: str, offset: int, limit: int) -> Request:
        """Ask for one page of a reference list.

        Not the package's request: that can be had for the first page alone, as later ones depend on its reading of
        the answer.
        """
        client = self._client()
        url = f"{client.api_url}{client.BASE_PATH_GRAPH}/paper/{quote(id, safe='')}/references"
        parameters = f"fields={','.join(EDGE_FIELDS)}&offset={offset}&limit={limit}"
        return Request(url, parameters, None, f"the references of {id}")

    def _client(self) -> _Package:
        if self._package is None:
            from semanticscholar import AsyncSemanticScholar

            # its property ``debug`` calls logging.basicConfig whenever it is set; a plain attribute does not
            quiet = cast(Callable[..., _Package], type("Quiet", (AsyncSemanticScholar,), {"debug": False}))
            # without the key: the package needs none to say what to ask
            client = quiet(api_url=self._api_url)
            vars(client).update(_requester=_Requester())
            self._package = client
        return self._package


class _Requester:
    """Stands where the package's own requester stands, and hands its request out instead of making it."""

    @coroutine
    def get_data_async(
        self, url: str, parameters: str, headers: object, payload: Mapping[str, object] | None = None
    ) -> Generator[Request, object, object]:
        del headers  # made by the wire, with the key in every call
        return (yield Request(url, parameters.lstrip("&"), payload, ""))


class _Package(Protocol):
    """What is used of the package's client."""

    api_url: str
    BASE_PATH_GRAPH: str

    def get_paper(self, paper_id: str, fields: list[str]) -> Coroutine[Request, object, object]: ...

    def get_papers(self, paper_ids: list[str], fields: list[str]) -> Coroutine[Request, object, object]: ...

    def search_paper(
        self, query: str, *, fields: list[str], limit: int, match_title: bool
    ) -> Coroutine[Request, object, object]: ...


def _request(call: Coroutine[Request, object, object], about: str) -> Request:
    """Return the request that ``call`` would make; it runs up to there and no further.

    No event loop is needed for that, and none is wanted: while one runs, the first Ctrl-C does not end a sleep.
    """
    try:
        return replace(call.send(None), about=about)
    finally:
        call.close()


def _fields(references: bool) -> list[str]:
    return [*PAPER_FIELDS, *NESTED_FIELDS] if references else [*PAPER_FIELDS]
