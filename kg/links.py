"""What a row's links are for, by label and address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from .model import WORK_SCHEMES, Identifier, Link

Role = Literal["paper", "code", "model", "page", "other"]

_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("paper", re.compile(r"papers?|pdf|arxiv|abs|abstract|openreview|acl|doi|preprint|html|link|url", re.I)),
    ("code", re.compile(r"codes?|cde|github( page)?|git|repo(sitory)?|official code|implementation|pytorch|jax", re.I)),
    ("model", re.compile(r"models?|weights|checkpoints?|hugging ?face|hf", re.I)),
    ("page", re.compile(r"home ?page|project( page)?|page|web(site)?|site|blogs?|tutorial|slides|video|demo", re.I)),
    ("page", re.compile(r"data(set)?s?|poster|talk", re.I)),
)  # fmt: skip


def role(link: Link) -> Role:
    """Return what ``link`` is for: its label decides, else the thing its address names.

    >>> role(Link("Code (Marlin)", "https://github.com/IST-DASLab/marlin"))
    'code'
    """
    label = re.sub(r"\s*\(.*\)\s*$", "", link.label).strip()
    for name, pattern in _ROLES:
        if pattern.fullmatch(label):
            return name
    identifier = link.identifier
    if identifier is None:
        return "other"
    if identifier.scheme == "github":
        return "code"
    if identifier.scheme == "huggingface":
        return "model"
    return "paper"


def is_link_label(text: str) -> bool:
    """Return whether ``text`` is what lists write on links (``[Paper]``) rather than a title."""
    bare = text.strip().strip("[]").strip()
    return bool(re.fullmatch(r"\[.*\]", text.strip())) or any(p.fullmatch(bare) for _, p in _ROLES) or not bare


def work_identifiers(links: Iterable[Link]) -> tuple[Identifier, ...]:
    """Return the identifiers by which a row's links name its paper, in the links' order.

    A paper's supplement on OpenReview is labelled "Code" and still names the paper, while an arXiv link under
    "Code" or "Page" may be another paper.
    """
    found: dict[Identifier, None] = {}
    for link in links:
        identifier = link.identifier
        if identifier is None or identifier.scheme not in WORK_SCHEMES:
            continue
        if role(link) in {"paper", "other"} or (identifier.scheme == "openreview" and role(link) == "code"):
            found[identifier] = None
    return tuple(found)


def repositories(links: Iterable[Link]) -> tuple[str, ...]:
    """Return the addresses of the repositories that a row calls its code, in order, each once."""
    return tuple(dict.fromkeys(link.url for link in links if role(link) == "code" and _is_repository(link)))


def is_web_address(url: str) -> bool:
    """Return whether ``url`` leads somewhere by itself: "code/" beside a list does not."""
    scheme, _, rest = url.partition("://")
    return scheme.lower() in {"http", "https"} and rest[:1].isalnum()


def _is_repository(link: Link) -> bool:
    if link.identifier is None:
        return is_web_address(link.url)
    return link.identifier.scheme in {"github", "huggingface"}
