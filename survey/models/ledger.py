"""The ledger: who did what that changes whose answers count, who may read, how long they stay.

Written by `survey.services.ledger` alone and never changed: the database refuses it.
"""

from enum import StrEnum
from typing import Self

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from survey.models.campaigns import Campaign
from survey.models.organisation import Function, Organisation


class Concern(models.TextChoices):
    """Why an action stands in the ledger."""

    COUNTED = "counted", _("whose answers are counted")
    READERS = "readers", _("who may read")
    KEPT = "kept", _("how long things are kept")
    USE = "use", _("what was done with answers")


class Action(StrEnum):
    """Everything that is noted, by the text that the table keeps."""

    words: Promise
    concern: Concern
    is_of_one_person: bool  # then no time is kept, the day only

    def __new__(
        cls, code: str, words: Promise, concern: Concern, is_of_one_person: bool = False
    ) -> Self:
        """Return a member that is its text, with what belongs to it."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.words, member.concern = words, concern
        member.is_of_one_person = is_of_one_person
        return member

    LAUNCH_ASKED = "launch asked for", _("launch asked for"), Concern.COUNTED
    LAUNCHED = "launched", _("launched"), Concern.COUNTED
    UNITS_ADDED = "units added", _("units added"), Concern.COUNTED
    UNITS_MOVED = "units moved", _("units put under others"), Concern.COUNTED
    UNITS_RENAMED = "units renamed", _("units renamed"), Concern.COUNTED
    UNITS_ENDED = "units ended", _("units ended"), Concern.COUNTED
    HEAD_COUNTS_CONFIRMED = (
        "head counts confirmed",
        _("head counts confirmed by a second person"),
        Concern.COUNTED,
    )
    DRAFT_DISCARDED = "draft discarded", _("draft deleted"), Concern.KEPT
    PERSON_ADDED = "person added", _("somebody added"), Concern.COUNTED, True
    PERSON_MOVED = "person moved", _("somebody moved here"), Concern.COUNTED, True
    ADDRESS_CORRECTED = "address corrected", _("an address corrected"), Concern.COUNTED, True
    CORRECTION_ASKED = (
        "correction asked",
        _("asked to correct an address that a mail has gone to"),
        Concern.COUNTED,
        True,
    )
    LINK_RENEWED = "link renewed", _("a link renewed"), Concern.COUNTED, True
    LINK_REVOKED = "link revoked", _("a link revoked"), Concern.COUNTED, True
    INVITATION_RESENT = "invitation resent", _("an invitation sent again"), Concern.COUNTED, True
    REPORT_SETTLED = (
        "report settled",
        _("a report of a wrong unit set aside"),
        Concern.COUNTED,
        True,
    )
    FAILED_RESENT = "failed mails resent", _("failed invitations sent again"), Concern.COUNTED, True
    CODES_MADE = "codes made", _("codes made and printed"), Concern.COUNTED
    CODES_REVOKED = "codes revoked", _("codes revoked"), Concern.COUNTED
    EXTENDED = "extended", _("extended"), Concern.COUNTED
    EXTENSION_TAKEN_BACK = "extension taken back", _("extension taken back"), Concern.COUNTED
    CLOSED = "closed", _("closed"), Concern.COUNTED
    CANCELLATION_ASKED = (
        "cancellation asked",
        _("asked to cancel the campaign"),
        Concern.COUNTED,
    )
    CHANGE_REFUSED = (
        "change refused",
        _("a change refused that needs a second person"),
        Concern.COUNTED,
        True,
    )
    CHANGE_TAKEN_BACK = (
        "change taken back",
        _("a change taken back that waited for a second person"),
        Concern.COUNTED,
        True,
    )
    CANCELLED = "cancelled", _("cancelled"), Concern.COUNTED
    MAIL_DOMAINS_CHANGED = (
        "mail domains changed",
        _("allowed mail domains changed"),
        Concern.COUNTED,
    )
    ROLE_GIVEN = "role given", _("role given"), Concern.READERS
    ROLE_TAKEN = "role taken", _("role taken away"), Concern.READERS
    LEADER_APPOINTED = "leader appointed", _("leader appointed"), Concern.READERS
    LEADER_ENDED = "leader ended", _("leader's time ended"), Concern.READERS
    DEPUTY_APPOINTED = "deputy appointed", _("deputy appointed"), Concern.READERS
    DEPUTY_ENDED = "deputy ended", _("deputy's time ended"), Concern.READERS
    READER_AGREED = (
        "later reader agreed",
        _("a second person agreed that somebody reads who came after the launch"),
        Concern.READERS,
    )
    PASSPHRASE_SET = "passphrase set", _("passphrase set"), Concern.READERS
    KEY_WRAPPED = "key wrapped", _("key put under the passphrase"), Concern.READERS
    WRONG_PASSPHRASE = "wrong passphrase", _("wrong passphrase given"), Concern.READERS
    PASSPHRASE_GIVEN = "passphrase given", _("passphrase given"), Concern.READERS
    KEY_DESTROYED = "key destroyed", _("key destroyed"), Concern.KEPT
    ANSWERS_DELETED = "answers deleted", _("answers deleted"), Concern.KEPT
    FILES_DELETED = (
        "files of deleted answers deleted",
        _("files made of answers deleted earlier are deleted too"),
        Concern.KEPT,
    )
    ANSWERS_WIPED = "deleted answers wiped", _("deleted answers wiped"), Concern.KEPT
    ADDRESSES_DELETED = (
        "addresses deleted",
        _("names and addresses of those invited deleted"),
        Concern.KEPT,
    )
    BALLOTS_OPENED = "ballots opened", _("ballots opened"), Concern.USE
    ASSESSED = "assessed", _("assessed"), Concern.USE
    METHOD_CHOSEN = "method chosen", _("patterns and calibration chosen"), Concern.USE
    FILE_MADE = "file made", _("file made for download"), Concern.USE
    ANALYSIS_STARTED = "analysis started", _("analysis of the answers started"), Concern.USE
    CHECK_STARTED = "check started", _("check of an analysis started"), Concern.USE
    STUDY_STARTED = "study started", _("study of the scales started"), Concern.USE


def known_action(text: str) -> Action | None:
    """Return the action that is stored as a text; None for one that a newer version has noted."""
    return next((action for action in Action if action.value == text), None)


class Who(models.TextChoices):
    """What kind of somebody did it."""

    NOT_NOTED = "", _("not noted")  # before 0.2, or whose account is gone
    ACCOUNT = "account", _("account")
    WORKER = "worker", _("background worker")
    COMMAND = "command", _("command line")


class LedgerEntry(models.Model):
    """One thing that was done, by whom and when; kept for ever, whatever else is deleted.

    Of whom it concerns it knows unit and function only. Accounts, campaigns and organisations
    may go: what they were called stands here, and no constraint ties the entry to them.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.DO_NOTHING, db_constraint=False, related_name="ledger"
    )
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        blank=True,
        related_name="ledger",
    )
    campaign_name = models.CharField(max_length=120, blank=True)
    day = models.DateField()  # by the campaign's clock
    at = models.DateTimeField(null=True, blank=True)  # None: of one person, whose time is not kept
    who = models.CharField(max_length=7, choices=Who.choices, blank=True)
    account = models.UUIDField(null=True, blank=True)
    account_address = models.CharField(max_length=254, blank=True)
    account_name = models.CharField(max_length=120, blank=True)
    action = models.CharField(max_length=40)
    unit_code = models.CharField(max_length=40, blank=True)
    unit_name = models.CharField(max_length=120, blank=True)
    function = models.CharField(max_length=10, choices=Function.choices, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        action = known_action(self.action)
        return str(action.words) if action else self.action
