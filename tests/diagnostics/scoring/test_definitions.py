"""Presets equal the written design, and are saved once."""

import pytest
from django.utils.translation import gettext, override

from diagnostics.methods.selectors.definitions import calibration_content, pattern_set_content
from diagnostics.methods.services.definitions import load_defaults
from diagnostics.models import CalibrationRule, PatternSet
from diagnostics.scoring.definitions import (
    calibration,
    default_calibrations,
    default_pattern_sets,
    pattern_set,
)
from diagnostics.scoring.errors import DefinitionError
from diagnostics.scoring.method import NamedPattern
from diagnostics.wording.definition_titles import SHIPPED
from survey.documents.plain_values import to_document
from survey.models import Organisation

EXPRESSIONS = {
    "compensating": ["TF*AD*RB", "TF*AD*AG", "TF*AG*RB"],
    "signature": ["TF*RB", "TF*AD", "TF*AG"],
    "strict": ["TF*AD*~AG*RB", "TF*AD*AG*~RB", "TF*~AD*AG*RB"],
}
CORES = [{"TF", "RB"}, {"TF", "AD"}, {"TF", "AG"}]


@pytest.mark.parametrize("code", EXPRESSIONS)
def test_a_preset_requires_what_the_design_says(code: str) -> None:
    patterns = default_pattern_sets()[code].qca_patterns()

    assert [pattern.name for pattern in patterns] == ["assertive", "responsive", "nimble"]
    assert [pattern.expression for pattern in patterns] == EXPRESSIONS[code]
    assert [set(pattern.core) for pattern in patterns] == CORES


def test_calibrations_have_the_numbers_of_the_design() -> None:
    numbers = {code: rule.three("TF") for code, rule in default_calibrations().items()}

    assert numbers == {
        "fixed-off-centre": (2.0, 4.1, 6.0),
        "fixed-centred": (2.0, 4.0, 6.0),
        "relative-wide": (5.0, 50.0, 95.0),
        "relative-middle": (10.0, 50.0, 90.0),
        "relative-narrow": (20.0, 50.0, 80.0),
    }


def test_every_preset_says_that_it_is_a_proposal() -> None:
    notes = [entry.note for entry in default_pattern_sets().values()]
    origins = {entry.origin for entry in default_pattern_sets().values()}

    assert origins == {"default"}
    assert all(note.startswith("Default, this product's proposal.") for note in notes)


def test_a_function_may_have_a_pattern_of_its_own() -> None:
    base = default_pattern_sets()["signature"]
    sales = NamedPattern(
        "nimble", {"en": "Nimble"}, {"en": "fast"}, "sales", {"AG": True}, frozenset({"AG"})
    )
    both = to_document(base) | {"patterns": []}
    changed = type(base)(**{**both, "patterns": (*base.patterns, sales)})

    expressions = {
        function: [pattern.expression for pattern in changed.qca_patterns(function)]
        for function in ("", "operations", "sales")
    }

    assert expressions == {
        "": ["TF*RB", "TF*AD", "TF*AG"],
        "operations": ["TF*RB", "TF*AD", "TF*AG"],
        "sales": ["TF*RB", "TF*AD", "AG"],
    }


def test_a_core_element_that_is_not_required_is_refused() -> None:
    content = {
        "code": "odd", "version": 1, "title": "Odd", "origin": "custom", "author": "A",
        "created_on": "2026-01-01", "note": "",
        "patterns": [{"code": "a", "name": {"en": "A"}, "summary": {"en": "a"}, "conditions": {}}],
    }  # fmt: skip

    with pytest.raises(DefinitionError, match="expected at least one required element in 'a'"):
        pattern_set(content)


def test_a_set_without_a_pattern_for_both_functions_is_refused() -> None:
    only = {
        "code": "a", "name": {"en": "A"}, "summary": {"en": "a"}, "function": "sales",
        "conditions": {"TF": {"present": True, "core": True}},
    }  # fmt: skip
    content = {
        "code": "odd", "version": 1, "title": "Odd", "origin": "custom", "author": "A",
        "created_on": "2026-01-01", "note": "", "patterns": [only],
    }  # fmt: skip

    with pytest.raises(DefinitionError, match="expected a pattern for both functions together"):
        pattern_set(content)


def test_anchors_that_do_not_rise_are_refused() -> None:
    content = {
        "code": "odd", "version": 1, "title": "Odd", "kind": "absolute", "origin": "custom",
        "author": "A", "note": "", "anchors": {"*": [2, 2, 6]},
    }  # fmt: skip

    with pytest.raises(DefinitionError, match="strictly rising or falling anchors"):
        calibration(content)


@pytest.mark.django_db
def test_loading_twice_saves_every_version_once_and_whole() -> None:
    load_defaults()
    load_defaults()

    saved_sets = {row.code: pattern_set_content(row) for row in PatternSet.objects.all()}
    saved_rules = {row.code: calibration_content(row) for row in CalibrationRule.objects.all()}
    assert saved_sets == default_pattern_sets()
    assert saved_rules == default_calibrations()


def test_what_is_said_of_shipped_definitions_can_be_translated() -> None:
    sets, rules = default_pattern_sets().values(), default_calibrations().values()
    texts = {(one.title, one.note) for one in sets} | {(one.title, one.note) for one in rules}
    assert {text for both in texts for text in both} == SHIPPED


@pytest.mark.django_db
def test_what_ships_is_told_in_the_readers_language_and_an_own_set_as_it_was_written() -> None:
    load_defaults()
    shipped = PatternSet.objects.get(code="strict")
    rule = CalibrationRule.objects.get(code="relative-wide")
    own = PatternSet(
        code="own", version=3, title=shipped.title, note=shipped.note,
        organisation=Organisation.objects.create(name="Acme"),
    )  # fmt: skip

    with override("fi"):
        told = [(str(one), one.told_note) for one in (shipped, rule, own)]
        expected = [
            (f"{gettext(one.title)}, versio {one.version}", gettext(one.note))
            for one in (shipped, rule)
        ]
    assert told == [*expected, ("Strict, versio 3", shipped.note)]
