"""A pattern set is reviewed before it is used: what speaks against it, and what it changes."""

from diagnostics.scoring.definitions import default_pattern_sets
from diagnostics.scoring.method import NamedPattern
from diagnostics.scoring.pattern_reviews import (
    Doubt,
    LeadingPatterns,
    PatternDoubt,
    doubts_about,
    leading_counts,
)
from diagnostics.scoring.results import AssessmentResult

SENSITIVE = ("RB",)


def pattern(code: str, core: str = "", **required: bool) -> NamedPattern:
    return NamedPattern(code, {"en": code}, {"en": ""}, "", required, frozenset(core.split()))


def test_nothing_speaks_against_the_default_set() -> None:
    patterns = default_pattern_sets()["compensating"].for_function()

    assert list(doubts_about(patterns, sensitive=SENSITIVE)) == []


def test_patterns_that_cannot_work_are_named() -> None:
    patterns = [
        pattern("wide", "TF", TF=True),
        pattern("narrow", "TF", TF=True, AD=True),
        pattern("twin", "AD", AD=True, TF=True),
        pattern("faint", AG=True),
        pattern("absent", "AG", AG=False),
    ]

    assert list(doubts_about(patterns, sensitive=SENSITIVE)) == [
        PatternDoubt(Doubt.CONTAINED, ("wide", "narrow")),
        PatternDoubt(Doubt.CONTAINED, ("wide", "twin")),
        PatternDoubt(Doubt.SAME, ("narrow", "twin")),
        PatternDoubt(Doubt.NO_CORE, ("faint",)),
        PatternDoubt(Doubt.ONLY_ABSENCE, ("absent",)),
    ]


def test_a_set_without_a_pattern_free_of_rule_bending_is_named() -> None:
    patterns = [pattern("one", "TF", TF=True, RB=True), pattern("two", "AG", AG=True, RB=True)]

    assert list(doubts_about(patterns, sensitive=SENSITIVE)) == [
        PatternDoubt(Doubt.NONE_WITHOUT_SENSITIVE, ())
    ]


def test_the_same_set_changes_nothing_and_counts_what_scoring_said(
    demonstration: AssessmentResult,
) -> None:
    units = demonstration.units
    patterns = demonstration.method.pattern_set.qca_patterns()
    above = {unit.parent for unit in units}
    lowest = [unit.own_diagnosis for unit in units if unit.unit not in above]
    said = [diagnosis.verdict.leading for diagnosis in lowest if diagnosis is not None]

    counts = leading_counts(units, before=patterns, after=patterns)

    assert counts == LeadingPatterns(
        units=sum(demonstration.company.verdicts.values()),
        before={name: said.count(name) for name in dict.fromkeys(said) if name},
        after={name: said.count(name) for name in dict.fromkeys(said) if name},
        changed=0,
    )


def test_a_set_of_one_pattern_leads_everywhere(demonstration: AssessmentResult) -> None:
    units = demonstration.units
    patterns = demonstration.method.pattern_set.qca_patterns()

    counts = leading_counts(units, before=patterns, after=patterns[:1])

    assert counts.after == {patterns[0].name: counts.units}
    assert counts.changed == counts.units - counts.before[patterns[0].name]
