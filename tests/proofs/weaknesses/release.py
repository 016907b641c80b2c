"""Weaknesses of what is released and of who sees it."""

from tests.proofs.weaknesses.weakened_copy import Weakness

SETS = "survey/release/test_release_sets.py"
FIGURES = "survey/release/test_release_figures.py"
ADDED = "survey/release/test_added_people.py"
DIFFERENCING = "survey/release/test_release_differencing.py"
OPENING = "survey/opening/test_opening.py"
PAGES = "diagnostics/results/test_result_pages.py"
CURIOUS = "survey/running/test_curious_managers.py"
ONE_FUNCTION = "survey/release/test_items_for_one_function.py"
NO_FIGURE = f"{DIFFERENCING}::test_no_published_figure_singles_out_a_small_group"

RELEASE_WEAKNESSES = (
    Weakness(
        "a floor of four", "survey/policy.py",
        "RELEASE_FLOOR: Final = 5 ", "RELEASE_FLOOR: Final = 4 ",
        f"{SETS}::test_floors_below_the_ones_in_code_are_refused",
    ),
    Weakness(
        "a sensitive floor of nine", "survey/policy.py",
        "SENSITIVE_FLOOR: Final = 10 ", "SENSITIVE_FLOOR: Final = 9 ",
        f"{SETS}::test_floors_below_the_ones_in_code_are_refused",
    ),
    Weakness(
        "pools of k - 1", "survey/release/pooling.py",
        "is_pool = carry[level] >= floor", "is_pool = carry[level] >= floor - 1",
        SETS,
    ),
    Weakness(
        "a threshold in place of the second pooling", "survey/release/sets.py",
        "return pool_again(self.general, self.sensitive_floor)",
        "return self.general",
        SETS,
    ),
    Weakness(
        "the second pooling by persons", "survey/release/pooling.py",
        "return pool_answers(pooling.tree, pooling.pool_sizes, floor)",
        "return pool_answers(pooling.tree, pooling.sizes, floor)",
        SETS,
    ),
    Weakness(
        "the residual rule skipped", "survey/release/splits.py",
        "allowed = [here[residual] for residual in (0, floor) if residual in here]",
        "allowed = list(here.values())",
        SETS,
    ),
    Weakness(
        "the residual rule off by one", "survey/release/splits.py",
        "states = [{min(size, floor): _NOTHING} for size in minorities]",
        "states = [{min(size + (size > 0), floor): _NOTHING} for size in minorities]",
        SETS,
    ),
    Weakness(
        "a parent of one pool published", "survey/release/pooling.py",
        "return owns | (self.pools_inside >= 2)", "return owns | (self.pools_inside >= 1)",
        SETS,
    ),
    Weakness(
        "the unit kept in rows", "survey/release/plan.py",
        'rows = self.counted.loc[held, ["function"]].reset_index(drop=True)',
        'rows = self.counted.loc[held, ["function", "unit"]].reset_index(drop=True)',
        f"{FIGURES}::test_rows_hold_pool_function_and_items_and_never_a_unit",
    ),
    Weakness(
        "the function told in every row", "survey/release/plan.py",
        'rows["function"].where(self.plan.labelled[pools], "")', 'rows["function"]',
        f"{DIFFERENCING}::test_rows_with_function_and_the_published_totals_single_out_nobody",
    ),
    Weakness(
        "answers left over kept in rows", "survey/release/plan.py",
        "values.where(told[pools] & (", "values.where((",
        FIGURES,
    ),
    Weakness(
        "a leader's answer in the own unit", "survey/release/plan.py",
        'np.where(counted["leads"], ROOT, counted["unit"].map(tree.position))',
        'counted["unit"].map(tree.position).to_numpy()',
        f"{FIGURES}::test_a_leaders_own_answer_is_in_the_company_and_never_in_a_unit",
    ),
    Weakness(
        "items without a plan of their own", "survey/release/plan.py",
        "parts = item_parts(plan.tree, counts, plan.floor)",
        "parts = item_parts(plan.tree, counts, 1)",
        FIGURES,
    ),
    Weakness(
        "sensitive items under the lower floor", "survey/release/plan.py",
        "coarse = coarse_parts(plan.tree, counts, plan.groups, plan.sensitive_floor)",
        "coarse = coarse_parts(plan.tree, counts, plan.groups, plan.floor)",
        f"{FIGURES}::test_sensitive_items_need_ten_valid_answers",
    ),
    Weakness(
        "sensitive items told with the others", "survey/release/plan.py",
        "if construct.is_sensitive", "if not construct",
        f"{FIGURES}::test_sensitive_items_are_told_in_the_second_plan_only",
    ),
    Weakness(
        "excluded answers counted", "survey/release/plan.py",
        'counted = whole[reasons == ""].reset_index(drop=True)',
        "counted = whole.reset_index(drop=True)",
        f"{FIGURES}::test_excluded_answers_are_decided_on_before_pooling",
    ),
    Weakness(
        "floors lowered by a campaign", "survey/release/plan.py",
        "if floor < RELEASE_FLOOR or", "if floor < 1 or",
        f"{SETS}::test_floors_below_the_ones_in_code_are_refused",
    ),
    Weakness(
        "the audit left out", "survey/release/plan.py",
        "    figures.audit(tables)\n", "",
        f"{DIFFERENCING}::test_a_plan_that_exposes_a_group_never_becomes_a_release",
    ),
    Weakness(
        "an audit that finds nothing", "survey/release/audit.py",
        "return _has_light_vector(rows, atom_weights, floor)", "return False",
        f"{DIFFERENCING}::test_the_audit_agrees_with_the_attacker_on_random_sums",
    ),
    Weakness(
        "an audit for one answer less", "survey/release/audit.py",
        "return _has_light_vector(rows, atom_weights, floor)",
        "return _has_light_vector(rows, atom_weights, floor - 1)",
        f"{DIFFERENCING}::test_the_audit_agrees_with_the_attacker_on_random_sums",
    ),
    Weakness(
        "means at the end of the scale", "survey/policy.py",
        "MEAN_LOW: Final = 1.5", "MEAN_LOW: Final = 1.0",
        f"{FIGURES}::test_means_at_the_ends_of_the_scale_are_limited",
    ),
    Weakness(
        "a distribution in which all agree", "survey/release/cells.py",
        "can_spread = not is_homogeneous(whole) and not is_homogeneous(planned.tolist())",
        "can_spread = True",
        f"{FIGURES}::test_a_distribution_of_a_homogeneous_group_is_withheld",
    ),
    Weakness(
        "people added later counted for the floor", "survey/release/plan.py",
        'planned = counted["planned"].to_numpy()', 'planned = counted["planned"].to_numpy() | True',
        f"{ADDED}::test_nine_invented_people_lift_nobody_over_the_floor",
    ),
    Weakness(
        "items dropped by the answers of invented people", "survey/release/plan.py",
        "weak_items(counted[planned],", "weak_items(counted,",
        f"{ADDED}::test_items_are_dropped_by_planned_answers_only",
    ),
    Weakness(
        "an added answer by itself in a pool", "survey/release/sets.py",
        "np.where(self.general.pool_sizes > 0, position, NOWHERE)",
        "np.where(self.general.pool_sizes.sum(axis=1, keepdims=True) > 0, position, NOWHERE)",
        f"{ADDED}::test_somebody_added_in_a_function_of_nobody_there_counts_further_up",
    ),
    Weakness(
        "an added answer by itself in rows", "survey/release/plan.py",
        "values.where(told[pools] & (beside | self.planned[held][:, None]))",
        "values.where(told[pools])",
        f"{ADDED}::test_an_added_answer_to_an_item_that_nobody_planned_gave_is_told_nowhere",
    ),
    Weakness(
        "an added answer by itself to an item", "survey/release/items.py",
        "return np.where(counts.sum(axis=3, keepdims=True) > 0, added, 0)", "return added",
        f"{ADDED}::test_an_added_answer_to_an_item_that_nobody_planned_gave_is_told_nowhere",
    ),
    Weakness(
        "the limit of a mean lifted by invented answers", "survey/release/cells.py",
        "mean = _limited(float(planned @ points) / n)", "mean = float(planned @ points) / n",
        f"{ADDED}::test_invented_answers_do_not_lift_the_limit_at_the_end_of_the_scale",
    ),
    Weakness(
        "a distribution opened by invented answers", "survey/release/cells.py",
        " and not is_homogeneous(planned.tolist())", "",
        f"{ADDED}::test_invented_answers_do_not_open_a_distribution_in_which_all_agree",
    ),
    Weakness(
        "an audit that lets added answers stand alone", "survey/release/columns.py",
        "if (added.astype(np.bool_) & (planned == 0)).any():", "if False:",
        f"{ADDED}::test_a_release_in_which_added_answers_stand_alone_is_refused",
    ),
    Weakness(
        "codes on paper sealed as planned", "survey/services/ballots.py",
        '"planned": respondent.invitation.standing == Standing.PLANNED', '"planned": True',
        "survey/running/test_invented_people.py::"
        "test_nine_codes_of_his_own_do_not_open_the_answers_of_one",
    ),
    Weakness(
        "an exact size", "survey/policy.py",
        'return next((label for least, label in BANDS if n >= least), "")', "return str(n)",
        "survey/release/test_policy.py::test_a_size_is_shown_as_its_band_only",
    ),
    Weakness(
        "exact participation", "survey/policy.py",
        'return f"{least}-{following - 1}" if following else f"{least}+"',
        "return str(answered)",
        "survey/opening/test_closing.py::test_participation_is_banded_and_says_nothing_of_small_groups",
    ),
    Weakness(
        "nobody told apart from four", "survey/policy.py",
        "tuple(sorted(least for least, _label in BANDS))",
        "(1, *sorted(least for least, _label in BANDS))",
        "survey/opening/test_closing.py::test_participation_is_banded_and_says_nothing_of_small_groups",
    ),
    Weakness(
        "a band that means all the others", "survey/policy.py",
        "SILENT_KNOWN: Final = 3", "SILENT_KNOWN: Final = 0",
        f"{CURIOUS}::test_the_manager_who_is_of_the_group_himself",
    ),
    Weakness(
        "people of whom a manager knows all counted as unknown",
        "survey/services/running/participation.py",
        "touched = Q(revoked=True) | Q(reissued=True)", "touched = Q(pk=None)",
        f"{CURIOUS}::test_the_manager_who_revokes_down_to_the_edge_of_a_band",
    ),
    Weakness(
        "background answers of people who were added",
        "survey/services/opening/opening.py",
        'if counts and _stated(payload, "planned")', "if counts",
        f"{OPENING}::test_ten_people_whom_a_manager_added_lift_no_background_answer_over_the_floor",
    ),
    Weakness(
        "a code on paper that tells whether it was used",
        "survey/selectors/respondents.py",
        "return self.invitation.used and not self.invitation.is_on_paper",
        "return self.invitation.used",
        f"{CURIOUS}::test_the_manager_who_keeps_a_copy_of_a_code_on_paper",
    ),
    Weakness(
        "answers begun by a code that every copy of it opens",
        "survey/selectors/respondents.py",
        'f"{self.token} {self.browser}" if self.browser else self.token', "self.token",
        f"{CURIOUS}::test_what_was_begun_by_a_code_is_seen_in_its_own_browser_only",
    ),
    Weakness(
        "a used code that asks the database for less",
        "survey/services/ballots.py",
        "if not is_marked and not is_on_paper:", "if not is_marked:",
        f"{CURIOUS}::test_the_manager_who_keeps_a_copy_of_a_code_on_paper",
    ),
    Weakness(
        "a link that works until the worker has looked",
        "survey/services/running/links.py",
        "    _end_link(invitation)\n    later(\"survey.tasks.replace_link\"",
        "    later(\"survey.tasks.replace_link\"",
        f"{CURIOUS}::test_the_manager_who_corrects_an_address_while_a_reminder_waits",
    ),
    Weakness(
        "results before close", "diagnostics/access.py",
        "    if campaign.state != CampaignState.RELEASED:\n"
        "        return CampaignUnit.objects.none()\n", "",
        f"{PAGES}::test_no_unit_page_opens_before_the_release",
    ),
    Weakness(
        "other units for a leader", "diagnostics/access.py",
        "if roles.may(ResultRight.OPEN_UNITS):", "if True:",
        f"{PAGES}::test_each_reader_opens_exactly_the_units_that_are_theirs",
    ),
    Weakness(
        "a reader of answers past the gate", "diagnostics/results/selectors/overview.py",
        "from survey.models import Campaign, ", "from survey.models import Response, Campaign, ",
        "architecture/test_imports.py::test_responses_are_read_by_the_opening_and_the_two_doors_only",
    ),
    Weakness(
        "rows read by a page", "diagnostics/results/views/pages.py",
        "from django.http", "from survey.selectors.releases import released_rows\nfrom django.http",
        "architecture/test_imports.py::test_rows_reach_the_scoring_of_the_worker_only",
    ),
    Weakness(
        "an export past the gate", "diagnostics/downloads/services/figures.py",
        "from survey.selectors.releases import background_of, released_cells\n",
        "from survey.selectors.releases import background_of, released_cells, released_rows\n",
        "architecture/test_imports.py::test_rows_reach_the_scoring_of_the_worker_only",
    ),
    Weakness(
        "data for programs past the gate", "diagnostics/workbench/views/analyses.py",
        "from survey.views.requests import",
        "from survey.selectors.releases import released_rows\nfrom survey.views.requests import",
        "architecture/test_imports.py::test_rows_reach_the_scoring_of_the_worker_only",
    ),
    Weakness(
        "an index made of persons", "diagnostics/scoring/sets.py",
        "scores[place] = round(float(np.mean(turned)), SCORE_DIGITS)",
        "scores[place] = np.nanmean(self.personal[self._members(info), place])",
        "diagnostics/scoring/test_scoring.py::test_scores_are_means_of_the_released_item_means",
    ),
    Weakness(
        "cells of each viewer's own", "diagnostics/results/selectors/pages.py",
        "    result = assessment_result(assessment, units=[unit.pk])\n"
        "    reading = unit_reading(\n        result,\n        str(unit.pk),\n",
        "    result = assessment_result(assessment, units=[unit.pk])\n"
        "    reading = unit_reading(\n        result,\n"
        "        str(unit.pk) if sees_every_unit(user, campaign) else result.units[0].unit,\n",
        f"{PAGES}::test_a_units_figures_are_the_same_for_everybody_who_may_open_its_page",
    ),
    Weakness(
        "what is left over told with the company", "survey/release/pooling.py",
        "is_pool = carry[level] >= floor", "is_pool = (carry[level] >= floor) | (level == 0)",
        SETS,
    ),
    Weakness(
        "rows in the order of the ballots", "survey/release/rows.py",
        "return typed.sort_values(list(typed.columns), ignore_index=True)", "return typed",
        f"{FIGURES}::test_rows_do_not_depend_on_the_order_of_the_answers",
    ),
    Weakness(
        "a renderer that fetches anything", "diagnostics/reports/rendering/assets.py",
        "if not url.startswith(SCHEME) or name not in ASSETS:",
        "if False:",
        "diagnostics/reports/test_pdf_assets.py::test_the_fetcher_refuses_foreign_addresses",
    ),
    Weakness(
        "an item of one function told of everybody", "survey/release/plan.py",
        "told = pd.Series(self.plan.labelled[self.pools] & (self.pools != NOWHERE))",
        "told = pd.Series(self.pools == self.pools)",
        f"{ONE_FUNCTION}::test_rows_that_may_not_tell_the_function_hold_no_item_that_would",
    ),
    Weakness(
        "an answer taken that was not asked for", "survey/release/answers.py",
        "    _check_asked(whole, instrument)\n", "",
        f"{ONE_FUNCTION}::test_an_answer_that_somebody_was_not_asked_is_refused",
    ),
)  # fmt: skip
