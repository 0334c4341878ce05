import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcomp.kg.model import Name
from llmcomp.kg.names import inverted, is_name, parse_name, parse_names


@pytest.mark.parametrize(
    ("printed", "back"),
    [
        ("Elias Frantar", "Frantar, Elias"),
        ("Maarten de Rijke", "de Rijke, Maarten"),
        ("Ludwig van Beethoven", "van Beethoven, Ludwig"),
        ("Ursula von der Leyen", "von der Leyen, Ursula"),
        ("von der Leyen, Ursula", "von der Leyen, Ursula"),
        ("Robert Downey Jr.", "Downey, Jr., Robert"),
        ("Robert Downey, Jr.", "Downey, Jr., Robert"),
        ("King, Jr., Martin Luther", "King, Jr., Martin Luther"),
        ("King, Martin Luther, Jr.", "King, Jr., Martin Luther"),
        ("John Doe III", "Doe, III, John"),
        ("Abdullah al-Rashid", "al-Rashid, Abdullah"),
        ("Stéphane d'Ascoli", "d'Ascoli, Stéphane"),
        ("Madonna", "Madonna"),
        ("Rahul Gupta 0001", "Gupta, Rahul"),
        ("Elias Frantar*†", "Frantar, Elias"),
        ("Satya Sai Srinath Namburi GNVV", "GNVV, Satya Sai Srinath Namburi"),
        ("J. K. Li", "Li, J. K."),
        ("Jean-Luc O'Brien", "O'Brien, Jean-Luc"),
        ("Ran El-Yaniv", "El-Yaniv, Ran"),
        ("Yousef ElSayed", "ElSayed, Yousef"),
        ("García Márquez, Gabriel", "García Márquez, Gabriel"),
        ("José Ortega y Gasset", "Ortega y Gasset, José"),
        ("Rianne Van Den Berg", "Van Den Berg, Rianne"),
        ("Christopher De Sa", "De Sa, Christopher"),
        ("Linh Van Ngo", "Ngo, Linh Van"),
        ("Di Wu", "Wu, Di"),
        ("bell hooks", "Hooks, Bell"),
    ],
)
def test_parsed_and_back(printed, back):
    assert inverted(parse_name(printed)) == back
    assert inverted(parse_name(back)) == back


@pytest.mark.parametrize(
    "group",
    [
        "OpenAI",
        "DeepSeek-AI",
        "The Mistral AI Team",
        "Llama Team, AI @ Meta",
        "Gemma Team",
        "Qwen Team",
        "NVIDIA",
    ],
)
def test_groups_are_literal(group):
    assert parse_name(group) == Name(literal=group)


def test_parts():
    assert parse_name("Jan van der Berg") == Name(family="Berg", given="Jan", particle="van der")
    assert parse_name("al-Rashid, Abdullah") == Name(family="Rashid", given="Abdullah", particle="al-")
    assert parse_name("Van Durme, Benjamin") == Name(family="Van Durme", given="Benjamin")


@pytest.mark.parametrize("text", ["et al.", "et al", "others", "and others", "", " ", "Others."])
def test_not_a_name(text):
    assert not is_name(text)


def test_a_list_that_is_cut_short():
    assert parse_names(["A B", "et al."]) == ((Name("B", "A"),), True)
    assert parse_names(["A B et al."]) == ((Name("B", "A"),), True)
    assert parse_names(["A B", ""]) == ((Name("B", "A"),), False)


@given(st.text(max_size=25))
def test_any_text_is_read(text):
    parse_name(text)


@given(st.lists(st.from_regex(r"[A-Z][a-z]{2,8}", fullmatch=True), min_size=2, max_size=3))
def test_last_first_is_stable(words):
    name = parse_name(" ".join(words))
    if not name.literal:
        assert parse_name(inverted(name)) == name


def test_a_name_typed_without_capitals_gets_them() -> None:
    assert parse_name("seung-won hwang") == Name(family="Hwang", given="Seung-won")
    assert parse_name("conan o'brien") == Name(family="O'Brien", given="Conan")
    assert parse_name("madonna") == Name(family="madonna")


def test_initials_that_stand_together_are_parted() -> None:
    assert parse_name("J.N.Han") == Name(family="Han", given="J. N.")
    assert parse_name("John C.S. Lui") == Name(family="Lui", given="John C. S.")


def test_a_family_name_in_capitals_is_read_aloud() -> None:
    assert parse_name("Xingcheng ZHANG") == Name(family="Zhang", given="Xingcheng")
    assert parse_name("Satya Sai Srinath Namburi GNVV").family == "GNVV"
    assert parse_name("J. K. LI").family == "LI"
