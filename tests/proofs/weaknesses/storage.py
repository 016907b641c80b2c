"""Weaknesses of what is stored, of the way in, and of forgetting."""

from tests.proofs.weaknesses.weakened_copy import Weakness

BALLOTS = "survey/answering/test_ballots.py"
LOST_KEYS = "survey/opening/test_lost_keys.py"
OPENING = "survey/opening/test_opening.py"
FAULTS = "survey/opening/test_opening_faults.py"
PAGES = "survey/answering/test_respondent_pages.py"
PASSPHRASES = "survey/opening/test_passphrases.py"
DELETED = "diagnostics/retention/test_deleted_answers.py"
FILES = "diagnostics/retention/test_row_files.py"
PLANS = "survey/setup/test_unit_plans.py"
NO_TIME = f"{BALLOTS}::test_no_time_is_kept_beside_an_answer"
NO_COUNTER = f"{BALLOTS}::test_nothing_counts_up_beside_an_answer"
TIME = "    written_at = models.DateTimeField(auto_now_add=True)\n"
RANDOM_ID = "    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)\n"


def _time_column(model: str, file: str, field: str) -> Weakness:
    return Weakness(f"a time on each {model}", file, field, TIME + field, NO_TIME)


STORAGE_WEAKNESSES = (
    _time_column("invitation", "survey/models/invitations.py", "    token_hash = models."),
    _time_column("draft", "survey/models/ballots.py", "    ciphertext = models."),
    _time_column("ballot", "survey/models/ballots.py", "    box = models."),
    _time_column(
        "response", "survey/models/releases.py",
        "    pool = models.ForeignKey(Pool, ",
    ),
    Weakness(
        "ballots that count up", "survey/models/ballots.py", RANDOM_ID, "", NO_COUNTER,
    ),
    Weakness(
        "answers that count up", "survey/models/releases.py",
        RANDOM_ID + "    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, "
        'related_name="responses")\n',
        '    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, '
        'related_name="responses")\n',
        NO_COUNTER,
    ),
    Weakness(
        "the token stored", "survey/sealing/tokens.py",
        "return hashlib.sha256(token.encode()).digest()", "return token.encode()",
        "survey/answering/test_sealing.py::test_the_database_knows_a_token_by_its_sha_256_only",
    ),
    Weakness(
        "a short token", "survey/sealing/tokens.py",
        "TOKEN_BYTES: Final = 20", "TOKEN_BYTES: Final = 10",
        "survey/answering/test_sealing.py::test_a_token_is_the_same_every_time_and_differs_by_invitation_and_key",
    ),
    Weakness(
        "the token logged", "survey/redaction.py",
        "text = secret.looks.sub(secret.instead, text)", "pass",
        "survey/test_token_logging.py::test_the_server_log_names_no_token",
    ),
    Weakness(
        "set-password links logged", "survey/redaction.py",
        "f\"({_address('password', 'set')})", "f\"({_address('no', 'such')})",
        "survey/test_token_logging.py::test_whatever_opens_something_is_redacted",
    ),
    Weakness(
        "a forwarded sender believed of anybody", "survey/proxies.py",
        "if not proxies.trust(peer):", "if peer is None:",
        "survey/test_proxies.py::test_ten_wrong_passwords_of_a_stranger_lock_that_stranger_only",
    ),
    Weakness(
        "the private key in the database", "survey/sealing/keys.py",
        "fingerprint=hashlib.sha256(public_key).hexdigest()",
        "fingerprint=key_files.ensure(campaign.id).private_key.hex()",
        "survey/opening/test_campaign_keys.py::test_neither_secret_is_anywhere_in_the_database",
    ),
    Weakness(
        "a key that others may read", "survey/sealing/key_files.py",
        "os.O_EXCL, 0o600)", "os.O_EXCL, 0o644)",
        "survey/opening/test_campaign_keys.py::test_the_key_file_is_for_its_owner_alone",
    ),
    Weakness(
        "the key not destroyed", "survey/sealing/key_files.py",
        "            path.unlink()\n", "            pass\n",
        f"{OPENING}::test_opening_leaves_no_ballot_draft_invitation_or_key",
    ),
    Weakness(
        "the second copy of the key forgotten", "survey/sealing/key_files.py",
        '"""Overwrite, unlink and sync every copy; a copy that is gone already is no error."""\n'
        "    for path in _paths(campaign_id):",
        '"""Overwrite, unlink and sync every copy; a copy that is gone already is no error."""\n'
        "    for path in _paths(campaign_id)[:1]:",
        "survey/opening/test_campaign_keys.py"
        "::test_a_second_copy_serves_when_the_first_is_lost_and_goes_with_it",
    ),
    Weakness(
        "a key unlinked without overwriting", "survey/sealing/key_files.py",
        "file.write(bytes(os.fstat(file.fileno()).st_size))", "file.flush()",
        "survey/opening/test_campaign_keys.py::test_destroying_overwrites_the_file_and_names_what_is_gone",
    ),
    Weakness(
        "deleted rows not wiped", "survey/services/keys/destruction.py",
        "            wipe_deleted_rows()\n", "            pass\n",
        f"{OPENING}::test_ballots_and_invitations_are_gone_from_the_files_of_the_database",
    ),
    Weakness(
        "invitations kept", "survey/services/opening/opening.py",
        "    Invitation.objects.filter(campaign=campaign).delete()\n", "",
        f"{OPENING}::test_opening_leaves_no_ballot_draft_invitation_or_key",
    ),
    Weakness(
        "drafts kept", "survey/services/opening/opening.py",
        "    Draft.objects.filter(campaign_id=campaign_id).delete()\n", "",
        "survey/answering/test_older_tabs.py"
        "::test_a_draft_that_comes_between_the_opening_and_its_wipe_goes_with_it",
    ),
    Weakness(
        "rows written in order", "survey/services/opening/opening.py",
        "    SystemRandom().shuffle(responses)\n", "",
        f"{OPENING}::test_rows_are_written_in_an_order_of_chance",
    ),
    Weakness(
        "small options of background told", "survey/release/background.py",
        "if n >= floor}", "if n}",
        "survey/release/test_background.py"
        "::test_nothing_is_told_of_a_question_in_which_all_are_alike",
    ),
    Weakness(
        "the rest of background left too small", "survey/release/background.py",
        "if told and len(people) - sum(told.values()) < floor:", "if False:",
        "survey/release/test_background.py"
        "::test_no_cell_below_ten_is_told_or_computable_from_the_number_of_people",
    ),
    Weakness(
        "background counted without a purpose", "survey/services/opening/opening.py",
        "    if not campaign.asks_background:\n        return\n", "",
        f"{OPENING}::test_background_answers_of_a_campaign_that_states_no_purpose_are_not_counted",
    ),
    Weakness(
        "an analyst made leader", "survey/services/organisations/leaderships.py",
        "    refuse_readers_of_rows(organisation=unit.organisation, addresses=[address])\n", "",
        "survey/organisations/test_roles_apart.py::test_an_analyst_becomes_deputy_or_leader",
    ),
    Weakness(
        "an analyst with figures of units reads answers", "survey/access.py",
        "return Membership.objects.exclude(_is_resting())", "return Membership.objects.all()",
        "survey/organisations/test_roles_apart.py"
        "::test_an_account_that_has_both_is_named_and_reads_no_answers",
    ),
    Weakness(
        "tasks of links kept", "survey/services/opening/opening.py",
        "    forget_tasks(campaign=campaign, invitations=[one.pk for one in invitations])\n", "",
        f"{OPENING}::test_opening_forgets_the_tasks_of_the_campaign_and_of_its_links",
    ),
    Weakness(
        "the message of any error told", "survey/services/opening/faults.py",
        'told = f"{first} " if type(first) in SAFE else ""', 'told = f"{first} "',
        f"{FAULTS}::test_only_messages_of_errors_that_hold_no_value_are_told",
    ),
    Weakness(
        "an opening's error passed on as it is", "survey/services/opening/closing.py",
        "        return safe_fault(error)\n",
        "        raise OpeningError(safe_fault(error)) from error\n",
        f"{FAULTS}::test_a_database_that_quotes_the_row_it_refuses_is_not_repeated",
    ),
    Weakness(
        "an unknown unit quoted", "survey/release/answers.py",
        'known {what} with each, found another."', 'known {what} with each, found {list(column)}."',
        f"{FAULTS}::test_a_ballot_that_cannot_be_is_told_without_what_it_holds",
    ),
    Weakness(
        "opening twice", "survey/services/opening/opening.py",
        "    if is_first:\n", "    if True:\n",
        f"{OPENING}::test_opening_twice_is_opening_once",
    ),
    Weakness(
        "opening within the grace", "survey/selectors/openings.py",
        "Q(state=CampaignState.CLOSED, accepts_until__lte=now)", "Q(state=CampaignState.CLOSED)",
        f"{OPENING}::test_opening_waits_until_late_answers_are_in",
    ),
    Weakness(
        "ballots of different size", "survey/sealing/padding.py",
        "return text.ljust(PLAINTEXT_SIZE)", "return text",
        "survey/answering/test_sealing.py::test_a_box_has_one_size_whatever_the_answers_and_opens_to_them",
    ),
    Weakness(
        "a draft's key from the server", "survey/sealing/drafts.py",
        'return derive_key(token.encode(), b"draft-key")',
        'return derive_key(b"one for all", b"draft-key")',
        "survey/answering/test_sealing.py::test_a_draft_does_not_open_with_another_token",
    ),
    Weakness(
        "a draft's name that leads to the invitation", "survey/sealing/drafts.py",
        'return keyed_digest(token, "draft-id")',
        "return hashlib.sha256(token.encode()).digest()",
        "survey/answering/test_sealing.py::test_the_names_derived_from_a_token_share_nothing",
    ),
    Weakness(
        "a link that writes when opened", "survey/views/respondent/pages.py",
        "    remember_link(request, response, token)\n",
        "    ballots.save_draft(token=token, answers=Answers())\n"
        "    remember_link(request, response, token)\n",
        f"{PAGES}::test_opening_pages_a_hundred_times_changes_nothing",
    ),
    Weakness(
        "submitting without the condition", "survey/services/ballots.py",
        "pk=invitation.pk, done=invitation.done, used=False, revoked=False", "pk=invitation.pk",
        f"{BALLOTS}::test_a_submit_that_comes_between_look_up_and_mark_is_not_doubled",
    ),
    Weakness(
        "a ballot without the mark", "survey/services/ballots.py",
        "    is_marked = _mark_done(respondent.invitation)\n", "    is_marked = True\n",
        "survey/answering/test_ballot_races.py::test_simultaneous_submits_of_one_link_give_one_ballot",
    ),
    Weakness(
        "the ballot before the mark", "survey/services/ballots.py",
        "    is_marked = _mark_done(respondent.invitation)\n"
        "    if not is_marked and not is_on_paper:\n        return\n"
        "    key = CampaignKey.objects.get(campaign=respondent.campaign)\n"
        "    box = boxes.seal(key.public_key, _payload(respondent, answers))\n"
        "    is_first = is_marked and not respondent.invitation.done\n"
        "    _keep(Ballot(campaign=respondent.campaign, box=box), is_first=is_first)\n",
        "    key = CampaignKey.objects.get(campaign=respondent.campaign)\n"
        "    box = boxes.seal(key.public_key, _payload(respondent, answers))\n"
        "    is_first = not respondent.invitation.done\n"
        "    _keep(Ballot(campaign=respondent.campaign, box=box), is_first=is_first)\n"
        "    is_marked = _mark_done(respondent.invitation)\n"
        "    if not is_marked and not is_on_paper:\n        return\n",
        f"{BALLOTS}::test_a_submit_that_comes_between_look_up_and_mark_is_not_doubled",
    ),
    Weakness(
        "the invitation in the ballot", "survey/services/ballots.py",
        '"function": respondent.invitation.function,',
        '"function": respondent.invitation.function, "from": str(respondent.invitation.pk),',
        f"{BALLOTS}::test_a_submitted_ballot_holds_every_item_and_nothing_of_the_invitation",
    ),
    Weakness(
        "a draft kept after the ballot", "survey/services/ballots.py",
        "    Draft.objects.filter(pk=draft_id(respondent.secret)).delete()\n", "",
        f"{BALLOTS}::test_submitting_marks_the_invitation_and_deletes_the_draft",
    ),
    Weakness(
        "answers taken long after close", "survey/models/campaigns.py",
        "            and now < self.accepts_until\n", "",
        f"{BALLOTS}::test_a_submit_counts_until_ten_minutes_after_close",
    ),
    Weakness(
        "a revoked link that works", "survey/selectors/respondents.py",
        "Q(revoked=False) | ", "Q(pk__isnull=False) | ",
        f"{PAGES}::test_every_wrong_link_gets_the_same_answer",
    ),
    Weakness(
        "a cookie that scripts can read", "survey/views/respondent/access.py",
        "        httponly=True,\n", "",
        f"{PAGES}::test_the_link_is_taken_out_of_the_address_and_kept_in_a_cookie",
    ),
    Weakness(
        "a link that travels as referrer", "survey/middleware.py",
        'response["Referrer-Policy"] = "no-referrer"', "pass",
        "survey/answering/test_survey_links.py::test_a_link_is_never_a_referrer_whatever_the_answer",
    ),
    Weakness(
        "valid links limited", "survey/views/respondent/pages.py",
        "    if find_respondent(token) is None:\n",
        "    from survey.throttling.survey_links import is_guessing\n\n"
        "    if is_guessing(request) or find_respondent(token) is None:\n",
        "survey/answering/test_survey_links.py"
        "::test_whoever_tries_many_wrong_links_is_told_to_pause_and_nobody_else",
    ),
    Weakness(
        "old answers kept", "survey/services/schedule.py",
        "    delete_old_answers,\n", "",
        "survey/opening/test_retention.py::test_answers_are_deleted_on_their_day_and_the_release_stays",
    ),
    Weakness(
        "old answers not wiped", "survey/services/retention/deletion.py",
        "wipe_deleted_rows((Response, *further))", "pass",
        "survey/opening/test_retention.py::test_deleted_answers_are_gone_from_the_files_of_the_database",
    ),
    Weakness(
        "files of answers kept", "survey/services/retention/deletion.py",
        "    delete_row_files(campaign)\n",
        "    RowFile.objects.filter(release=campaign.pk).delete()\n",
        f"{DELETED}::test_answers_that_were_deleted_are_downloaded_no_more",
    ),
    Weakness(
        "a file taken for deleted", "survey/services/retention/row_files.py",
        "is_there = storage.exists(file.path)", "is_there = False",
        f"{FILES}::test_a_storage_that_refuses_is_asked_again_and_the_log_says_nothing_before",
    ),
    Weakness(
        "a file noted once it is written", "survey/services/retention/row_files.py",
        "            RowFile.objects.get_or_create("
        'path=path, defaults={"release_id": campaign.pk})\n',
        "",
        f"{FILES}::test_a_file_is_in_the_register_before_its_first_byte",
    ),
    Weakness(
        "a file written after the answers are gone", "diagnostics/downloads/services/downloads.py",
        "finish_file(download, document, answers_of=campaign, also=entry, digest=digest)",
        "download.file.storage.save(download.path, document)",
        f"{FILES}::test_a_making_that_has_read_the_answers_before_their_deletion_leaves_nothing",
    ),
    Weakness(
        "scores kept after the answers are gone", "diagnostics/workbench/services/analyses.py",
        "with answers_held(campaign):\n            long_work.finish(analysis, **found)",
        "with transaction.atomic():",
        f"{FILES}::test_a_making_that_has_read_the_answers_before_their_deletion_leaves_nothing",
    ),
    Weakness(
        "answers read while they are being deleted", "survey/selectors/releases.py",
        "campaign__release__answers_end_at=None, ", "",
        f"{FILES}::test_a_storage_that_refuses_is_asked_again_and_the_log_says_nothing_before",
    ),
    Weakness(
        "cases kept in results", "diagnostics/forgetting.py",
        "    _forget_cases_in_results(analyses, checks)\n", "",
        f"{DELETED}"
        "::test_what_was_found_of_all_answers_together_stays_and_what_is_about_cases_goes",
    ),
    Weakness(
        "kept scores not wiped", "diagnostics/receivers.py",
        "    tables.extend(EMPTIED)\n", "",
        "architecture/test_row_rules.py::test_what_loses_something_with_the_answers_is_wiped_too",
    ),
    Weakness(
        "addresses kept for ever", "survey/services/schedule.py",
        "    _all, by_table = campaign.recipients.all().delete()\n"
        "    count = by_table.get(Recipient._meta.label, 0)\n", "    count = 0\n",
        "survey/opening/test_closing.py"
        "::test_addresses_are_deleted_two_weeks_after_close_and_participation_stays",
    ),
    Weakness(
        "uploads kept for ever", "survey/services/schedule.py",
        "    Upload.objects.filter(uploaded_at__lte=now - UPLOAD_LIFE).delete()\n", "",
        "survey/opening/test_closing.py::test_an_upload_that_nobody_confirms_is_deleted",
    ),
    Weakness(
        "mails after close", "survey/services/opening/closing.py",
        "    Message.objects.filter(invitation__campaign=campaign, "
        "state=MessageState.WAITING).delete()\n", "",
        "survey/opening/test_closing.py::test_a_campaign_closes_once_and_stops_its_mails",
    ),
    Weakness(
        "secrets in a traceback", "survey/sealing/key_files.py",
        "@dataclass(frozen=True, slots=True, repr=False)\nclass CampaignSecrets",
        "@dataclass(frozen=True, slots=True)\nclass CampaignSecrets",
        "survey/opening/test_campaign_keys.py::test_secrets_do_not_show_in_a_traceback",
    ),
    Weakness(
        "ballots taken that nobody could open", "survey/services/ballots.py",
        "    _require_key(respondent, now)\n", "",
        f"{LOST_KEYS}::test_a_late_submit_within_the_grace_is_refused_too",
    ),
    Weakness(
        "a survey that rests only where a worker says so", "survey/models/campaigns.py",
        "overdue = self.canary_opened_at + CANARY_INTERVAL + REST_AFTER",
        "overdue = self.canary_opened_at + 9999 * REST_AFTER",
        f"{LOST_KEYS}::test_while_it_rests_every_page_says_so_and_nothing_that_was_typed_is_lost",
    ),
    Weakness(
        "a wrapped key that was changed taken for the same", "survey/sealing/keys.py",
        "return None if _digest(content) == key.wrapped_digest else KeyProblem.DAMAGED",
        "return None",
        f"{PASSPHRASES}::test_the_launch_wraps_the_key_and_its_file_is_the_proof_afterwards",
    ),
    Weakness(
        "a page without a login", "diagnostics/results/views/home.py",
        "def home(", "from django.contrib.auth.decorators import login_not_required\n\n\n"
        "@login_not_required\ndef home(",
        "architecture/test_access.py::test_a_page_asks_for_a_login_unless_it_is_public",
    ),
    Weakness(
        "a key left as it was at the launch", "survey/services/opening/passphrases.py",
        "        digest = keys.wrap_private_key(key)\n", '        digest = ""\n',
        f"{PASSPHRASES}"
        "::test_nothing_in_database_and_key_files_opens_a_ballot_without_the_passphrase",
    ),
    Weakness(
        "a box with the wrapping key kept", "survey/services/opening/passphrases.py",
        'wrapped_at=timezone.now(), handover=b""', "wrapped_at=timezone.now()",
        f"{PASSPHRASES}"
        "::test_nothing_in_database_and_key_files_opens_a_ballot_without_the_passphrase",
    ),
    Weakness(
        "any passphrase taken", "survey/services/opening/passphrases.py",
        "if not hmac.compare_digest(bytes(key.passphrase_check), "
        "passphrases.check_of(stretched)):",
        "if not stretched:",
        f"{PASSPHRASES}::test_wrong_passphrases_are_noted_and_pause_after_five",
    ),
    Weakness(
        "passphrases tried for ever", "survey/services/opening/passphrases.py",
        "if wrong.count() >= WRONG_PASSPHRASES:", "if wrong.count() < 0:",
        f"{PASSPHRASES}::test_wrong_passphrases_are_noted_and_pause_after_five",
    ),
    Weakness(
        "passwords tried for ever", "diagnostics/settings.py",
        "AXES_FAILURE_LIMIT = WRONG_PASSWORDS", "AXES_FAILURE_LIMIT = 1_000_000",
        "survey/organisations/test_accounts.py"
        "::test_ten_wrong_passwords_pause_an_account_from_that_address_only_and_then_it_opens",
    ),
    Weakness(
        "links guessed for ever", "survey/views/respondent/access.py",
        "status = 429 if is_guessing(request) else 404", "status = 404",
        "survey/answering/test_survey_links.py"
        "::test_whoever_tries_many_wrong_links_is_told_to_pause_and_nobody_else",
    ),
    Weakness(
        "a rehearsal's units made true", "survey/services/setup/unit_plans.py",
        "    if campaign.is_rehearsal:\n", "    if campaign.pk is None:\n",
        f"{PLANS}"
        "::test_a_rehearsal_touches_no_accounts_leaders_or_mails_from_its_file_to_its_end",
    ),
    Weakness(
        "other readers without an agreement", "survey/services/setup/unit_plans.py",
        "    if changes.digest != digest:\n", "    if changes.digest is None:\n",
        f"{PLANS}"
        "::test_no_launch_ends_what_a_running_campaign_uses_before_that_was_agreed_to",
    ),
)  # fmt: skip
