"""What is wrong with a query, for the person who wrote it: line, column, and what was expected there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from unicodedata import combining, east_asian_width

from ..ontology.terms import PREFIXES
from .errors import UsageError
from .sparql import AGGREGATES, END, FUNCTIONS, Token, keywords, misplaced, tokens

DEEPEST = 500
"""How deep brackets may stand in brackets."""
MOST_PARTS = 1_000
"""How many patterns, filters and operators a query may have."""
_WIDTH = 74
"""How much of a long line is shown."""
_QUERIES = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = frozenset("INSERT DELETE LOAD CLEAR CREATE DROP ADD MOVE COPY WITH".split())
_PARTS = frozenset(
    ". ; || && = != < > <= >= + - * / | ! ^ AS UNION OPTIONAL MINUS GRAPH SERVICE FILTER BIND VALUES EXISTS".split()
)
# a name, the kind of word that must be expected for it to be told, and the others that it then tells of
_GROUPS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("a variable", "VARIABLE", frozenset()),
    ("an IRI", "IRI", frozenset({"PNAME", "PREFIX_NAME", "a"})),
    ("a literal", "true", frozenset({"STRING", "NUMBER", "false", "+", "-"})),
    ("a function", "FUNCTION", frozenset({"EXISTS", "NOT"})),
    ("a blank node", "ANON", frozenset({"BLANK", "["})),
    ("a pattern (FILTER, OPTIONAL, ...)", "BIND", frozenset("FILTER OPTIONAL MINUS GRAPH SERVICE VALUES {".split())),
    ("an operator", "&&", frozenset("|| = != < > <= >= IN NOT + - * /".split())),
    ("a sign of a path", "?", frozenset("* + / | ^".split())),
    ("'('", "(", frozenset({"NIL"})),
    ("a text in quotes", "STRING", frozenset()),
    ("a number", "NUMBER", frozenset()),
    ("a prefix with its colon", "PREFIX_NAME", frozenset()),
    ("a language", "LANGUAGE", frozenset()),
    ("the end", END, frozenset()),
)
_LINE_END = re.compile(r"\r\n?|\n")


def no_query(text: str, error: str) -> str:
    """Return why ``text`` is no query that can be answered; ``error`` is what the store's parser says of it.

    >>> print(no_query("ASK { ?s }", "error at 1:10: expected ..."))
    not SPARQL: line 1, column 10: '}' stands where a variable, an IRI, '(', '!' or '^' was expected.
      ASK { ?s }
               ^
    """
    words = list(tokens(text))
    first = next(w for w in words if w.kind not in ("PREFIX", "BASE", "PREFIX_NAME", "IRI"))
    if first.text.upper() in _UPDATES:
        return f"{first.text.upper()} would change the graph, and it is read only: ask with {', '.join(_QUERIES)}."
    wrong = misplaced(text)
    if wrong:
        return _told(text, wrong.token.start, _expected(wrong.token, wrong.expected))
    for found in (_undeclared(words), _relative(words), _ungrouped(words), _bound_before(words)):
        if found:
            return _told(text, found[0].start, found[1])
    return f"not SPARQL: {_in_words(error)}"


def refuse_too_deep(text: str) -> None:
    """Raise UsageError for a query so deep or long in parts that the engine's own stack would not hold it.

    That would end the process, and no error could be told. The engine bears five times as much.
    """
    depth = deepest = parts = 0
    for token in tokens(text):
        if token.kind in ("(", "{", "["):
            depth += 1
            deepest = max(deepest, depth)
        elif token.kind in (")", "}", "]"):
            depth -= 1
        elif token.kind in _PARTS:
            parts += 1
    if deepest > DEEPEST:
        raise UsageError(f"brackets stand {deepest} deep in this query; at most {DEEPEST} can be answered.")
    if parts > MOST_PARTS:
        raise UsageError(
            f"this query has {parts} patterns and operators; at most {MOST_PARTS} can be answered. Ask for less at "
            "once, or list values with VALUES."
        )


def _expected(found: Token, kinds: frozenset[str]) -> str:
    """Return what is wrong with the word ``found`` where one of ``kinds`` was expected."""
    if found.kind == "STRANGE" and found.text in "\"'":
        return f"the text that begins here is not closed with {found.text}."
    if found.kind == "<" and "IRI" in kinds and "<" not in kinds:
        return "the IRI that begins here is not closed with >, or holds a space or a sign that none may."
    guess = ""
    if found.kind == "WORD":
        known = {
            *(word for word in keywords() if word in kinds),
            *((FUNCTIONS | AGGREGATES) if "FUNCTION" in kinds else ()),
        }
        near = get_close_matches(found.text.upper(), sorted(known), n=1, cutoff=0.76)
        guess = f" Did you mean {near[0]}?" if near else ""
    if "DESCRIBE" in kinds:
        but = f", not with '{_short(found.text)}'" if found.text else ""
        return f"a query begins with {_listed(list(_QUERIES))}{but}.{guess}"
    what = "the query ends" if found.kind == END else f"'{_short(found.text)}' stands"
    return f"{what} where {_listed(_names(kinds))} was expected.{guess}"


def _names(kinds: frozenset[str]) -> list[str]:
    """Return names of ``kinds`` for a reader."""
    left, names = set(kinds), list[str]()
    for name, head, others in _GROUPS:
        if head in left:
            names.append(name)
            left -= {head, *others}
    words = sorted(kind for kind in left if kind.isalpha())
    # a closing bracket is what is forgotten most
    signs = sorted((kind for kind in left if not kind.isalpha()), key=lambda sign: (sign not in ")}]", sign))
    return [*names, *words, *(f"'{sign}'" for sign in signs)]


def _listed(names: list[str]) -> str:
    """Return names in one phrase, of many the first.

    >>> _listed(["a variable", "'('", "'*'"])
    "a variable, '(' or '*'"
    """
    if len(names) > 8:
        names = [*names[:7], "another word"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _undeclared(words: list[Token]) -> tuple[Token, str] | None:
    """Return the first name whose prefix is neither the graph's nor declared before it."""
    known, before = {f"{name}:" for name in PREFIXES}, ""
    for word in words:
        if word.kind == "PREFIX_NAME" and before == "PREFIX":
            known.add(word.text)
        elif word.kind in ("PNAME", "PREFIX_NAME"):
            prefix, _, rest = word.text.partition(":")
            if f"{prefix}:" not in known:
                near = get_close_matches(prefix, PREFIXES, n=1, cutoff=0.6)
                guess = f" Did you mean {near[0]}:{rest}?" if near and prefix else ""
                return word, f"no prefix '{prefix}:' is declared, and the graph has none.{guess}"
        before = word.kind
    return None


