"""Text in XML: escaped, and without the signs that XML cannot hold, not even escaped."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

# https://www.w3.org/TR/xml/#charsets
_NO_SIGN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(value: str) -> str:
    """Return ``value`` as it stands between tags.

    >>> text("a < b\\x0b & c")
    'a &lt; b\\ufffd &amp; c'
    """
    return escape(_NO_SIGN.sub("\ufffd", value))


def attribute(value: str) -> str:
    """Return ``value`` in quotes.

    >>> attribute('say "a"')
    '\\'say "a"\\''
    """
    return quoteattr(_NO_SIGN.sub("\ufffd", value))
