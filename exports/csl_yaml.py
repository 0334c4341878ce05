r"""CSL-YAML: the references of CSL-JSON as pandoc's documents hold them, for ``--bibliography`` or a document's head.

Pandoc reads the strings of its YAML as Markdown (https://pandoc.org/MANUAL.html#extension-yaml_metadata_block). What is
markup there is escaped, so that pandoc has the same references from either file. ``custom`` is not written, for pandoc
makes an empty text of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ..kg.model import Work
from . import csl_json
from .cited import in_order
from .options import Options

FIELDS = tuple(field for field in csl_json.FIELDS if field != "custom")
"""What ``--fields`` chooses among; ``id`` and ``type`` are always written."""

_MARKUP = re.compile(
    r"[\\`*$\[\]<~^@]|^>"
    r"|(?<![^\W_])_|_(?![^\W_])"  # inside a word it is a letter to pandoc
    r"|-(?=-)|\.(?=\.)"  # dashes and an ellipsis
    r"|&(?=#?\w+;)"  # an entity
    r"|(?<!\b[A-Z])\.(?= )"  # behind "vs." and its like pandoc puts a space that does not break
)
# Two letters begin no number and no date in any version of YAML; what means true, false or null PyYAML quotes.
_PLAIN = re.compile(r"[^\W\d_]{2}")
_WIDTH = 1 << 30
"""No line is broken."""


def csl_yaml(works: Iterable[Work], options: Options) -> Iterator[str]:
    r"""Yield ``works`` as a YAML document with ``references``, in the order of ``options.sort``, UTF-8 as it is.

    >>> from llmcomp.kg.model import Name
    >>> llama = Work("i:1", "touvron2023llama", "The *Open* LLaMA", authors=(Name("Touvron", "Hugo"),), year=2023)
    >>> print("".join(csl_yaml([llama], Options())), end="")
    ---
    references:
    - id: touvron2023llama
      type: article
      title: The \*Open\* LLaMA
      author:
      - family: Touvron
        given: Hugo
      issued:
        date-parts:
        - - 2023
      genre: Preprint
    ...
    """
    import yaml

    def text(dumper: Any, value: str) -> Any:
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=None if _PLAIN.match(value) else "'")

    # libyaml's writer, where PyYAML was built with it
    dumper: Any = type("Dumper", (getattr(yaml, "CSafeDumper", yaml.SafeDumper),), {"ignore_aliases": _always})
    dumper.add_representer(str, text)
    opening = "---\nreferences:\n"
    for work in in_order(works, options.sort):
        references = [_reference(csl_json.item(work, options))]
        yield opening + yaml.dump(references, Dumper=dumper, allow_unicode=True, sort_keys=False, width=_WIDTH)
        opening = ""
    yield "---\nreferences: []\n...\n" if opening else "...\n"


def _always(*_: object) -> bool:
    return True


def _reference(item: dict[str, Any]) -> dict[str, Any]:
    item.pop("custom", None)
    reference = {k: markdown(v) if isinstance(v, str) else v for k, v in item.items()}
    if "author" in item:
        reference["author"] = [{part: markdown(name) for part, name in author.items()} for author in item["author"]]
    return reference


def markdown(text: str) -> str:
    r"""Return a text of one line as pandoc's Markdown, in which nothing is markup but its quotes.

    >>> markdown("L_2 and _x_ for $5 <b>")
    'L_2 and \\_x\\_ for \\$5 \\<b>'
    """
    return _MARKUP.sub(r"\\\g<0>", text)
