"""Weaknesses of what keeps single answers and figures of units apart."""

from tests.proofs.weaknesses.weakened_copy import Weakness

USE = "survey/running/test_use_of_answers.py"
TABLES = "diagnostics/workbench/test_campaign_analyses.py"
DOWNLOADS = "diagnostics/downloads/test_downloads.py"
EXPORTS = "diagnostics/downloads/test_exports.py"
PURE = "diagnostics/workbench/test_telling.py"
LINKAGE = "proofs/test_proofs.py::test_every_figure_of_a_proof_is_what_it_must_be[linkage]"
TELLING = "diagnostics/analyses/telling.py"
CONFIRMATION = "survey/selectors/head_counts/confirmation.py"

USE_WEAKNESSES = (
    Weakness(
        "a box that names the team where single answers are given", "survey/services/ballots.py",
        '"" if respondent.campaign.gives_rows else str(respondent.invitation.unit_id)',
        "str(respondent.invitation.unit_id)",
        f"{USE}::test_where_single_answers_are_given_not_even_a_box_says_whose_team_it_was",
    ),
    Weakness(
        "figures of units beside single answers", "survey/release/answers.py",
        "return answers.assign(unit=tree.keys[ROOT])", "return answers",
        LINKAGE,
    ),
    Weakness(
        "figures of units beside single answers, at the opening",
        "survey/services/opening/opening.py",
        "answers = without_units(answers, tree)",
        'answers["unit"] = [tree.keys[-1 - place % 3] for place in range(len(answers))]',
        f"{USE}::test_the_release_tells_of_the_company_and_its_functions_and_of_no_unit",
    ),
    Weakness(
        "the file of answers of any campaign", "diagnostics/access.py",
        "if campaign.gives_rows or kind not in Download.ROW_KINDS)", ")",
        f"{DOWNLOADS}::test_each_reader_asks_for_and_gets_exactly_the_files_that_are_theirs",
    ),
    Weakness(
        "a service that gives answers of any campaign", "survey/selectors/answer_life.py",
        "if not campaign.gives_rows:", "if not campaign:",
        f"{DOWNLOADS}::test_the_services_refuse_single_answers_where_figures_of_units_are_told",
    ),
    Weakness(
        "exact numbers in tables", TELLING,
        "return replace(row, n=told_cut(n), cases=(), deviant=())",
        "return replace(row, n=n, cases=(), deviant=())",
        f"{PURE}::test_rows_are_counted_in_bands_and_small_ones_are_not_listed",
    ),
    Weakness(
        "rows of fewer than five listed", TELLING,
        "return (row.n or 0) >= CUTS[0] or bool(row.reason)",
        "return (row.n or 0) >= 1 or bool(row.reason)",
        f"{PURE}::test_rows_are_counted_in_bands_and_small_ones_are_not_listed",
    ),
    Weakness(
        "tables by any anchors and cuts", "diagnostics/workbench/services/analyses.py",
        "require_told(recipe, settled_anchors(campaign))", "pass",
        f"{TABLES}::test_the_service_refuses_a_recipe_that_would_find_people_out_by_trying",
    ),
    Weakness(
        "anchors of whatever was scored last", "diagnostics/workbench/selectors/analyses.py",
        'first = Assessment.objects.filter(campaign=campaign).order_by("number")[0]',
        'first = Assessment.objects.filter(campaign=campaign).order_by("-number")[0]',
        f"{TABLES}::test_anchors_stay_those_of_the_first_scoring",
    ),
    Weakness(
        "cuts between two bands", "diagnostics/workbench/selectors/cuts.py",
        "            require_told(recipe, settled_anchors(analysis.campaign))\n", "",
        f"{TABLES}::test_cuts_that_are_tried_are_held_to_the_campaign_s_by_the_selector",
    ),
    Weakness(
        "all answers with those whose function is not told", TELLING,
        "return known if len(known) else rows", "return rows",
        f"{PURE}::test_all_are_those_whose_function_is_told_or_everybody",
    ),
    Weakness(
        "a few people more in an analysis of fewer columns", TELLING,
        "return scores[scores.notna().all(axis=1)]", "return scores",
        f"{PURE}::test_whoever_left_a_construct_out_counts_in_no_analysis",
    ),
    Weakness(
        "every digit of a figure", TELLING,
        "return round(value, DIGITS)", "return value",
        f"{PURE}::test_every_figure_is_rounded_and_solutions_stay",
    ),
    Weakness(
        "the range of the frequency cut", TELLING,
        "for one in result.ranges if one.parameter != FREQUENCY)", "for one in result.ranges)",
        f"{PURE}::test_a_check_tells_no_number_of_cases_and_no_range_that_ends_at_one",
    ),
    Weakness(
        "a plot of cases", "diagnostics/workbench/selectors/analysis_pages.py",
        "    if not analysis.lists_cases:\n        return None\n", "",
        f"{TABLES}::test_no_answer_and_no_score_of_anybody_is_on_a_page_or_in_a_file",
    ),
    Weakness(
        "an older result shown whole", "diagnostics/workbench/selectors/analysis_pages.py",
        "return result if analysis.lists_cases else told_result(result)", "return result",
        f"{TABLES}::test_an_analysis_of_an_earlier_version_is_shown_as_far_as_it_is_told_today",
    ),
    Weakness(
        "a study with exact numbers of people", "diagnostics/measurement/services.py",
        "    if not campaign.gives_rows:\n        study = told_study(study)\n", "",
        f"{TABLES}::test_data_quality_and_scales_are_computed_by_the_worker_and_frozen",
    ),
    Weakness(
        "an administrator's word for single answers",
        "survey/selectors/accounts/second_persons.py",
        "return CampaignRight.CONSENT if campaign.gives_rows else CampaignRight.CONFIRM",
        "return CampaignRight.CONFIRM",
        f"{USE}::test_an_administrator_confirms_numbers_but_no_single_answers",
    ),
    Weakness(
        "single answers given by one alone", CONFIRMATION,
        "(self.is_alone and not self.counts.gives_rows)", "self.is_alone",
        f"{USE}::test_nobody_launches_research_alone",
    ),
    Weakness(
        "a word for figures of units that is one for answers",
        "survey/selectors/head_counts/counts.py",
        '["single answers", groups] if self.gives_rows else groups', "groups",
        f"{USE}::test_a_word_given_for_figures_of_units_is_none_for_single_answers",
    ),
    Weakness(
        "both uses of the same people at once", "survey/selectors/launch/answer_use.py",
        "if free_from is None or free_from > now:", "if False:",
        f"{USE}::test_half_a_year_lies_between_the_two_uses",
    ),
    Weakness(
        "means of statements of ten answers", "diagnostics/exports/figures.py",
        "is_large = n >= COMPARISON_FLOOR", "is_large = n >= SENSITIVE_FLOOR",
        f"{EXPORTS}::test_groups_of_ten_name_statements_larger_ones_tell_means_and_sizes_are_bands",
    ),
    Weakness(
        "statements of two partitions", "diagnostics/exports/figures.py",
        "if info.plan is not Plan.SENSITIVE:", "if info.plan is None:",
        f"{EXPORTS}::test_groups_of_ten_name_statements_larger_ones_tell_means_and_sizes_are_bands",
    ),
)  # fmt: skip
