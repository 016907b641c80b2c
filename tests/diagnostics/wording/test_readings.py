"""What pages and reports say of each kind of result."""

from dataclasses import replace

import pytest

from diagnostics.results.wording.advice import notes
from diagnostics.results.wording.company import company_reading
from diagnostics.results.wording.unit import unit_reading
from diagnostics.scoring.results import Relation
from diagnostics.wording.glossary import glossary
from diagnostics.wording.page_parts import UnitReading
from qca.patterns.support import Finding
from tests.diagnostics.example_results import (
    ASSERTIVE,
    METHOD,
    RESPONSIVE,
    SETTING,
    example_assessment,
    example_diagnosis,
    example_profile,
    example_units,
    source,
    unit,
)

ASSESSMENT = example_assessment()


def reading(key: str) -> UnitReading:
    return unit_reading(ASSESSMENT, key, setting=SETTING, language="en")


def test_a_unit_with_enough_answers_speaks_for_itself() -> None:
    found = reading("oulu")
    assert found.headline == "Responsive: more in than out"
    assert found.band == "Based on 20–49 answers."
    assert found.bottleneck[0].startswith("What holds back most is agility and adaptability")
    assert [lever.title for lever in found.levers] == ["Agility", "Adaptability, Agility"]


def test_a_small_unit_keeps_its_profile_and_borrows_the_pattern() -> None:
    found = reading("kemi")
    assert found.headline == "A profile of its own, and no pattern of its own"
    assert found.band == (
        "Profile based on 5–9 answers, pattern on 10–19 answers of Small teams in Region North."
    )
    assert found.explanation[0] == (
        "The profile is that of Field service Kemi. Patterns need ten answers: these answers are "
        "part of “Small teams in Region North” (10–19 answers), and what is said of patterns and "
        "levers is said of all of them together."
    )
    assert found.profile is not None
    hidden = next(row for row in found.profile.rows if row.name == "Rule-bending")
    assert (hidden.score, hidden.interval, hidden.company) == ("from ten answers on", "", "")


def test_a_unit_without_a_set_of_its_own_is_told_whose_result_it_reads() -> None:
    found = reading("inari")
    assert found.headline == "Within Small teams in Region North: Assertive: more in than out"
    assert found.explanation[0] == (
        "The answers of Field service Inari are part of “Small teams in Region North” (10–19 "
        "answers). What is said here is said of all of them together, not of this unit alone."
    )


def test_a_unit_with_one_part_to_show_points_to_that_part() -> None:
    assert reading("south").explanation[0] == (
        "Within Region South, Field service Umeå is the only part that can be shown (20–49 "
        "answers). What is said here is said of that part."
    )


def test_too_few_answers_show_nothing_and_say_why() -> None:
    found = reading("lone")
    assert found.headline == "Too few answers for a result"
    assert (found.band, found.profile, found.configuration) == ("", None, None)
    assert (found.levers, found.bottleneck, found.questions, found.notes) == ((), (), (), ())
    assert " ".join(found.explanation) == (
        "Results are shown for groups of five answers or more, so that nobody can be told apart. "
        "The answers given here count in the results of the levels above only where enough of them "
        "come together."
    )


def test_a_pattern_that_the_company_does_not_support_carries_a_caution() -> None:
    nimble = {"TF": 5.3, "AD": 3.6, "AG": 5.0, "RB": 5.1, "CF": 5.0, "DSO": 4.8}
    diagnosis = example_diagnosis(nimble, of=source("oulu", 24))
    units = (*example_units()[:1], unit("oulu", "company", diagnosis=diagnosis))
    found = unit_reading(example_assessment(units), "oulu", setting=SETTING, language="en")
    assert found.headline == "Nimble: well inside"
    assert found.cautions == (
        (
            "In this company's own answers, Nimble was not shown to go with a turn to digital "
            "services (service operations and service sales). Take the advice that rests on it "
            "lightly."
        ),
    )
    assert (found.advice_is_doubtful, reading("oulu").advice_is_doubtful) == (True, False)
    assert reading("oulu").cautions == ()


