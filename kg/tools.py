"""Tools on a list: software that is no paper."""

from __future__ import annotations


def tool_name(title: str) -> str:
    """Return the name in a tool's row, which is printed as ``name: description``.

    >>> tool_name("kvpress: cache compression made easy")
    'kvpress'
    """
    name, colon, _ = title.partition(": ")
    return name.strip() if colon and name.strip() else title
