"""Which tests show the feature table's rows about answering and campaigns, by their real names."""

import ast
from typing import Final

from tests.places import ROOT

ROWS: Final = {
    "1 built-in instrument with code, construct, direction and source": (
        "test_instruments.py::test_every_shipped_item_has_a_code_a_construct_a_direction_and_a_source",
        "test_instruments.py::test_the_shipped_questionnaire_is_complete_in_four_languages_and_says_which_are_drafts",
        "test_respondent_pages.py::test_a_statement_reads_as_the_respondents_function_says",
        "test_items_for_one_function.py::test_people_are_asked_their_own_functions_items_and_no_others",
    ),
    "2 versions frozen at launch": (
        "test_instruments.py::test_pages_of_a_used_version_answer_409_and_of_others_404",
        "test_instruments.py::test_what_is_shipped_or_used_is_never_changed",
        "test_instruments.py::test_a_copy_is_the_next_version_and_leaves_the_first_alone",
    ),
    "3 cards on small screens, a table on wide ones": (
        "flows/test_respondent_browser.py::test_every_page_in_every_language_fits_is_reachable_and_has_no_axe_violation",
        "flows/test_respondent_browser.py::test_a_statement_is_a_card_on_a_phone_and_a_row_on_a_wide_screen",
    ),
    "4 native radio groups, keyboard alone": (
        "flows/test_respondent_browser.py::test_each_option_is_read_as_statement_option_and_position",
        "flows/test_respondent_browser.py::test_the_keyboard_alone_completes_the_survey",
    ),
    "5 order of items": (
        "test_respondent_pages.py::test_items_stand_in_an_order_of_their_own_that_stays",
    ),
    "6 progress": (
        "flows/test_respondent_browser.py::test_a_browser_killed_after_an_answer_loses_none",
        "flows/test_respondent_browser.py::test_the_keyboard_alone_completes_the_survey",
    ),
    "7 autosave": (
        "flows/test_respondent_browser.py::test_a_browser_killed_after_an_answer_loses_none",
        "test_respondent_pages.py::test_autosave_takes_one_answer_and_says_nothing",
    ),
    "8 resume on another device": (
        "test_respondent_pages.py::test_the_same_link_goes_on_with_the_draft_on_another_device",
        "test_ballots.py::test_a_draft_is_found_by_its_token_only_and_names_no_invitation",
    ),
    "9 bad network": (
        "flows/test_respondent_browser.py::test_without_a_network_nothing_is_lost_and_the_page_says_so",
        "flows/test_respondent_browser.py::test_answers_that_could_not_be_sent_survive_a_reload",
    ),
    "10 soft-required, opting out is missing": (
        "test_respondent_pages.py::test_the_review_lists_what_is_missing_and_opting_out_is_not",
        "test_ballots.py::test_a_submitted_ballot_holds_every_item_and_nothing_of_the_invitation",
    ),
    "11 languages, right-to-left": (
        "flows/test_respondent_browser.py::test_every_page_in_every_language_fits_is_reachable_and_has_no_axe_violation",
        "flows/test_staff_languages_browser.py::test_every_staff_page_in_every_language_fits_and_has_no_axe_violation",
        "flows/test_wrapped_texts.py::test_staff_pages_say_nothing_that_cannot_be_translated",
        "flows/test_wrapped_texts.py::test_respondents_pages_say_nothing_that_cannot_be_translated",
        "test_instruments.py::test_a_changed_translation_is_a_draft_again_and_an_empty_text_takes_the_language_away",
        "test_languages.py::test_a_mail_comes_in_the_language_of_its_recipient",
        "test_launching.py::test_a_launch_without_its_key_is_refused_by_a_reason_that_every_language_has",
        "test_mail_reasons.py::test_a_servers_answer_stays_as_it_is_and_our_own_reasons_are_codes",
    ),
    "12 preview that can never write": (
        "test_preview.py::test_a_manager_walks_through_the_questionnaire_in_every_language_and_writes_nothing",
        "test_preview.py::test_nobody_else_previews_a_campaign_and_nobody_without_a_preview",
        "test_items_for_one_function.py::test_the_preview_shows_what_the_chosen_function_is_asked",
    ),
    "13 complete without scripts": (
        "flows/test_respondent_browser.py::test_the_survey_is_complete_with_scripts_off",
        "test_respondent_pages.py::test_the_whole_questionnaire_works_page_by_page_without_scripts",
    ),
    "14 what a leader will see, before the first item": (
        "test_respondent_pages.py::test_the_sample_needs_no_answer_first",
    ),
    "15 wizard in at most seven steps, checklist": (
        "test_campaign_browser.py::test_a_new_manager_launches_a_three_unit_campaign_in_seven_steps_and_closes_it",
        "test_setup_pages.py::test_seven_steps_lead_from_nothing_to_a_campaign_ready_to_launch",
        "test_setup_pages.py::test_a_faulty_step_says_what_was_expected_and_saves_nothing",
        "test_launching.py::test_the_checklist_names_every_point_that_is_not_in_order",
        "test_launching.py::test_the_checklist_names_units_that_lost_their_place_in_the_tree",
        "test_setup_pages.py::test_other_words_ask_for_another_test_mail",
    ),
    "16 personal link, code sheet, QR, kiosk": (
        "test_codes.py::test_a_typed_code_leads_to_the_survey_however_it_is_written",
        "test_codes.py::test_a_slip_s_square_covers_the_dark_modules",
        "test_code_browser.py::test_a_slip_is_printed_typed_answered_and_the_device_forgets",
    ),
    "17 import with a dry run": (
        "test_import_files.py::test_encodings_separators_and_line_ends_are_read_alike",
        "test_import_files.py::test_every_fault_of_a_people_file_is_listed_by_line_and_column",
        "test_setup_pages.py::test_nothing_but_the_upload_is_saved_before_it_is_confirmed_once",
        "test_workbooks.py::test_workbooks_are_taken_by_the_set_up",
    ),
    "18 invitations and reminders": (
        "test_reminders.py::test_three_rounds_go_out_two_days_apart_and_never_a_fourth",
        "test_reminders.py::test_a_second_click_sends_nothing_more",
        "test_reminders.py::test_the_words_of_a_reminder_cannot_imply_tracked_answers",
        "test_outbox.py::test_a_large_campaign_is_sent_in_runs_with_one_mail_for_each_person",
    ),
    "19 delivery states and bounces": (
        "test_outbox.py::test_an_address_that_is_put_off_is_tried_again_later_and_later",
        "test_bounces.py::test_a_mail_that_came_back_is_shown_and_its_address_corrected",
        "test_bounces.py::test_a_reminder_that_came_back_is_shown_to_nobody",
        "test_bounces.py::test_the_worker_reads_a_configured_mailbox_every_five_minutes",
    ),
    "20 opening, closing, and changes after the launch": (
        "test_closing.py::test_closing_keeps_ten_minutes_for_submits_under_way",
        "test_changes.py::test_the_close_moves_to_a_later_moment_and_the_ledger_says_so",
        "test_links.py::test_a_corrected_address_gets_a_new_link",
        "test_links.py::test_a_latecomer_is_invited_once_by_the_worker",
        "test_links.py::test_a_new_link_replaces_the_old_one_and_nobody_answers_twice",
        "test_links.py::test_a_mail_is_sent_again_whether_or_not_its_reader_has_answered",
        "test_links.py::test_revoking_changes_participation_alike_for_everyone",
        "test_changes.py::test_a_new_leader_takes_the_place_of_the_present_one",
        "test_wrong_units.py::test_the_manager_reads_it_and_moves_the_person_to_a_new_link",
        "test_wrong_units.py::test_moving_tells_nothing_in_the_table_of_participation",
        "test_changes.py::test_cancelling_leaves_no_answer_no_address_and_no_key",
        "test_rehearsals.py::test_a_rehearsal_ends_without_results",
    ),
    "21 a site behind one address": (
        "test_codes.py::test_two_hundred_people_behind_one_address_type_their_codes_whatever_went_wrong_before",
    ),
    "22 participation in bands, representativeness": (
        "test_closing.py::test_participation_is_banded_and_says_nothing_of_small_groups",
        "test_representativeness.py::test_what_is_said_holds_for_every_number_that_a_band_can_stand_for",
        "test_representativeness.py::test_the_campaign_page_names_the_unit_whose_share_differs",
    ),
    "34 accounts made by import, set-password mail, reset": (
        "test_accounts.py::test_an_imported_leader_sets_a_password_once_and_signs_in",
        "test_organisations.py::test_a_leader_gets_an_account_that_waits_for_its_password",
        "test_accounts.py::test_asking_for_a_reset_answers_alike_for_every_address",
    ),
}  # fmt: skip


def test_every_test_that_the_table_names_exists() -> None:
    named = [entry.split("::") for tests in ROWS.values() for entry in tests]

    missing = [f"{file}::{test}" for file, test in named if test not in _tests_in(file)]

    assert missing == []


def test_every_row_of_answering_and_of_campaigns_is_shown() -> None:
    numbers = {int(row.partition(" ")[0]) for row in ROWS}

    assert numbers == {*range(1, 23), 34}


def _tests_in(file: str) -> set[str]:
    tests = ROOT / "tests"
    (path,) = [*(tests / "survey").rglob(file), *tests.glob(file)]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
