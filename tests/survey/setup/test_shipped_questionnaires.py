"""The questionnaires that ship: the first stays as it was released, the second keeps its rules."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from survey.documents.canonical_json import content_digest
from survey.instrument.content import FUNCTIONS, ConstructRole, Instrument, parse_instrument
from survey.instrument.editing import places
from survey.instrument.files import (
    DEFAULT_INSTRUMENT,
    SHIPPED_INSTRUMENTS,
    read_instrument_file,
    shipped_identity,
)
from survey.instrument.shape import shape_problems
from survey.models import InstrumentVersion
from survey.release.exclusions import ITEM_ROLES
from survey.services.setup.instruments import load_default_instrument
from tests.survey.setup.readability import grade, word_count

FIRST = "dce29a5ff3ad5b1a12a73d9c60cc5e1a2b44842937228d65732e0095bb7abf5a"
LANGUAGES = ("en", "fi", "sv", "de")
MOST_WORDS = 15
MOST_GRADE = 9.0
MOST_CHARACTERS = 100  # four lines of a phone that is 390 pixels wide
UNIT_WORDS = {"en": "unit", "fi": "yksik", "sv": "enhet", "de": "einheit"}
REASONS = ("because", "so that", "in order to", "to help", "makes sense")


@pytest.fixture(scope="module")
def default() -> Instrument:
    return parse_instrument(read_instrument_file())


def wordings(
    instrument: Instrument, language: str, *roles: ConstructRole
) -> Iterator[tuple[str, str]]:
    """Yield code and text of every statement as each function reads it."""
    for _construct, item in instrument.items(*roles):
        for function in FUNCTIONS:
            yield item.code, item.wording(language, function)


@pytest.mark.parametrize("path", SHIPPED_INSTRUMENTS, ids=lambda path: path.stem)
def test_each_is_complete_in_four_languages_and_says_which_are_drafts(path: Path) -> None:
    content = read_instrument_file(path)
    instrument = parse_instrument(content)

    assert (instrument.code, instrument.version) == shipped_identity(path)
    assert list(shape_problems(content)) == []
    assert instrument.languages == instrument.declared == LANGUAGES
    assert instrument.checked == {"en"}
    for place in places(content):
        assert place.texts.keys() >= set(LANGUAGES), place.key
    for _, item in instrument.items():
        variants = {language: text.count("{") for language, text in item.text.items()}
        assert ("{" in item.text["en"]) == all(variants.values()), (item.code, variants)


def test_the_first_version_says_what_it_said_when_it_was_released() -> None:
    assert content_digest(read_instrument_file(SHIPPED_INSTRUMENTS[0])) == FIRST


@pytest.mark.django_db
def test_both_versions_can_be_chosen_and_the_second_is_the_default() -> None:
    default = load_default_instrument()
    load_default_instrument()

    known = InstrumentVersion.objects.order_by("version").values_list("code", "version")
    assert list(known) == [("rutin-core", 1), ("rutin-core", 2)]
    assert (default.version, DEFAULT_INSTRUMENT) == (2, SHIPPED_INSTRUMENTS[-1])


def test_every_item_has_a_code_a_construct_and_a_source() -> None:
    constructs = read_instrument_file()["constructs"]
    items = [(one["code"], item["code"]) for one in constructs for item in one["items"]]

    assert len({code for _, code in items}) == len(items) == 35
    assert all(code.startswith(construct) for construct, code in items)
    unsourced = {one["code"] for one in constructs if not one.get("source")}
    assert unsourced == {"CHECK", "MV"}  # an attention check and our own markers


def test_every_scale_has_one_reversed_item(default: Instrument) -> None:
    reversed_items = {
        construct.code: [item.code for item in construct.items if item.is_reversed]
        for construct in default.constructs
    }
    assert reversed_items == {
        "TF": ["TF6"], "AD": ["AD5"], "AG": ["AG5"], "CF": ["CF5"], "RB": ["RB5"],
        "DSO": ["DSO5"], "MV": ["MV3"], "CHECK": [],
    }  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_digital_stands_in_foresight_and_the_outcome_only(
    default: Instrument, language: str
) -> None:
    named = {
        construct.code
        for construct, item in default.items()
        if "digita" in item.text[language].casefold()
    }
    assert named == {"TF", "DSO"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_unit_is_named_once_in_the_stem_and_in_no_statement(
    default: Instrument, language: str
) -> None:
    word = UNIT_WORDS[language]
    assert default.stem[language].casefold().count(word) == 1
    texts = wordings(default, language)
    assert [code for code, text in texts if word in text.casefold()] == []


def test_statements_about_rules_give_no_reason(default: Instrument) -> None:
    texts = [item.text["en"].casefold() for item in default.construct("RB").items]
    assert [text for text in texts if any(reason in text for reason in REASONS)] == []


def test_no_english_statement_is_long_or_hard_to_read(default: Instrument) -> None:
    found = [(code, word_count(text), grade(text)) for code, text in wordings(default, "en")]
    assert [one for one in found if one[1] > MOST_WORDS or one[2] > MOST_GRADE] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_statement_fits_a_phone(default: Instrument, language: str) -> None:
    found = {text: len(text) for _, text in wordings(default, language)}
    assert {text: size for text, size in found.items() if size > MOST_CHARACTERS} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_statements_begin_and_end_as_sentences(default: Instrument, language: str) -> None:
    texts = [text for _, text in wordings(default, language)]
    assert [text for text in texts if not (text[0].isupper() and text.endswith("."))] == []


def test_labels_differ_and_the_swedish_ones_mirror_each_other(default: Instrument) -> None:
    labels = default.scale.labels
    assert {code: len(set(texts)) for code, texts in labels.items()} == dict.fromkeys(LANGUAGES, 7)
    assert list(labels["sv"]) == [
        "Håller inte alls med", "Håller inte med", "Håller snarast inte med", "Varken eller",
        "Håller snarast med", "Håller med", "Håller helt med",
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_check_of_attention_names_its_answer_as_the_scale_does(
    default: Instrument, language: str
) -> None:
    (check,) = default.construct("CHECK").items
    label = default.scale.labels[language][(check.expected or 0) - 1]
    assert label.casefold() in check.text[language].casefold()


def test_all_elements_but_rule_bending_rotate_and_stand_as_in_the_first_version(
    default: Instrument,
) -> None:
    order = [(construct.code, construct.rotates) for construct in default.constructs]
    assert order == [
        ("TF", True), ("AD", True), ("AG", True), ("RB", False), ("CF", True), ("CHECK", False),
        ("MV", False), ("DSO", False),
    ]  # fmt: skip
    asked = list(default.items(*ITEM_ROLES))
    assert len(asked) == 31
