"""Every service that writes says what of it the ledger tells, or why it tells nothing.

What can change whose answers are counted, who may read, or how long things are kept has its entry.
"""

from collections.abc import Mapping
from typing import Final

from survey.models import Action
from tests.architecture.noted.writers import services_that_write

NOTED: Final[Mapping[str, tuple[Action, ...]]] = {
    "diagnostics.downloads.services.downloads.make_download": (Action.FILE_MADE,),
    "diagnostics.downloads.services.downloads.request_download": (Action.FILE_MADE,),
    "diagnostics.management.commands.add_member": (Action.ROLE_GIVEN,),
    "diagnostics.management.commands.create_organisation": (Action.ROLE_GIVEN,),
    "diagnostics.management.commands.mail_domains": (Action.MAIL_DOMAINS_CHANGED,),
    "diagnostics.management.commands.remove_member": (Action.ROLE_TAKEN,),
    "diagnostics.management.commands.seed_demo": (
        Action.ROLE_GIVEN,
        Action.LAUNCHED,
        Action.CLOSED,
    ),
    "diagnostics.management.commands.cancel_campaign": (
        Action.CANCELLED,
        Action.KEY_DESTROYED,
    ),
    "diagnostics.measurement.services.request_study": (Action.STUDY_STARTED,),
    "diagnostics.methods.services.own_definitions.choose_method": (Action.METHOD_CHOSEN,),
    "diagnostics.results.services.assessments.assess_campaign": (Action.ASSESSED,),
    "diagnostics.results.services.assessments.assess_released_campaign": (Action.ASSESSED,),
    "diagnostics.results.services.scorings.ask_by_clock": (Action.ASSESSED,),
    "diagnostics.results.services.scorings.ask_for_scoring": (Action.ASSESSED,),
    "diagnostics.workbench.services.analyses.ask_again": (Action.ANALYSIS_STARTED,),
    "diagnostics.workbench.services.analyses.keep_analysis": (Action.ANALYSIS_STARTED,),
    "diagnostics.workbench.services.analyses.queue_analysis": (Action.ANALYSIS_STARTED,),
    "diagnostics.workbench.services.checks.request_check": (Action.CHECK_STARTED,),
    "diagnostics.workbench.services.files.make_file": (Action.FILE_MADE,),
    "diagnostics.workbench.services.files.request_file": (Action.FILE_MADE,),
    "survey.services.campaigns.discard_campaign": (
        Action.DRAFT_DISCARDED,
        Action.KEY_DESTROYED,
    ),
    "survey.services.keys.destruction.wipe_and_destroy_key": (Action.KEY_DESTROYED,),
    "survey.services.opening.closing.close_campaign": (
        Action.CLOSED,
        Action.CANCELLED,
    ),
    "survey.services.opening.closing.open_closed_campaign": (
        Action.BALLOTS_OPENED,
        Action.KEY_DESTROYED,
    ),
    "survey.services.opening.closing.queue_due_opening": (Action.BALLOTS_OPENED,),
    "survey.services.opening.opening.open_campaign": (
        Action.BALLOTS_OPENED,
        Action.KEY_DESTROYED,
    ),
    "survey.services.opening.passphrases.give_passphrase": (
        Action.PASSPHRASE_GIVEN,
        Action.WRONG_PASSPHRASE,
    ),
    "survey.services.opening.passphrases.set_passphrase": (Action.PASSPHRASE_SET,),
    "survey.services.opening.passphrases.wrap_key": (Action.KEY_WRAPPED,),
    "survey.services.organisations.founding.add_member": (Action.ROLE_GIVEN,),
    "survey.services.organisations.founding.found_organisation": (Action.ROLE_GIVEN,),
    "survey.services.organisations.founding.remove_member": (Action.ROLE_TAKEN,),
    "survey.services.organisations.leaderships.appoint": (
        Action.LEADER_APPOINTED,
        Action.LEADER_ENDED,
        Action.DEPUTY_APPOINTED,
        Action.DEPUTY_ENDED,
    ),
    "survey.services.organisations.leaderships.end_leadership": (
        Action.LEADER_ENDED,
        Action.DEPUTY_ENDED,
    ),
    "survey.services.organisations.mail_domains.change_mail_domains": (
        Action.MAIL_DOMAINS_CHANGED,
    ),
    "survey.services.organisations.mail_domains.set_mail_domains": (Action.MAIL_DOMAINS_CHANGED,),
    "survey.services.organisations.later_readers.agree_to_reader": (Action.READER_AGREED,),
    "survey.services.organisations.trees.import_units": (
        Action.UNITS_ADDED,
        Action.UNITS_MOVED,
        Action.UNITS_RENAMED,
        Action.UNITS_ENDED,
        Action.LEADER_APPOINTED,
        Action.LEADER_ENDED,
        Action.DEPUTY_ENDED,
    ),
    "survey.services.retention.deletion.delete_answers": (
        Action.ANSWERS_DELETED,
        Action.FILES_DELETED,
    ),
    "survey.services.retention.deletion.delete_old_answers": (
        Action.ANSWERS_DELETED,
        Action.ANSWERS_WIPED,
    ),
    "survey.services.running.asked_changes.agree_to_change": (
        Action.CANCELLED,
        Action.KEY_DESTROYED,
        Action.ADDRESS_CORRECTED,
        Action.LINK_RENEWED,
    ),
    "survey.services.running.asked_changes.cancel_or_ask": (
        Action.CANCELLATION_ASKED,
        Action.CANCELLED,
        Action.KEY_DESTROYED,
    ),
    "survey.services.running.asked_changes.correct_or_ask": (
        Action.CORRECTION_ASKED,
        Action.ADDRESS_CORRECTED,
        Action.LINK_RENEWED,
    ),
    "survey.services.running.asked_changes.refuse_change": (Action.CHANGE_REFUSED,),
    "survey.services.running.asked_changes.take_change_back": (Action.CHANGE_TAKEN_BACK,),
    "survey.services.running.cancelling.cancel_campaign": (
        Action.CANCELLED,
        Action.KEY_DESTROYED,
    ),
    "survey.services.running.cancelling.finish_cancellation": (Action.KEY_DESTROYED,),
    "survey.services.running.closing_times.extend_campaign": (
        Action.EXTENDED,
        Action.EXTENSION_TAKEN_BACK,
    ),
    "survey.services.running.code_sheets.make_code_sheet": (Action.CODES_MADE,),
    "survey.services.running.code_sheets.revoke_codes": (Action.CODES_REVOKED,),
    "survey.services.running.latecomers.add_latecomer": (Action.PERSON_ADDED,),
    "survey.services.running.launching.carry_out_launch": (Action.LAUNCHED,),
    "survey.services.running.launching.launch_campaign": (Action.LAUNCHED,),
    "survey.services.running.launching.request_launch": (Action.LAUNCH_ASKED,),
    "survey.services.running.links.correct_address": (
        Action.ADDRESS_CORRECTED,
        Action.LINK_RENEWED,
    ),
    "survey.services.running.links.move_person": (Action.PERSON_MOVED,),
    "survey.services.running.links.replace_link": (Action.LINK_RENEWED,),
    "survey.services.running.links.request_move": (Action.PERSON_MOVED,),
    "survey.services.running.links.request_new_link": (Action.LINK_RENEWED,),
    "survey.services.running.links.resend_invitation": (Action.INVITATION_RESENT,),
    "survey.services.running.links.revoke_link": (Action.LINK_REVOKED,),
    "survey.services.running.resending.resend_failed": (Action.FAILED_RESENT,),
    "survey.services.running.wrong_units.settle_report": (Action.REPORT_SETTLED,),
    "survey.services.schedule.close_due_campaigns": (Action.CLOSED,),
    "survey.services.schedule.delete_addresses": (Action.ADDRESSES_DELETED,),
    "survey.services.schedule.delete_expired": (Action.ADDRESSES_DELETED,),
    "survey.services.schedule.queue_due_openings": (Action.BALLOTS_OPENED,),
    "survey.services.schedule.queue_unfinished_cancellations": (Action.KEY_DESTROYED,),
    "survey.services.schedule.queue_unwrapped_keys": (Action.KEY_WRAPPED,),
    "survey.services.schedule.queue_waiting_launches": (Action.LAUNCHED,),
    "survey.services.schedule.run_due_work": (
        Action.CLOSED,
        Action.ADDRESSES_DELETED,
        Action.ANSWERS_DELETED,
    ),
    "survey.services.setup.head_counts.confirm_head_counts": (Action.HEAD_COUNTS_CONFIRMED,),
    "survey.services.setup.unit_plans.apply_plan": (
        Action.UNITS_ADDED,
        Action.UNITS_MOVED,
        Action.UNITS_RENAMED,
        Action.UNITS_ENDED,
    ),
}
# By the reason.
NEEDS_NONE: Final[Mapping[str, tuple[str, ...]]] = {
    "Of a draft nothing is counted, read or kept yet: the entry of its launch says what "
    "was frozen.": (
        "survey.services.campaigns.create_campaign",
        "survey.services.organisations.trees.import_people",
        "survey.services.running.launching.give_up_launch",
        "survey.services.running.launching.prepare_keys",
        "survey.services.schedule.prepare_draft_keys",
        "survey.services.setup.drafts.begin_draft",
        "survey.services.setup.head_counts.enter_head_counts",
        "survey.services.setup.head_counts.note_author",
        "survey.services.setup.drafts.choose_questionnaire",
        "survey.services.setup.drafts.name_draft",
        "survey.services.setup.drafts.schedule_draft",
        "survey.services.setup.drafts.state_privacy",
        "survey.services.setup.drafts.word_mails",
        "survey.services.setup.trial_mails.confirm_trial_mail",
        "survey.services.setup.trial_mails.post_trial_mail",
        "survey.services.setup.trial_mails.request_trial_mail",
        "survey.services.setup.unit_plans.agree_to_endings",
        "survey.services.setup.unit_plans.drop_plan",
        "survey.services.setup.unit_plans.keep_plan",
        "survey.services.setup.uploads.choose_hidden_rows",
        "survey.services.setup.uploads.confirm_upload",
        "survey.services.setup.uploads.keep_upload",
    ),
    "A version of a questionnaire that a campaign has launched is frozen: its entry names "
    "code, number and fingerprint.": (
        "survey.services.setup.instruments.add_item",
        "survey.services.setup.instruments.begin_language",
        "survey.services.setup.instruments.copy_instrument",
        "survey.services.setup.instruments.import_instrument",
        "survey.services.setup.instruments.keep_instrument",
        "survey.services.setup.instruments.load_default_instrument",
        "survey.services.setup.instruments.note_check",
        "survey.services.setup.instruments.remove_item",
        "survey.services.setup.instruments.save_texts",
    ),
    "A definition that is kept is used by nothing: which one a campaign takes is noted as "
    "chosen, which it had as assessed.": (
        "diagnostics.methods.services.definitions.ensure_defaults",
        "diagnostics.methods.services.definitions.freeze_method",
        "diagnostics.methods.services.definitions.load_defaults",
        "diagnostics.methods.services.definitions.save_calibration",
        "diagnostics.methods.services.definitions.save_pattern_set",
        "diagnostics.methods.services.own_definitions.publish_custom_calibration",
        "diagnostics.methods.services.own_definitions.publish_custom_set",
        "diagnostics.workbench.services.derived_patterns.publish_derived_set",
    ),
    "What respondents do themselves: an entry would tell who answered, or when.": (
        "survey.services.ballots.save_draft",
        "survey.services.ballots.submit",
        "survey.services.ballots.withdraw_draft",
        "survey.services.running.wrong_units.report_wrong_unit",
    ),
    "A part of what is noted by whoever calls it, in the same transaction.": (
        "diagnostics.measurement.services.run_study",
        "diagnostics.workbench.services.analyses.run_queued_analysis",
        "diagnostics.workbench.services.checks.run_check",
        "survey.services.keys.destruction.destroy_discarded_key",
        "survey.services.opening.freezing.freeze_tables",
        "survey.services.organisations.accounts.create_leader_account",
        "survey.services.organisations.accounts.create_leader_accounts",
        "survey.services.organisations.later_readers.hold_back",
        "survey.services.organisations.leaderships.keep_out_of_unit_results",
        "survey.services.retention.row_files.delete_row_files",
        "survey.services.retention.row_files.staged_row_file",
        "survey.services.running.head_counts.freeze_head_counts",
        "survey.services.running.invitations.invite_recipients",
        "survey.services.running.latecomers.invite_latecomers",
        "survey.services.running.snapshots.freeze_tree",
    ),
    "A reminder goes to every unused link alike, and whom that is, is told to nobody.": (
        "survey.services.running.reminders.send_reminder",
        "survey.services.schedule.queue_bounce_reading",
        "survey.services.schedule.queue_due_messages",
        "survey.services.schedule.queue_waiting_latecomers",
    ),
    "Deleted at a time that is fixed in the code and the same for all: nobody decides anything.": (
        "survey.services.form_uses.forget_form_uses",
        "survey.services.retention.task_rows.forget_old_tasks",
        "survey.services.retention.task_rows.forget_tasks",
        "survey.services.retention.task_rows.forget_tasks_about",
        "survey.services.schedule.delete_dead_links",
        "survey.services.schedule.delete_ended_sessions",
        "survey.services.schedule.delete_failed_sign_ins",
        "survey.services.schedule.delete_form_uses",
        "survey.services.schedule.delete_old_mails",
        "survey.services.schedule.delete_old_tasks",
        "survey.services.schedule.delete_stray_drafts",
        "survey.services.schedule.delete_uploads",
    ),
    "Book-keeping of the worker, which changes nobody's answers, readers or times.": (
        "diagnostics.results.services.scorings.settle_scoring",
        "diagnostics.results.services.scorings.turn_to_score",
        "survey.management.commands.read_bounces",
        "survey.services.form_uses.use_once",
        "survey.services.keys.alarms.post_key_alarms",
        "survey.services.keys.alarms.tell_of_lost_key",
        "survey.services.keys.proofs.note_failure",
        "survey.services.keys.proofs.prove_key",
        "survey.services.keys.proofs.prove_keys",
        "survey.services.opening.alarms.note_failed_opening",
        "survey.services.opening.alarms.post_opening_alarms",
        "survey.services.retention.pending_wipes.forget_asked",
        "survey.services.retention.pending_wipes.note_deleted",
        "survey.services.retention.pending_wipes.wipe_pending",
        "survey.services.retention.wipe_delays.forget_wipe_delay",
        "survey.services.retention.wipe_delays.note_wipe_delay",
        "survey.services.running.participation.refresh_participation",
        "survey.services.schedule.cut_long_graces",
        "survey.services.schedule.take_snapshots",
    ),
    "An account's own affair: its roles and units say what it reads.": (
        "survey.services.organisations.account_mail.post_set_password_mails",
        "survey.services.organisations.accounts.queue_set_password_mail",
        "survey.services.organisations.accounts.request_password_reset",
        "survey.services.organisations.accounts.set_language",
    ),
    "Released figures for whoever may read them anyway; who reads a page or a report is "
    "noted nowhere.": (
        "diagnostics.reports.services.bundles.write_bundle",
        "diagnostics.reports.services.files.note_reports",
        "diagnostics.reports.services.files.queue_reports",
        "diagnostics.reports.services.files.render_reports",
        "diagnostics.reports.services.files.request_report",
        "diagnostics.reports.services.renewing.renew_reports",
        "diagnostics.results.services.actions.change_action",
        "diagnostics.results.services.actions.note_action",
        "diagnostics.results.services.assessments.compute_result",
        "diagnostics.results.services.assessments.is_reproduced",
        "diagnostics.results.services.notices.tell_leaders",
    ),
    "Who signed in is noted nowhere; the first time tells who was there before a draft.": (
        "survey.services.organisations.sign_ins.note_first_sign_in",
    ),
    "Work that is stopped uses no answers.": (
        "diagnostics.downloads.services.downloads.cancel_download",
        "diagnostics.measurement.services.cancel_study",
        "diagnostics.workbench.services.analyses.cancel_analysis",
        "diagnostics.workbench.services.checks.cancel_check",
        "diagnostics.workbench.services.files.cancel_file",
    ),
    "Of a table that somebody brings along, or of a check that stores nothing.": (
        "diagnostics.management.commands.diagnose",
        "diagnostics.management.commands.verdict_shares",
        "diagnostics.workbench.services.analyses.keep_matrix",
        "diagnostics.workbench.services.analyses.run_analysis",
        "diagnostics.workbench.services.analyses.store_matrix",
        "diagnostics.workbench.services.checks.is_check_reproduced",
    ),
}
# What these begin can end in a further run of something that was noted for whoever asked for it.
BY_THE_WAY: Final[Mapping[str, frozenset[Action]]] = {
    # A file of all reports that is being made is made anew.
    **dict.fromkeys(
        (
            "diagnostics.measurement.services.run_study",
            "diagnostics.reports.services.files.request_report",
            "diagnostics.reports.services.renewing.renew_reports",
            "diagnostics.results.services.actions.change_action",
            "diagnostics.results.services.actions.note_action",
        ),
        frozenset({Action.FILE_MADE}),
    ),
    # Kept like an analysis of answers, which alone is noted.
    "diagnostics.workbench.services.analyses.run_analysis": frozenset({Action.ANALYSIS_STARTED}),
}


def _without_entry() -> list[str]:
    return [name for names in NEEDS_NONE.values() for name in names]


def test_each_service_that_writes_is_noted_or_has_a_reason_why_not() -> None:
    listed = sorted([*NOTED, *_without_entry()])

    assert listed == sorted(services_that_write())


def test_what_is_said_to_be_noted_can_be() -> None:
    found = services_that_write()

    assert {
        name: missing for name, actions in NOTED.items() if (missing := set(actions) - found[name])
    } == {}


def test_what_is_said_to_need_no_entry_leaves_none_but_by_the_way() -> None:
    found = services_that_write()

    assert {name: found[name] for name in _without_entry() if found[name]} == BY_THE_WAY


def test_every_action_is_the_affair_of_a_service_that_is_listed() -> None:
    assert {action for actions in NOTED.values() for action in actions} == set(Action)