def test_between_two_patterns_both_are_explained() -> None:
    assert reading("turku").headline == "Between Assertive, Responsive and Nimble"
    assert [sentence[:16] for sentence in reading("turku").explanation[1:3]] == [
        "Assertive means:",
        "Responsive means",
    ]


@pytest.mark.parametrize("key", [entry.unit for entry in ASSESSMENT.units])
def test_every_reading_names_origin_thresholds_and_versions(key: str) -> None:
    text = " ".join(fact.text for fact in reading(key).method)
    for expected in (
        "Survey campaign, closed on 20 November 2026",
        "Demonstration data",
        "default, this product's proposal",
        "International Journal of Operations & Production Management 45(13), 117-139",
        "are not public",
        "nothing below 5 answers; patterns, levers and rule-bending from 10 answers on",
        "a" * 64,
        "b" * 64,
    ):
        assert expected in text


def test_small_groups_carry_the_caution_line() -> None:
    caution = (
        "The group is small (fewer than twenty answers): take a difference from the company or "
        "from others as a hint, not as a finding."
    )
    assert caution in reading("turku").limits
    assert caution in reading("kemi").limits
    assert caution not in reading("oulu").limits


def test_the_company_reading_lists_visible_units_only() -> None:
    everyone = company_reading(ASSESSMENT, setting=SETTING, language="en")
    leader = company_reading(
        ASSESSMENT, setting=SETTING, language="en", visible=frozenset({"oulu", "north"})
    )
    assert len(everyone.heat_map.rows) == len(ASSESSMENT.units) - 1
    assert [row.name for row in leader.heat_map.rows] == ["Region North", "Field service Oulu"]


def test_heat_map_rows_hold_numbers_only_where_they_are_the_units_own() -> None:
    rows = {
        row.name: row
        for row in company_reading(ASSESSMENT, setting=SETTING, language="en").heat_map.rows
    }
    assert rows["Field service Inari"].note == "Part of “Small teams in Region North”"
    assert {cell.text for cell in rows["Field service Inari"].cells} == {""}
    assert rows["Region South"].note == "Only Field service Umeå can be shown"
    assert rows["Sales Åland"].note == "Too few answers for a result"
    assert [cell.is_leading for cell in rows["Field service Oulu"].cells] == [
        *[False] * 6,
        True,
        False,
    ]
    assert (rows["Region North"].depth, rows["Field service Oulu"].depth) == (0, 1)


NOT_SHOWN = "In %s, 1 of 3 patterns are not shown to go with a turn to digital services: Nimble."


def test_the_company_reading_says_how_its_patterns_were_tested() -> None:
    found = company_reading(ASSESSMENT, setting=SETTING, language="en")
    assert found.pattern_test_words[1:] == (
        "In service operations, 2 of 3 patterns are supported: Assertive, Responsive.",
        NOT_SHOWN % "service operations",
        "In service sales, 2 of 3 patterns are supported: Assertive, Responsive.",
        NOT_SHOWN % "service sales",
    )
    assert found.participation[0].name == "Service operations"
    assert [(row.invited, row.answered, row.excluded) for row in found.participation] == [
        ("350", "270", "fewer than 10"),
        ("340", "264", "fewer than 10"),
    ]
    assert found.explanation[-1] == (
        "5 units have a verdict of their own: 4 clear, 1 technology foresight first."
    )


def test_compensation_is_said_where_a_pattern_fits_and_never_of_rule_bending() -> None:
    slow = {"TF": 5.3, "AD": 5.0, "AG": 3.4, "RB": 5.1, "CF": 5.0, "DSO": 4.8}
    diagnosis = example_diagnosis(slow, of=source("oulu", 24))
    units = (*example_units()[:1], unit("oulu", "company", diagnosis=diagnosis))
    found = unit_reading(example_assessment(units), "oulu", setting=SETTING, language="en")
    assert found.headline == "Assertive: well inside"
    assert found.notes[0] == (
        "Agility is low here, and the pattern does without it: it leans on adaptability and "
        "rule-bending."
    )
    assert reading("oulu").notes == ()
    assert reading("umea").headline == "Technology foresight first"
    assert reading("umea").notes == ()


