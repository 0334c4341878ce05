"""Text as it arrives and as it is compared: mojibake undone, titles normalised.

Repair is a matter of the whole file: a list that was read as Mac Roman was read so throughout, while a
single odd pair of letters in a clean list is what its author wrote and stays.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SHORT_TITLE = 4
"""Words below which an equal title is no evidence without an agreeing author ("Technical report")."""

_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_WORD = re.compile(r"[^\W_]+")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | dict.fromkeys("‘’ʼ", "'"))
_FOLD = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ß": "ss", "æ": "ae"}
    | {"Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th", "ı": "i", "ħ": "h", "Ħ": "H"}
)


def _once_more(run: str, codec: str) -> str | None:
    """Return ``run`` as the UTF-8 it was before it was read as ``codec``, or None if it never was."""
    try:
        return run.encode(codec).decode("utf-8")
    except UnicodeError:
        return None


def repair_mojibake(text: str) -> str:
    """Undo UTF-8 that was read as another encoding; return clean text unchanged.

    ftfy decides line by line whether text is damaged; it is careful, so it passes over short runs
    (``T√Ωr``) and emoji behind Mac Roman's apple. Where it repaired any line of the file with one encoding,
    the remaining runs that decode strictly under the same encoding are repaired too.

    >>> repair_mojibake("Caf\u00e9 and \u221a2 stay")
    'Café and √2 stay'
    """
    if text.isascii():
        return text
    import ftfy

    config = ftfy.TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        restore_byte_a0=False,
        replace_lossy_sequences=False,
        decode_inconsistent_utf8=False,
        fix_c1_controls=False,
        normalization=None,
    )
    codecs: set[str] = set()
    lines = text.split("\n")
    for n, line in enumerate(lines):
        if not line.isascii():
            fixed, steps = ftfy.fix_and_explain(line, config)
            lines[n] = fixed
            codecs.update(s.parameter for s in steps or () if s.action == "encode")
    repaired = "\n".join(lines)
    # ftfy names its own sloppy variants; only Mac Roman leaves runs that it will not touch.
    if "macroman" in codecs:
        repaired = _NOT_ASCII.sub(lambda m: _once_more(m[0], "mac_roman") or m[0], repaired)
    return repaired


def ascii_fold(text: str) -> str:
    """Return ``text`` in ASCII: accents dropped, letters without an accent spelled out, the rest dropped.

    >>> ascii_fold("Týr Łukasz Straße")
    'Tyr Lukasz Strasse'
    """
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKD", text.translate(_FOLD).translate(_DASHES))
    return folded.encode("ascii", "ignore").decode("ascii")


@lru_cache(maxsize=4096)
def title_key(title: str) -> str:
    """Return the form in which titles are compared: folded, lower case, words only, TeX braces dropped.

    Letters of other scripts are kept, so that two Chinese titles do not both become nothing.

    >>> title_key("{GPTQ}: Accurate  Post-Training Quantization")
    'gptq accurate post training quantization'
    >>> title_key("大模型") == title_key("小模型")
    False
    """
    if not title.isascii():
        decomposed = unicodedata.normalize("NFKD", title.translate(_FOLD).translate(_DASHES))
        title = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(_WORD.findall(title.casefold().replace("{", "").replace("}", "")))


def is_short(key: str) -> bool:
    """Return whether the title of this key is too short to name a work by itself."""
    return key.count(" ") + 1 < SHORT_TITLE


def family_key(name: str) -> str:
    """Return the word by which two printings of one person's name are compared: the family name, folded.

    >>> family_key("Léon Bottou") == family_key("Bottou, L.")
    True
    """
    last = name.partition(",")[0] if "," in name else name.rsplit(" ", 1)[-1]
    return title_key(ascii_fold(last)).replace(" ", "")


def slug(text: str) -> str:
    """Return ``text`` as a part of an address: ``"KV Cache Compression"`` is ``"kv-cache-compression"``."""
    return "-".join(title_key(text).split())


def tidy(text: str) -> str:
    """Return ``text`` on one line: white space folded, control and formatting characters dropped."""
    if text.isprintable():
        return " ".join(text.split())
    kept = (c if not unicodedata.category(c).startswith("C") or c in "\t\n\r" else "" for c in text)
    return " ".join("".join(kept).split())


def printable(text: str) -> str:
    """Return ``text`` without what would break the line or colour the terminal.

    >>> printable("a\\x1b[31m b")
    'a�[31m b'
    """
    return text if text.isprintable() else "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
