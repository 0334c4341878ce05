import re

import pytest

from llmcomp.exports.titles import protect


@pytest.mark.parametrize(
    ("title", "latex"),
    [
        (
            "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers",
            "{GPTQ}: {Accurate} Post-Training Quantization for Generative Pre-trained Transformers",
        ),
        ("LLM.int8(): 8-bit Matrix Multiplication", "{LLM.int8()}: 8-bit Matrix Multiplication"),
        ("Extreme W4A8 and 2bit in QLoRA", "Extreme {W4A8} and {2bit} in {QLoRA}"),
        ("LLM-Based Post-Training", "{LLM-Based} Post-Training"),
        ("MiniCache (LoRA), iPhone.", "{MiniCache} ({LoRA}), {iPhone}."),
        ("Is it Enough? A Study! Yes: Low-Rank", "Is it Enough? {A} Study! {Yes}: {Low}-Rank"),
        ('Why "Give Me" and “Take It”', "Why ``{Give} Me'' and ``{Take} It''"),
        ("Ends: lower stays", "Ends: lower stays"),
        ("A Bayesian View of Hessian-Aware Pruning", "A {Bayesian} View of {Hessian-Aware} Pruning"),
        ("Taylor's Monte Carlo for English", "{Taylor's} {Monte} {Carlo} for {English}"),
        ("Plan A and Vitamin C in O(n)", "Plan A and Vitamin {C} in {O(n)}"),
        ("H$_2$O with $\\Delta$ and λ", r"{H$_2$O} with {$\Delta$} and {$\lambda$}"),
        ("Q&A for R&D", r"{Q\&A} for {R\&D}"),
        ("Mini-Cache: Key-Value", "{Mini-Cache}: {Key}-Value"),
        ("Élan: Über Ökonomie", r"""{\'E}lan: {{\"U}ber} {\"O}konomie"""),
        ("PUSHING GRADIENT TOWARDS ZERO: A NOVEL LLM", "PUSHING GRADIENT TOWARDS ZERO: A NOVEL {LLM}"),
        ("GPTQ", "{GPTQ}"),
        ("Týr 🏆 wins", r"T{\'y}r wins"),
        ("At $5 or AI @ LLM or @GPTQ", r"At \$5 or {AI} {@} {LLM} or {@}{GPTQ}"),
        ("<i>In</i> H<sub>2</sub>O &amp; LoRA", r"In {H\textsubscript{2}O} \& {LoRA}"),
        ("", ""),
    ],
)
def test_smart(title, latex):
    assert protect(title) == latex


def test_all_and_none():
    assert protect("GPTQ: A Study", "all") == "{GPTQ: A Study}"
    assert protect("GPTQ: $\\Delta$", "none") == r"GPTQ: {$\Delta$}"
    assert protect("🏆", "all") == protect("", "none") == ""


def test_quotes_of_utf_8():
    assert protect('Why "Give Me" Élan', "smart", "utf-8") == "Why “{Give} Me” Élan"


def test_a_group_never_looks_like_an_accent():
    """BibTeX lowers what stands in a group that starts with a backslash at the top level."""
    for title in (r"\{GPTQ\} X", "{GPTQ} Works", "²GPTQ", "_GPTQ"):
        for mode in ("smart", "all"):
            assert not re.search(r"(?<![{\\])\{\\[^}]*[A-Z]{2}", protect(title, mode)), protect(title, mode)
