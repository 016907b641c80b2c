"""Weaknesses of what needs a second person: head counts, later readers, what cannot be mended."""

from tests.proofs.weaknesses.weakened_copy import Weakness

READERS = "diagnostics/access/test_later_readers.py"
COUNTS = "survey/running/test_head_counts.py"
WORDS = "survey/running/test_second_words.py"
REFUSED = "survey/running/test_refused_changes.py"

SECOND_WORD_WEAKNESSES = (
    Weakness(
        "results that open to whoever is given a role later", "survey/access.py",
        "        held = held.exclude(_waits(\"membership\", OuterRef(OuterRef(\"pk\"))))\n", "",
        f"{READERS}::test_a_role_given_after_the_launch_opens_nothing_before_a_second_person_agrees",
    ),
    Weakness(
        "analyses of others that open to a later analyst",
        "diagnostics/workbench/selectors/analyses.py",
        "        .filter(Q(campaign=None) | Q(campaign__in=open_campaigns))\n", "",
        f"{READERS}::test_what_another_analyst_made_of_the_answers_waits_as_well",
    ),
    Weakness(
        "units that open to whoever is appointed later", "survey/access.py",
        'return current_leaderships().exclude(_waits("leadership", campaign.pk))',
        "return current_leaderships()",
        f"{READERS}::"
        "test_a_leader_appointed_after_the_launch_reads_nothing_before_a_second_person_agrees",
    ),
    Weakness(
        "a file of units whose leaders need no word", "survey/services/organisations/trees.py",
        "    hold_back(appointed, organisation=organisation, by=by, launching=campaign)\n", "",
        f"{READERS}::test_a_file_of_units_appoints_leaders_who_wait_too",
    ),
    Weakness(
        "a manager who appoints himself", "survey/services/organisations/leaderships.py",
        "    refuse_own_appointment(address=address, by=by)\n", "",
        f"{READERS}::test_nobody_appoints_themselves",
    ),
    Weakness(
        "a second word by who gave the role, or reads by it",
        "survey/selectors/accounts/later_readers.py",
        "{reader_of(waiting).pk, waiting.given_by_id}", "{user.pk for user in ()}",
        f"{READERS}::test_neither_giver_nor_reader_nor_a_new_account_gives_the_second_word",
    ),
    Weakness(
        "a second word by an account made for it", "survey/selectors/accounts/later_readers.py",
        "        and user.first_signed_in_at < waiting.given_at\n", "",
        f"{READERS}::test_neither_giver_nor_reader_nor_a_new_account_gives_the_second_word",
    ),
    Weakness(
        "a council that came too late as a reason to do without",
        "survey/services/organisations/later_readers.py",
        "if others - {held.user_id}", "if False",
        f"{READERS}::test_a_council_that_came_too_late_is_no_reason_to_do_without",
    ),
    Weakness(
        "head counts confirmed by who entered them", "survey/services/setup/head_counts.py",
        "    _require_second_person(locked, by)\n", "",
        COUNTS,
    ),
    Weakness(
        "a confirmation that outlives what it was for",
        "survey/selectors/head_counts/confirmation.py",
        "        and stored.digest == counts.digest\n", "",
        COUNTS,
    ),
    Weakness(
        "a launch alone with the usual floor", "survey/selectors/head_counts/confirmation.py",
        "floor = max(campaign.floor, ALONE_FLOOR) if is_alone else campaign.floor",
        "floor = campaign.floor",
        f"{COUNTS}::"
        "test_where_nobody_else_could_confirm_everything_needs_ten_and_respondents_are_told",
    ),
    Weakness(
        "codes beyond the head count as planned", "survey/services/running/code_sheets.py",
        "Standing.PLANNED if place < planned else Standing.ADDED", "Standing.PLANNED",
        f"{COUNTS}::test_as_many_codes_as_were_confirmed_are_planned_and_no_more",
    ),
    Weakness(
        "a campaign that one account ends unread", "survey/services/running/cancelling.py",
        "if needs_second_word(locked, by=by) and not is_second_person(",
        "if needs_second_word(locked, by=by) and False and not is_second_person(",
        f"{WORDS}::test_no_service_ends_it_for_an_account_alone",
    ),
    Weakness(
        "a second word by who asked for it", "survey/selectors/accounts/asked_changes.py",
        "second_persons(campaign, acting=[asked_by.pk],", "second_persons(campaign, acting=[],",
        f"{WORDS}::test_who_asked_and_whoever_came_later_decide_nothing",
    ),
    Weakness(
        "a campaign of two that one ends by taking a role away",
        "survey/selectors/accounts/asked_changes.py",
        "    if HeadCountConfirmation.objects.filter(campaign=campaign).exists():\n"
        "        return True\n", "",
        f"{WORDS}::test_who_takes_the_councils_role_away_cannot_end_alone_what_two_launched",
    ),
    Weakness(
        "single answers ended with an administrator's word",
        "survey/selectors/accounts/asked_changes.py",
        "acting=[asked_by.pk], right=right_to_confirm(campaign))", "acting=[asked_by.pk])",
        f"{WORDS}::test_for_single_answers_an_administrators_word_is_none",
    ),
    Weakness(
        "a delivered address that one account corrects", "survey/services/running/links.py",
        "            _require_correctable(recipient)\n", "            pass\n",
        f"{WORDS}::test_where_nobody_could_agree_a_delivered_address_stays",
    ),
    Weakness(
        "a wish of somebody who runs the campaign no longer",
        "survey/services/running/asked_changes.py",
        "if not managers.filter(pk=locked.asked_by_id).exists():", "if False:",
        f"{WORDS}::test_nobody_agrees_to_what_somebody_asked_who_runs_it_no_longer",
    ),
    Weakness(
        "an address exchanged under the hand of who agrees",
        "survey/services/running/asked_changes.py",
        'select_for_update(of=("self",)).filter(pk=asked.pk)',
        'select_for_update(of=("self",)).filter(campaign=campaign, kind=asked.kind)',
        f"{WORDS}::test_whoever_agrees_to_an_address_agrees_to_the_one_that_they_saw",
    ),
    Weakness(
        "an address that waits beyond the close", "survey/services/opening/closing.py",
        "    forget_asked(campaign.asked_changes.filter(kind=AskedChange.Kind.ADDRESS))\n", "",
        f"{WORDS}::test_with_the_close_an_address_waits_no_longer_and_ending_it_does",
    ),
    Weakness(
        "a refusal that stays beyond the close", "survey/services/opening/closing.py",
        "    forget_asked(campaign.refused_changes.filter(kind=AskedChange.Kind.ADDRESS))\n", "",
        f"{REFUSED}::test_a_refusal_goes_with_the_close_the_cancelling_and_another_address",
    ),
)  # fmt: skip
