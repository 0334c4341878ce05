"""Capitals of a title that a style must not lower.

BibTeX's styles print titles in sentence case: they lower every letter outside braces but the first one
of the title and the first behind a colon. So ``GPTQ`` comes out as ``gptq`` unless it is braced. Braced
are whole words, as JabRef and Better BibTeX do, for a brace inside a word breaks its kerning and what a
person finds when searching the file.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .latex import MATH, Encoding, clean, spell, without_entries
from .options import Protect

# Names that titles of this field hold: of people, of languages and places, of models and companies.
_NAMES = """
Bayes Bayesian Bernoulli Boltzmann Bregman Carlo Cauchy Cayley Chebyshev Cholesky Dirac Dirichlet
Euclidean Euler Fenchel Fibonacci Fisher Fourier Frobenius Gauss Gaussian Gibbs Gram Grassmann
Grassmannian Gumbel Haar Hadamard Hamming Hebbian Hermite Hessian Hilbert Hopfield Huffman Hölder Jacobi
Jacobian Jensen Kalman Kantorovich Kolmogorov Kronecker Krylov Kullback Lagrange Lagrangian Laplace
Laplacian Legendre Leibler Levenberg Lipschitz Lloyd Lyapunov Mahalanobis Markov Markovian Minkowski
Monte Moore Nash Nesterov Newton Nyström Occam Pareto Pearson Penrose Poisson Pythagorean Rademacher
Riemannian Robbins Rényi Shannon Shapley Sherman Sinkhorn Sobolev Spearman Stein Stiefel Sylvester Taylor
Tikhonov Toeplitz Tucker Turing Vandermonde Viterbi Voronoi Walsh Wasserstein Wiener Winograd Woodbury
Zipf
Africa African America American Arabic Asia Asian Bengali Bulgarian Chinese Czech Danish Dutch English
Europe European Finnish French German Germanic Greek Hebrew Hindi Hungarian Indian Indic Indonesian
Italian Japanese Korean Latin Norwegian Persian Polish Portuguese Romanian Russian Slavic Spanish Swedish
Thai Turkish Ukrainian Urdu Vietnamese
Adam Alpaca Amazon Android Apple Bing Chinchilla Claude Codex Copilot Falcon Flamingo
Galactica Gemini Gemma Google Gopher Hopper Intel Jamba Kaggle Linux Llama Llava Mamba
Microsoft Minitron Mistral Mixtral Nemotron Nvidia Orca Phi Pythia Python Qualcomm Qwen Raspberry Reddit
Rust Snapdragon Triton Twitter Vicuna Wikipedia Windows
"""
PROPER_NAMES = frozenset(_NAMES.split())
# What stays an acronym in a title that is in capitals throughout.
_SHOUTED = """
AI API ASIC BERT CNN CPU CUDA DNN FFN FFT FPGA GAN GPT GPU IOT KD KL KV LLM LLMS LM LMS LSTM ML MLP MOE
NAS NLP NPU PCA PEFT PTQ QA QAT RAG RAM RL RLHF RNN SGD SLM SQL SRAM SSD SSM SVD TPU VLM VQA
"""
_ACRONYMS = frozenset(_SHOUTED.split())
_WORD = re.compile(f"(?:{MATH.pattern}|\\S)+")
_PART = re.compile(r"[-‐‑–—/]")
_DIGIT_BESIDE_LETTER = re.compile(r"\d[^\W\d_]|[^\W\d_]\d")
_LONE_CAPITAL = re.compile(r"(?<![^\W_])[B-Z](?![^\W_]|['’])")
_CAPITAL_PART = re.compile(r"^[^\W_]+[-‐‑][A-Z]\w*:$")
_OPENERS = "\"“‘«„`'"
_SENTENCE_ENDS = re.compile(r"[:?!：？！][\"'”’»)\]]*$")


def protect(title: str, mode: Protect = "smart", encoding: Encoding = "ascii") -> str:
    r"""Return ``title`` as LaTeX in which the words that must keep their capitals are braced.

    ``smart`` braces words with an inner capital, with a digit beside a letter, lone capitals, proper
    names, and the word that opens a sentence or a quotation; ``all`` the title as one group; ``none``
    nothing but math. A hyphenated word is one word: ``{LLM-Based}``.

    >>> protect("LLM.int8(): 8-bit Matrix Multiplication for Transformers at Scale")
    '{LLM.int8()}: 8-bit Matrix Multiplication for Transformers at Scale'
    >>> protect("Does Compression Hurt? A Bayesian View of H$_2$O & Łojasiewicz")
    'Does Compression Hurt? {A} {Bayesian} View of {H$_2$O} \\& {\\L}ojasiewicz'
    >>> protect("GPTQ: Accurate Quantization", "all")
    '{GPTQ: Accurate Quantization}'
    """
    title = clean(title)
    latex = " ".join(_guarded(title, mode, encoding))
    return without_entries(latex) if "@" in title else latex


def _guarded(title: str, mode: Protect, encoding: Encoding) -> list[str]:
    """Return the words of a clean title as LaTeX."""
    # Math with spaces in it is one word.
    words = title.split() if "$" not in title else [m[0] for m in _WORD.finditer(title)]
    if mode == "all" and words:
        return [_group(" ".join([spell(word, encoding) for word in words]))]
    if mode == "none":
        return [_math_only(word, encoding) for word in words]
    if title.isupper() and sum(len(w) > 1 for w in words) > 2:
        # Nothing tells a name from a shout here, and a style that lowers it makes it readable again.
        return [_in_capitals(word, encoding) for word in words]
    out: list[str] = []
    ends = False
    for word in words:
        latex, ends = _word(word, ends, encoding)
        out.append(latex)
    if len(words) > 1 and words[0][-1] == ":" and _CAPITAL_PART.search(words[0]):
        out[0] = _group(spell(words[0][:-1], encoding)) + ":"  # "Mini-Cache: ..." is the name of a thing
    return out


def _group(latex: str) -> str:
    # BibTeX takes "{\" for an accented letter and lowers what follows it.
    return f"{{{{}}{latex}}}" if latex.startswith("\\") else f"{{{latex}}}"


def _parts(word: str) -> tuple[str, str, str]:
    """Return what stands before ``word``, its core, and what stands behind: ``("(LoRA),")`` is ``LoRA``."""
    start = 0
    while start < len(word) and not (word[start].isalnum() or word[start] == "$"):
        start += 1
    end = len(word)
    while end > start:
        last = word[end - 1]
        if last in ")]}":
            opener = "([{"[")]}".index(last)]
            if word.count(opener, start, end) >= word.count(last, start, end):
                break
        elif last not in ":;,.!?\"'”’»›`：？！…":
            break
        end -= 1
    return word[:start], word[start:end], word[end:]


def _must_keep(core: str) -> bool:
    if _DIGIT_BESIDE_LETTER.search(core):
        return True
    for part in _PART.split(core):
        if any(map(str.isupper, part[1:])) or _LONE_CAPITAL.search(part):
            return True
        if part in PROPER_NAMES or part.removesuffix("'s").removesuffix("’s") in PROPER_NAMES:
            return True
    return False


@lru_cache(maxsize=1 << 16)
def _word(word: str, opens: bool, encoding: Encoding) -> tuple[str, bool]:
    """Return a word of the title as LaTeX, and whether a sentence ends with it.

    A word is braced where its capitals must stay; one that ``opens`` a sentence or a quotation up to its
    first hyphen: ``Low-Rank`` is ``{Low}-Rank``.
    """
    before, core, behind = _parts(word)
    # LaTeX prints a straight quote as a closing one
    opening, closing = ("``", "''") if encoding == "ascii" else ("“", "”")
    before, behind = before.replace('"', opening), behind.replace('"', closing)
    ends = _SENTENCE_ENDS.search(word) is not None
    latex = spell(core, encoding)
    if _has_math(latex) or _must_keep(core):
        return spell(before, encoding) + _group(latex) + spell(behind, encoding), ends
    if core[:1].isupper() and (opens or any(c in _OPENERS for c in before)):
        first = _PART.split(core, maxsplit=1)[0]
        rest = spell(core[len(first) :] + behind, encoding)
        return spell(before, encoding) + _group(spell(first, encoding)) + rest, ends
    return spell(before + core + behind, encoding), ends


def _has_math(latex: str) -> bool:
    # It is lowered too: BibTeX makes \delta of \Delta. A price is none.
    return "$" in latex and "$" in latex.replace("\\$", "")


def _math_only(word: str, encoding: Encoding) -> str:
    latex = spell(word, encoding)
    return _group(latex) if _has_math(latex) else latex


def _in_capitals(word: str, encoding: Encoding) -> str:
    before, core, behind = _parts(word)
    if "$" in core or _DIGIT_BESIDE_LETTER.search(core) or any(p in _ACRONYMS for p in _PART.split(core)):
        return spell(before, encoding) + _group(spell(core, encoding)) + spell(behind, encoding)
    return spell(word, encoding)