def test_suggestions_are_those_for_the_functions_of_the_unit() -> None:
    sales = unit_reading(ASSESSMENT, "oulu", setting=SETTING, language="en", functions=("sales",))
    assert {group.label for lever in sales.levers for group in lever.groups} == {
        "In service sales you could",
        "Adaptability: In service sales you could",
    }
    both = {group.label for lever in reading("oulu").levers for group in lever.groups}
    assert "In service operations you could" in both


def test_a_profile_with_the_pattern_of_a_part_says_which_part_it_is() -> None:
    part = source("Field service Umeå", 12, relation=Relation.ONE_CHILD)
    south = unit(
        "south",
        "company",
        name="Region South",
        profile=example_profile(RESPONSIVE, of=source("Region South", 18), n=18),
        diagnosis=example_diagnosis(ASSERTIVE, of=part, n=12),
    )
    found = unit_reading(
        example_assessment((example_units()[0], south)), "south", setting=SETTING, language="en"
    )
    assert found.band == (
        "Profile based on 10–19 answers, pattern on 10–19 answers of Field service Umeå."
    )
    assert found.explanation[0] == (
        "The profile is that of Region South. Patterns need ten answers: Field service Umeå is the "
        "only part that has them and can be shown (10–19 answers). What is said of patterns and "
        "levers is said of that part."
    )


def test_the_company_page_counts_nobody_below_ten() -> None:
    company = ASSESSMENT.company
    tests = tuple(
        replace(test, respondents=respondents, cases=cases)
        for test, respondents, cases in zip(
            company.pattern_tests[:3], (8, 70, 70), (None, 61, 60), strict=True
        )
    )
    few = replace(
        company,
        answers={"operations": 270, "sales": 9},
        excluded={"attention": {"operations": 12, "sales": 0}},
        pattern_tests=tests,
    )
    found = company_reading(replace(ASSESSMENT, company=few), setting=SETTING, language="en")
    assert [(row.answered, row.excluded) for row in found.participation] == [
        ("270", "12"),
        ("fewer than 10", "fewer than 10"),
    ]
    assert found.pattern_test[0].lines[-1].cells == (
        "fewer than 10; 10 groups or more",
        "all but fewer than 10; 10 groups or more",
        "60; 10 groups or more",
    )


def test_what_is_said_of_a_wider_group_is_headed_by_its_name() -> None:
    found = reading("kemi")  # its own profile is drawn, and the bottleneck is the pool's
    assert found.bottleneck[0].startswith(
        "Of all of “Small teams in Region North” together: What holds back most is "
    )


def test_only_what_a_pattern_asks_for_is_named_as_lowest() -> None:
    scores = {"TF": 5.2, "AD": 4.4, "AG": 4.8, "CF": 2.0, "DSO": 4.9}
    profile = example_profile(scores, of=source("Field service Kemi", 7))
    units = (*example_units()[:1], unit("kemi", "company", profile=profile))
    found = unit_reading(example_assessment(units), "kemi", setting=SETTING, language="en")
    assert found.bottleneck == ("The lowest score is that of adaptability.",)
    assert found.explanation == (
        "Rule-bending, patterns and levers are shown from ten answers on; this group has fewer.",
    )


def test_a_larger_group_without_a_pattern_is_not_called_too_small() -> None:
    profile = example_profile(RESPONSIVE, of=source("Field service Kemi", 11), n=11)
    units = (*example_units()[:1], unit("kemi", "company", profile=profile))
    found = unit_reading(example_assessment(units), "kemi", setting=SETTING, language="en")
    assert found.explanation == (
        (
            "Rule-bending, patterns and levers are shown from ten answers on; too few answered one "
            "of the elements."
        ),
    )


