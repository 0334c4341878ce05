import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcomp.exports import latex, texmath
from llmcomp.exports.latex import address, clean, escape, plain
from llmcomp.exports.titles import protect


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain words, with: marks!", "plain words, with: marks!"),
        ("R&D 50% #1 a_b $5", r"R\&D 50\% \#1 a\_b \$5"),
        ("a^b ~c", r"a{\textasciicircum}b {\textasciitilde}c"),
        ("a<b>c|d", r"a{\textless}b{\textgreater}c$|$d"),
        ("Schrödinger", r"Schr{\"o}dinger"),
        ("Ångström å", r"{\r{A}}ngstr{\"o}m {\r{a}}"),
        ("façade Žižek", r"fa{\c{c}}ade {\v{Z}}i{\v{z}}ek"),
        ("í ì î ï ı", r"""{\'i} {\`i} {\^i} {\"i} {\i}"""),
        ("ø Ø ł Ł ß æ Œ", r"{\o} {\O} {\l} {\L} {\ss} {\ae} {\OE}"),
        ("ð Đ đ Þ ħ", "d D d Th h"),
        ("Wałęsa", r"Wa{\l}{\k{e}}sa"),
        ("Nguyễn Thế Việt ẩ", r"Nguy{\~{\^e}}n Th{\'{\^e}} Vi{\^{\d{e}}}t {\^a}"),
        ("e\u0301 decomposed", r"{\'e} decomposed"),
        ("x\u0303", r"{\~x}"),
        ("α-β in Ω", r"$\alpha$-$\beta$ in $\Omega$"),
        ("λΔ", r"$\lambda${}$\Delta$"),
        ("a – b — c − d", "a -- b --- c $-$ d"),
        ("“a” ‘b’ it’s…", r"``a'' `b' it's{\ldots}"),
        ("non\u00a0breaking", "non breaking"),
        ("Intel® X™", r"Intel{\textregistered} X{\texttrademark}"),
        ("H₂O x² ½", r"H\textsubscript{2}O x\textsuperscript{2} 1/2"),
        ("×2 ≤ 3 → ∞", r"$\times$2 $\leq$ 3 $\rightarrow$ $\infty$"),
        ("𝑘NN ﬁx", "kNN fix"),
        ("大模型 и", "大模型 и"),
        ("a ¨ b", "a  b"),
        ("Týr 🏆🌟 ✨ 👩‍💻", r"T{\'y}r"),
        ("≠ is not =, ∉ not ∈", r"$\neq$ is not =, $\notin$ not $\in$"),
        ("हिन्दी भाषा, 한국어", "हिन्दी भाषा, 한국어"),
        ("Συμπίεση, λ, αβ", r"Συμπίεση, $\lambda$, $\alpha${}$\beta$"),
        ("¿Qué? 5 € † Ŀ ＡＢ", r"¿Qu{\'e}? 5 € $\dagger$ L$\cdot$ AB"),
    ],
)
def test_characters(text, expected):
    assert escape(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\write18{rm}", r"{\textbackslash}write18\{rm\}"),
        ("a}b{c", r"a$\rbrace$b$\lbrace$c"),
        ("}, title={x", r"$\rbrace$, title=$\lbrace$x"),
        ("x @article{k, y", r"x @article$\lbrace$k, y"),
        ("x @article{k} ＠string(y", r"x @article\{k\} {@}string(y"),
        ("$é{&$N", r"\${\'e}$\lbrace$\&\$N"),  # what looks like math and is none hides no brace
        ("｛＼ｗｒｉｔｅ｝", r"$\lbrace${\textbackslash}write$\rbrace$"),
        ("Llama Team, AI @ Meta", "Llama Team, AI @ Meta"),
        ("a\nb\r\n c\x00\x1b\u202e\u200f", "a b c"),
        (r"$\input{x}$", r"\${\textbackslash}input\{x\}\$"),
        ("$x^^5cy$", r"\$x{\textasciicircum}{\textasciicircum}5cy\$"),
        ("costs $5 and $10", r"costs \$5 and \$10"),
        (r"Q\&A is 5\% off", r"Q\&A is 5\% off"),
        (r"$O(n^2)$", "$O(n^2)$"),
        (r"$\mathbb{R}_+$", r"$\mathbf{R}_+$"),
    ],
)
def test_hostile(text, expected):
    assert escape(text) == expected


@pytest.mark.parametrize(
    "math",
    [
        r"\frac{1}",
        "x^",
        "a_1_2",
        "x^2^3",
        "a{b",
        "{" * 2000 + "}" * 2000,
        r"\text{a_b}",
        r"\left(",
        "a&b",
        "x_",
    ],
)
def test_math_that_does_not_compile_does_not_pass(math):
    assert texmath.normalise(math) is None