def _relative(words: list[Token]) -> tuple[Token, str] | None:
    """Return the first IRI without a scheme, if no base is declared."""
    if any(word.kind == "BASE" for word in words):
        return None
    for word in words:
        if word.kind == "IRI" and not re.match(r"<[A-Za-z][A-Za-z0-9+.-]*:", word.text):
            return word, f"{_short(word.text)} is no whole IRI, and no BASE is declared."
    return None


def _ungrouped(words: list[Token]) -> tuple[Token, str] | None:
    """Return the first variable that stands beside aggregates, or in a query with groups, and is not grouped by."""
    for start in (i for i, word in enumerate(words) if word.kind == "SELECT"):
        depth, plain, counts, grouped = 0, list[Token](), False, set[str]()
        clause, within = "SELECT", words[start + 1 :]
        for word in within:
            depth += (word.kind in ("(", "{", "[")) - (word.kind in (")", "}", "]"))
            if depth < 0 or word.kind == END:
                break
            if depth == 0 and word.kind in ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES", "WHERE", "FROM"):
                clause = word.kind
            elif word.kind == "{" and clause == "SELECT":
                clause = "WHERE"
            elif word.kind == "VARIABLE" and clause == "SELECT" and depth == 0:
                plain.append(word)
            elif word.kind == "VARIABLE" and clause == "GROUP":
                grouped.add(word.text[1:])
            counts |= clause == "GROUP" or (clause == "SELECT" and word.text.upper() in AGGREGATES)
        lost = next((word for word in plain if counts and word.text[1:] not in grouped), None)
        if lost:
            return lost, f"{lost.text} is neither grouped by nor counted; write GROUP BY {lost.text}, or leave it out."
    return None


def _bound_before(words: list[Token]) -> tuple[Token, str] | None:
    """Return the first variable of a BIND that the pattern before it has bound."""
    groups: list[set[str]] = [set()]
    binding, before = False, ""
    for word in words:
        if word.kind == "{":
            groups.append(set())
        elif word.kind == "}" and len(groups) > 1:
            inner = groups.pop()
            groups[-1] |= inner
        elif word.kind == "BIND":
            binding = True
        elif word.kind == "VARIABLE":
            if binding and before == "AS" and word.text[1:] in groups[-1]:
                return word, f"{word.text} is bound before; BIND needs a variable of its own."
            binding &= before != "AS"
            groups[-1].add(word.text[1:])
        before = word.kind
    return None


def _in_words(error: str) -> str:
    """Return what the parser says in words among the signs that it awaited."""
    place = re.match(r"error at (\d+):(\d+): (?:expected )?(?:one of )?", error)
    if place is None:
        return " ".join(error.split())
    told = re.search(r"(?:^|, )([A-Za-z]+(?: [A-Za-z*?]+){2,})(?=,|$)", error[place.end() :])
    if told is None:
        return f"something before line {place[1]}, column {place[2]} cannot stand where it does."
    return f"{told[1][0].lower()}{told[1][1:]}."


def _told(text: str, start: int, what: str) -> str:
    """Return ``what`` with line and column of the place ``start``, and the line with a mark under the place."""
    ends = [match.end() for match in _LINE_END.finditer(text)]
    number = sum(end <= start for end in ends)
    first = ends[number - 1] if number else 0
    line = _LINE_END.split(text[first:], maxsplit=1)[0]
    shown, mark = _window(line, start - first)
    return f"not SPARQL: line {number + 1}, column {start - first + 1}: {what}\n  {shown}\n  {' ' * mark}^"


def _window(line: str, at: int) -> tuple[str, int]:
    """Return the part of ``line`` round the place ``at``, and how many columns of a terminal stand before the place.

    >>> _window("SELECT x", 7)
    ('SELECT x', 7)
    """
    clean = _printable(line)
    first = 0 if len(clean) <= _WIDTH else max(0, at - _WIDTH // 2)
    shown = clean[first : first + _WIDTH]
    head, tail = "…" * (first > 0), "…" * (first + _WIDTH < len(clean))
    return f"{head}{shown}{tail}", len(head) + _columns(clean[first:at])


def _printable(text: str) -> str:
    """Return ``text`` with a space for each character that would steer a terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def _columns(chars: Iterable[str]) -> int:
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in chars)


def _short(word: str) -> str:
    word = " ".join(_printable(word).split()) or f"U+{ord(word[0]):04X}"
    return word if len(word) <= 40 else f"{word[:39]}…"
