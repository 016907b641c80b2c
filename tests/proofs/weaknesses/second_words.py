"""Weaknesses of what needs a second person: head counts before a launch, readers after it."""

from tests.proofs.weaknesses.weakened_copy import Weakness

READERS = "diagnostics/access/test_later_readers.py"
COUNTS = "survey/running/test_head_counts.py"

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
        "return waiting.exclude(own).filter(", "return waiting.filter(",
        f"{READERS}::test_neither_giver_nor_reader_nor_a_new_account_gives_the_second_word",
    ),
    Weakness(
        "a second word by an account made for it", "survey/selectors/accounts/later_readers.py",
        ".filter(given_at__gt=Subquery(since))", "",
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
)  # fmt: skip