def test_doubts_name_only_the_functions_of_the_unit_and_what_could_not_be_tested() -> None:
    few = tuple(
        replace(test, finding=Finding.TOO_FEW_ANSWERS) if test.function == "operations" else test
        for test in ASSESSMENT.company.pattern_tests
    )
    assessment = replace(ASSESSMENT, company=replace(ASSESSMENT.company, pattern_tests=few))
    operations, sales = (
        unit_reading(assessment, "oulu", setting=SETTING, language="en", functions=(code,))
        for code in ("operations", "sales")
    )
    assert operations.cautions == (
        (
            "Whether Responsive goes with a turn to digital services in this company could not be "
            "tested: too few answers (service operations)."
        ),
    )
    assert (operations.advice_is_doubtful, sales.advice_is_doubtful) == (False, False)
    assert sales.cautions == ()


def test_that_nothing_helps_is_said_only_of_what_may_be_raised() -> None:
    low = dict.fromkeys(("TF", "AD", "AG", "RB", "CF", "DSO"), 1.6)
    bending = {"TF": 6.0, "AD": 1.6, "AG": 6.0, "RB": 3.0, "CF": 6.0, "DSO": 6.0}
    found = [example_diagnosis(scores, of=source("oulu", 24)) for scores in (low, bending)]
    names = glossary(ASSESSMENT.method, "en")
    assert [diagnosis.levers for diagnosis in found] == [(), ()]
    assert found[1].bottlenecks == ("RB",)
    nothing = (
        "Half a point more on any element that may be raised, or on any two, would change little."
    )
    assert [nothing in notes(diagnosis, names) for diagnosis in found] == [True, False]


def test_verdicts_are_counted_only_where_five_units_have_one() -> None:
    few = replace(ASSESSMENT.company, verdicts={"clear": 3, "element_first": 1})
    found = company_reading(replace(ASSESSMENT, company=few), setting=SETTING, language="en")
    assert not [sentence for sentence in found.explanation if "a verdict of their own" in sentence]


def test_no_pattern_is_underlined_where_none_fits() -> None:
    rows = company_reading(ASSESSMENT, setting=SETTING, language="en").heat_map.rows
    umea = next(row for row in rows if row.name == "Field service Umeå")
    assert umea.note == "Technology foresight first"
    assert {cell.is_leading for cell in umea.cells} == {False}


def test_a_small_company_carries_the_caution_line() -> None:
    small = example_diagnosis(RESPONSIVE, of=source("company", 14), n=14)
    units = (unit("company", None, diagnosis=small),)
    found = company_reading(example_assessment(units), setting=SETTING, language="en")
    assert found.limits[1].startswith("The group is small")


def test_where_all_is_well_inside_nothing_is_said_to_hold_back() -> None:
    best = example_diagnosis(dict.fromkeys(METHOD.codes, 6.0), of=source("oulu", 24))
    units = (*example_units()[:1], unit("oulu", "company", diagnosis=best))
    found = unit_reading(example_assessment(units), "oulu", setting=SETTING, language="en")
    assert found.headline == "Between Assertive, Responsive and Nimble"
    assert found.bottleneck == ("Nothing holds back: all that Assertive asks for is well inside.",)


def test_a_pattern_of_one_function_is_named_in_its_test() -> None:
    special = replace(
        METHOD.pattern_set.patterns[0], code="swift", name={"en": "Swift"}, function="sales"
    )
    pattern_set = replace(METHOD.pattern_set, patterns=(*METHOD.pattern_set.patterns, special))
    tests = (replace(ASSESSMENT.company.pattern_tests[3], pattern="swift"),)
    found = company_reading(
        replace(
            ASSESSMENT,
            method=replace(METHOD, pattern_set=pattern_set),
            company=replace(ASSESSMENT.company, pattern_tests=tests),
        ),
        setting=SETTING,
        language="en",
    )
    assert [table.patterns for table in found.pattern_test] == [("Swift",)]
    assert found.pattern_test_words[1] == "In service sales, 1 of 1 patterns are supported: Swift."


def test_the_method_box_states_the_rules_that_decide() -> None:
    text = " ".join(fact.text for fact in reading("oulu").method)
    for expected in (
        "Where an element that every pattern requires is the lowest and below 0.50, it comes first",
        "no pattern is given yet, the nearest is named",
        "Borderline: anchors moved by 0.1 points change the verdict",
        "An element is reached from 0.67.",
    ):
        assert expected in text
