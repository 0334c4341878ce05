"""SPARQL 1.1 as words and as a grammar: where a query leaves the grammar, and what could stand there.

The store decides what is a query; its parser tells of the rest neither the place nor what was awaited. The grammar is
that of https://www.w3.org/TR/sparql11-query/#sparqlGrammar without updates. It is LL(1), so that one look at the next
word tells which way to go, and the first word that fits nowhere is where the error is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

_NAME = r"[^\W\d_](?:[\w.\-\u00B7]*[\w\-\u00B7])?"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL = rf"(?:[\w:]|{_ESCAPED})(?:(?:[\w:.\-\u00B7]|{_ESCAPED})*(?:[\w:\-\u00B7]|{_ESCAPED}))?"
_WORDS = re.compile(
    rf"""(?P<SPACE>\s+|\#[^\r\n]*)
    |(?P<IRI><[^<>"{{}}|^`\\\x00-\x20]*>)
    |(?P<BLANK>_:[\w](?:[\w.\-]*[\w\-])?)
    |(?P<PNAME>(?:{_NAME})?:{_LOCAL})
    |(?P<PREFIX_NAME>(?:{_NAME})?:)
    |(?P<VARIABLE>[?$]\w+)
    |(?P<STRING>\"\"\"(?:\"{{0,2}}(?:[^"\\]|\\.))*\"\"\"|'''(?:'{{0,2}}(?:[^'\\]|\\.))*'''|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
    |(?P<LANGUAGE>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<NUMBER>(?:\d+\.?\d*|\.\d+)[eE][+-]?\d+|\d*\.\d+|\d+)
    |(?P<ANON>\[\s*\])|(?P<NIL>\(\s*\))
    |(?P<SIGN>\^\^|&&|\|\||!=|<=|>=|[\^=<>!(){{}}\[\];,.+\-*/|?])
    |(?P<WORD>\w+)
    |(?P<STRANGE>.)""",
    re.VERBOSE | re.DOTALL,
)

FUNCTIONS = frozenset(
    """STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE
    ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ NOW
    UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRDT SAMETERM ISIRI ISURI ISBLANK ISLITERAL
    ISNUMERIC REGEX SUBSTR REPLACE""".split()
)
"""Functions that have a name of their own, in capitals."""
AGGREGATES = frozenset("COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT".split())
"""Functions of all rows of a group."""

_GRAMMAR = """
Query = Prologue ( Select | Construct | Describe | Ask ) Values?
Prologue = ( 'BASE' IRI | 'PREFIX' PREFIX_NAME IRI )*
Select = SelectClause Dataset* Where Modifier
SubSelect = SelectClause Where Modifier Values?
SelectClause = 'SELECT' ( 'DISTINCT' | 'REDUCED' )? ( ( VARIABLE | '(' Expression 'AS' VARIABLE ')' )+ | '*' )
Construct = 'CONSTRUCT' ( '{' Template? '}' Dataset* Where Modifier | Dataset* 'WHERE' '{' Template? '}' Modifier )
Describe = 'DESCRIBE' ( ( VARIABLE | Iri )+ | '*' ) Dataset* Where? Modifier
Ask = 'ASK' Dataset* Where Modifier
Dataset = 'FROM' 'NAMED'? Iri
Where = 'WHERE'? Group
Modifier = GroupBy? Having? OrderBy? ( Limit Offset? | Offset Limit? )?
GroupBy = 'GROUP' 'BY' ( Builtin | Call | '(' Expression ( 'AS' VARIABLE )? ')' | VARIABLE )+
Having = 'HAVING' Constraint+
OrderBy = 'ORDER' 'BY' ( ( 'ASC' | 'DESC' ) '(' Expression ')' | Constraint | VARIABLE )+
Limit = 'LIMIT' NUMBER
Offset = 'OFFSET' NUMBER
Values = 'VALUES' Data
Group = '{' ( SubSelect | Pattern ) '}'
Pattern = Triples? ( Other '.'? Triples? )*
Triples = SameSubject ( '.' Triples? )?
Other = 'OPTIONAL' Group | 'MINUS' Group | 'GRAPH' Term Group | 'SERVICE' 'SILENT'? Term Group | 'FILTER' Constraint
  | 'BIND' '(' Expression 'AS' VARIABLE ')' | 'VALUES' Data | Group ( 'UNION' Group )*
Term = VARIABLE | Iri
Data = VARIABLE '{' Value* '}' | NIL '{' NIL* '}' | '(' VARIABLE+ ')' '{' ( '(' Value* ')' | NIL )* '}'
Value = Iri | Literal | 'UNDEF'
Constraint = '(' Expression ')' | Builtin | Call
Call = Iri Arguments
Arguments = NIL | '(' 'DISTINCT'? Expression ( ',' Expression )* ')'
Template = SameSubject ( '.' Template? )?
SameSubject = Subject Properties | Node Properties?
Subject = VARIABLE | Iri | Literal | BLANK | ANON | NIL
Node = '(' Object+ ')' | '[' Properties ']'
Properties = Verb Objects ( ';' ( Verb Objects )? )*
Objects = Object ( ',' Object )*
Object = Subject | Node
Verb = VARIABLE | Path
Path = Sequence ( '|' Sequence )*
Sequence = Step ( '/' Step )*
Step = '^'? Primary ( '?' | '*' | '+' )?
Primary = Iri | 'a' | '!' Negated | '(' Path ')'
Negated = NegatedOne | NIL | '(' NegatedOne ( '|' NegatedOne )* ')'
NegatedOne = '^'? ( Iri | 'a' )
Expression = And ( '||' And )*
And = Relation ( '&&' Relation )*
Relation = Sum ( ( '=' | '!=' | '<' | '>' | '<=' | '>=' ) Sum | 'IN' List | 'NOT' 'IN' List )?
List = NIL | '(' Expression ( ',' Expression )* ')'
Sum = Product ( ( '+' | '-' ) Product )*
Product = Unary ( ( '*' | '/' ) Unary )*
Unary = ( '!' | '+' | '-' )* Operand
Operand = '(' Expression ')' | Builtin | Iri Arguments? | Plain | VARIABLE
Builtin = FUNCTION FunctionArguments | 'EXISTS' Group | 'NOT' 'EXISTS' Group
FunctionArguments = NIL | '(' 'DISTINCT'? ( '*' | Expression ( ',' Expression )* ) ( ';' 'SEPARATOR' '=' STRING )? ')'
Literal = ( '+' | '-' )? NUMBER | Text | 'true' | 'false'
Plain = NUMBER | Text | 'true' | 'false'
Text = STRING ( LANGUAGE | '^^' Iri )?
Iri = IRI | PNAME | PREFIX_NAME
"""

END = "END"
"""The kind of what stands behind the last word."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a query: its kind (``VARIABLE``, ``IRI``, ..., or the keyword or sign itself), text and place."""

    kind: str
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Misplaced:
    """The first word that fits nowhere, and the kinds of words that would."""

    token: Token
    expected: frozenset[str]


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of a query without space and comments; the last one is of the kind :data:`END`.

    >>> [t.kind for t in tokens("ASK { ?s a :x } # all")]
    ['ASK', '{', 'VARIABLE', 'a', 'PNAME', '}', 'END']
    """
    for match in _WORDS.finditer(text):
        kind, word = match.lastgroup or "", match[0]
        if kind == "SPACE":
            continue
        if kind == "SIGN":
            kind = word
        elif kind == "WORD":
            kind = _keyword(word)
        yield Token(kind, word, match.start())
    yield Token(END, "", len(text))


def keywords() -> frozenset[str]:
    """Return the words that the grammar knows, in capitals but for ``a``, ``true`` and ``false``."""
    return frozenset(re.findall(r"'([A-Za-z]+)'", _GRAMMAR))


def _keyword(word: str) -> str:
    if word == "a" or word.lower() in ("true", "false"):
        return word.lower()
    if word.upper() in FUNCTIONS | AGGREGATES:
        return "FUNCTION"
    return word.upper() if word.upper() in _keywords() else "WORD"


_keywords = cache(keywords)


def misplaced(text: str) -> Misplaced | None:
    """Return the first word of ``text`` that the grammar has no place for, or None.

    >>> wrong = misplaced("ASK { ?s a }")
    >>> wrong.token.text, "VARIABLE" in wrong.expected
    ('}', True)
    """
    rules = _rules()
    waiting: list[_Node] = [rules["Query"]]
    expected: set[str] = set()
    words = tokens(text)
    word = next(words)
    while waiting:
        node = waiting.pop()
        if word.kind not in node.first:
            expected |= node.first
            if node.optional:
                continue
            return Misplaced(word, frozenset(expected))
        match node.how:
            case "word":
                word = next(words)
                expected = set()
            case "rule":
                waiting.append(rules[node.name])
            case "all":
                waiting += reversed(node.parts)
            case "any":
                waiting.append(next(part for part in node.parts if word.kind in part.first))
            case "?":
                waiting += node.parts
            case _:  # "*"
                waiting += (node, *node.parts)
    return None if word.kind == END else Misplaced(word, frozenset(expected | {END}))


class _Node:
    """A piece of the grammar; ``first`` are the kinds of words that it can begin with."""

    __slots__ = ("first", "how", "name", "optional", "parts")

    def __init__(self, how: str, parts: tuple[_Node, ...] = (), name: str = "") -> None:
        self.how, self.parts, self.name = how, parts, name
        self.first: set[str] = {name} if how == "word" else set()
        self.optional = how in "?*"


@cache
def _rules() -> dict[str, _Node]:
    """Return the grammar's rules by name."""
    words = re.findall(r"'[^']+'|\w+|[()|?*+=]", _GRAMMAR)
    starts = [i - 1 for i, word in enumerate(words) if word == "="]
    rules: dict[str, _Node] = {}
    every: list[_Node] = []
    for start, end in zip(starts, [*starts[1:], len(words)], strict=True):
        rules[words[start]] = _choice(words[start + 2 : end][::-1], {words[i] for i in starts}, every)
    changed = True
    while changed:
        changed = False
        for node in every:
            changed |= _learn(node, rules)
    return rules


def _choice(words: list[str], names: set[str], every: list[_Node]) -> _Node:
    """Read alternatives off the end of ``words``, up to a closing bracket."""
    ways: list[_Node] = []
    while True:
        parts: list[_Node] = []
        while words and words[-1] not in "|)":
            word = words.pop()
            if word == "(":
                node = _choice(words, names, every)
                words.pop()
            elif word in names:
                node = _Node("rule", name=word)
            else:
                node = _Node("word", name=word.strip("'"))
            every.append(node)
            if words and words[-1] in "?*+":
                repeated = words.pop()
                again = _Node("?" if repeated == "?" else "*", (node,))
                every.append(again)
                parts += (node, again) if repeated == "+" else (again,)
            else:
                parts.append(node)
        ways.append(parts[0] if len(parts) == 1 else _Node("all", tuple(parts)))
        every.append(ways[-1])
        if not words or words[-1] == ")":
            break
        words.pop()
    found = ways[0] if len(ways) == 1 else _Node("any", tuple(ways))
    every.append(found)
    return found


def _learn(node: _Node, rules: dict[str, _Node]) -> bool:
    """Take over what the parts of ``node`` can begin with; say whether that was news."""
    before = len(node.first), node.optional
    parts = (rules[node.name],) if node.how == "rule" else node.parts
    for part in parts:
        node.first |= part.first
        if node.how == "all" and not part.optional:
            break
    if node.how == "rule":
        node.optional = parts[0].optional
    elif node.how == "all":
        node.optional = all(part.optional for part in parts)
    elif node.how == "any":
        node.optional = any(part.optional for part in parts)
    return before != (len(node.first), node.optional)