@pytest.mark.parametrize(
    ("math", "expected"),
    [
        (r"\alpha x", r"\alpha x"),
        (r"\alpha_{i}^2", r"\alpha_{i}^2"),
        (r"\{-1, 0\}", r"\lbrace-1, 0\rbrace"),
        ("f'(x)", "f'(x)"),
        (r"\text{max}", r"\textrm{max}"),
    ],
)
def test_math_that_passes(math, expected):
    assert texmath.normalise(math) == expected


def _depths(text):
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        yield depth


def is_safe(field):
    """BibTeX counts every brace: none may close the field, all must be closed."""
    depths = list(_depths(field))
    return min(depths, default=0) >= 0 and (not depths or depths[-1] == 0) and "\n" not in field


nasty = st.text(st.sampled_from("{}\\$%#&_^~@\"'`,=ab12 \n\x00é–αλ🏆李\u0301\u202e|<>") | st.characters(), max_size=30)


braced = st.text(st.sampled_from("{}$\\&a 1é"), max_size=14)


@given(nasty | braced)
def test_any_text_stays_in_its_field(text):
    escaped = escape(text)
    assert is_safe(escaped)
    assert not re.search(r"@\w*\s*\{", escaped)
    assert not re.search(r"(?<!\\)[%#&]", escaped)


@given(nasty | braced, st.sampled_from(["smart", "all", "none"]))
def test_any_title_stays_in_its_field(title, mode):
    assert is_safe(protect(title, mode))


@given(nasty)
def test_no_command_that_is_not_ours(text):
    known = set(texmath._COMMANDS) | set(texmath._ARGUMENTS)
    spelled = set(re.findall(r"\\[A-Za-z]+", " ".join(latex._SPELLED.values())))
    accents = {"\\" + a for a in latex._ACCENTS.values()}
    ours = spelled | accents | {r"\textsuperscript", r"\textsubscript", r"\textbraceleft", r"\textbraceright"}
    assert set(re.findall(r"\\[A-Za-z]+", escape(text))) <= known | ours


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd"], max_codepoint=0x17F)))
def test_latin_letters_become_ascii(text):
    assert escape(text).isascii()


@given(st.text(st.sampled_from("abc &%#_$"), max_size=12))
def test_nothing_is_escaped_twice(text):
    assert escape(escape(text)) == escape(text)


def test_addresses_stay_raw():
    assert address("https://a.b/c_d?e=f&g=%20#h~i") == "https://a.b/c_d?e=f&g=%20#h~i"
    assert address("https://a.b/{x} \\y\n") == "https://a.b/%7Bx%7D%20%5Cy"
    assert address("https://a.b/é") == "https://a.b/%C3%A9"


@pytest.mark.parametrize(
    ("text", "unicode"),
    [
        ("H$_2$O", "H₂O"),
        (r"$\mathcal{O}(n^{2})$", "O(n²)"),
        (r"$\alpha$ & Q\&A", "α & Q&A"),
        ("costs $5 and $10", "costs $5 and $10"),
        (r"$x_{max}$", "x_max"),
        ("{GPTQ} 🏆", "{GPTQ}"),
    ],
)
def test_plain(text, unicode):
    assert plain(text) == unicode


@given(st.text(max_size=20))
def test_clean_is_nfc_on_one_line(text):
    cleaned = clean(text)
    assert cleaned == unicodedata.normalize("NFC", cleaned) == " ".join(cleaned.split())


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("<i>E. coli</i> and <b>more</b>", "E. coli and more"),
        ("H<sub>2</sub>O, x<SUP>-2</SUP>", "H₂O, x⁻²"),
        ("the 4<sup>th</sup>, x<sub>max</sub>", "the 4$^{th}$, x$_{max}$"),
        ("x<sup>a $b</sup>", "xa $b"),
        ("<jats:italic>In</jats:italic> <mml:math><mml:mi>x</mml:mi></mml:math>", "In x"),
        ('<span class="nocase">iPhone</span><br/>Study', "iPhone Study"),
        ("R&amp;D &lt;3 &#8211; caf&eacute; &#x1F3C6;", "R&D <3 – café"),
        ("&lt;i&gt;Twice&lt;/i&gt; &amp;amp; more", "Twice & more"),
        ("a<b>c, List<int>, x < y > z", "a<b>c, List<int>, x < y > z"),
        ("<i>open, closed</b>, </i", "<i>open, closed</b>, </i"),
        ("<i><b>crossed</i></b>", "crossed"),
        ("AT&T; &unknown; &notit; Q&A", "AT&T; &unknown; &notit; Q&A"),
        ("&#0;&#10;&#xD800;a", "\ufffd \ufffda"),
    ],
)
def test_markup_of_services(text, cleaned):
    assert clean(text) == cleaned


def test_markup_without_end_takes_no_time():
    for text in ("<i>" * 5000, "<i>" * 3000 + "</b>" * 3000, "&amp;" * 3000, "&" + "amp;" * 2000, "<" * 10_000):
        assert len(clean(text)) <= len(text)
