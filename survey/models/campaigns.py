"""A campaign (one wave of the survey) and what its launch freezes."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from survey.models.instruments import InstrumentVersion
from survey.models.link_marks import new_link_mark
from survey.models.organisation import Function, Organisation, Unit
from survey.models.time_fields import ToldTimeField
from survey.policy import (
    ALONE_FLOOR,
    CANARY_INTERVAL,
    CANARY_SLACK,
    GRACE,
    RELEASE_FLOOR,
    REST_AFTER,
    SENSITIVE_FLOOR,
)


def grace() -> timedelta:
    """Return how long after close a submit counts; only development may shorten it."""
    if settings.DEBUG:
        return min(GRACE, timedelta(seconds=settings.GRACE_SECONDS))
    return GRACE


class CampaignState(models.TextChoices):
    """The life of a campaign, in order; cancelled ends it without any result."""

    DRAFT = "draft", _("Draft")
    LAUNCHING = "launching", _("Being launched")
    OPEN = "open", _("Open for answers")
    CLOSED = "closed", _("Closed, being opened")
    RELEASED = "released", _("Results released")
    CANCELLED = "cancelled", _("Cancelled")


class LaunchProblem(models.TextChoices):
    """Why the worker refused the last launch; its log says more."""

    CHECKLIST = "checklist", _("one of the points below did not hold.")
    KEYS = "keys", _("the campaign's key cannot be read where the worker runs.")
    ENDINGS = "endings", _("the list that you agreed to has changed; look at it again.")
    OTHER = "other", _("something went wrong; the administrator finds the reason in the log.")


class KeyProblem(models.TextChoices):
    """Why the last proof of a campaign's key failed; safe to show, the worker's log says more."""

    MISSING = "missing", _("there is no file of this campaign's key.")
    UNREADABLE = "unreadable", _("the folder or the file cannot be read by the worker.")
    DAMAGED = "damaged", _("the file is there, but it is not whole or was changed.")
    FOREIGN = "foreign", _("the file holds the key of something else.")


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Named filters on campaigns."""

    def due_to_close(self, now: datetime) -> "CampaignQuerySet":
        """Return open campaigns whose closing time has passed."""
        return self.filter(state=CampaignState.OPEN, closes_at__lte=now)

    def cancellable(self) -> "CampaignQuerySet":
        """Return open campaigns, and closed ones whose passphrase is still to be given.

        A lost passphrase would otherwise leave its ballots for ever.
        """
        is_stuck = models.Q(state=CampaignState.CLOSED) & models.Q(is_locked())
        return self.filter(models.Q(state=CampaignState.OPEN) | is_stuck)


def is_locked() -> models.Exists:
    """Whether the works council's passphrase is still to be given."""
    keys = CampaignKey.objects.filter(campaign=models.OuterRef("pk")).exclude(passphrase_check=b"")
    return models.Exists(keys.filter(models.Q(wrapped_at=None) | models.Q(handover=b"")))


class Campaign(models.Model):
    """One wave of the survey in one organisation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="campaigns"
    )
    instrument = models.ForeignKey(
        InstrumentVersion, on_delete=models.PROTECT, related_name="campaigns"
    )
    name = models.CharField(_("name"), max_length=120)
    state = models.CharField(
        max_length=9, choices=CampaignState.choices, default=CampaignState.DRAFT
    )
    # When the draft was begun: a second person is somebody who had signed in before.
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    wave = models.PositiveIntegerField(default=1)
    is_rehearsal = models.BooleanField(default=False)  # ends without results, whatever happens
    languages = models.JSONField(default=list)
    opens_at = ToldTimeField(_("opens at"), null=True, blank=True)
    closes_at = ToldTimeField(_("closes at"), null=True, blank=True)
    # The closing time that a mail or a slip has told last; None as long as nobody was told any.
    told_closes_at = ToldTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    accepts_until = models.DateTimeField(null=True, blank=True)  # set at close: end of the grace
    reminder_round = models.PositiveIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True, blank=True)
    launch_problem = models.TextField(choices=LaunchProblem.choices, blank=True)
    opening_tried_at = models.DateTimeField(null=True, blank=True)
    opening_problem = models.TextField(blank=True)  # why the last try to open the ballots failed
    opening_alarms = models.JSONField(default=list, blank=True)  # problems mailed since it worked
    time_zone = models.CharField(_("time zone"), max_length=40, default="UTC")
    floor = models.PositiveIntegerField(
        default=RELEASE_FLOOR, validators=[MinValueValidator(RELEASE_FLOOR)]
    )
    sensitive_floor = models.PositiveIntegerField(
        default=SENSITIVE_FLOOR, validators=[MinValueValidator(SENSITIVE_FLOOR)]
    )
    # Analysts get the answers one by one, and nothing is told of any unit; else the other way
    # round. The database refuses to change it once the draft is launched.
    gives_rows = models.BooleanField(default=False)
    launched_alone = models.BooleanField(default=False)  # nobody else could confirm its numbers
    exclusion_rules = models.JSONField(default=dict)
    controller = models.CharField(_("controller"), max_length=200, blank=True)
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    purpose = models.TextField(_("purpose"), blank=True)
    # What the questions about the person are for; without it nobody is asked them.
    background_purpose = models.TextField(
        _("purpose of the questions about the person"), blank=True
    )
    # What a questionnaire holds beside its scales is asked only where the campaign wants it.
    asks_attention_check = models.BooleanField(default=False)
    asks_markers = models.BooleanField(default=False)
    council_reference = models.CharField(_("works-council reference"), max_length=120, blank=True)
    needs_passphrase = models.BooleanField(
        _("opened only with a passphrase of the works council"), default=False
    )
    retention_months = models.PositiveIntegerField(
        _("months until answers are deleted"), default=12
    )
    logo_alternative = models.CharField(max_length=120, blank=True)  # empty: there is no logo
    mail_introduction = models.JSONField(default=dict, blank=True)  # language -> plain text
    mail_signature = models.CharField(_("signed by"), max_length=120, blank=True)
    # Stands in every link of the campaign, the same in all of them.
    link_mark = models.CharField(max_length=16, unique=True, default=new_link_mark, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ("-opens_at", "name")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(floor__gte=RELEASE_FLOOR)
                & models.Q(sensitive_floor__gte=SENSITIVE_FLOOR)
                & models.Q(sensitive_floor__gte=models.F("floor")),
                name="campaign_floors_are_never_lowered",
            ),
            models.CheckConstraint(
                condition=models.Q(launched_alone=False) | models.Q(floor__gte=ALONE_FLOOR),
                name="a_launch_alone_raises_the_floor",
            ),
            models.CheckConstraint(
                condition=models.Q(closes_at__isnull=True)
                | models.Q(opens_at__isnull=True)
                | models.Q(closes_at__gt=models.F("opens_at")),
                name="campaign_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=models.Q(is_rehearsal=False)
                | ~models.Q(state__in=[CampaignState.CLOSED, CampaignState.RELEASED]),
                name="rehearsal_has_no_results",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def accepts_answers(self, now: datetime) -> bool:
        """Tell whether a submit at this moment counts (until ten minutes after close)."""
        if self.state == CampaignState.OPEN:
            begun = self.opens_at is None or self.opens_at <= now
            # Subtracted from now: a closing time at the end of the calendar takes no addition.
            return begun and (self.closes_at is None or now - grace() < self.closes_at)
        return (
            self.state == CampaignState.CLOSED
            and self.accepts_until is not None
            and now < self.accepts_until
        )

    def is_running(self, now: datetime) -> bool:
        """Tell whether it is launched and its time is not over, opened already or not.

        Between the closing time and the worker's next look it is open by its state only.
        """
        is_over = self.closes_at is not None and self.closes_at <= now
        return self.state == CampaignState.OPEN and not is_over

    def takes_beginners(self, now: datetime) -> bool:
        """Tell whether somebody who has not begun may begin; in the grace nobody may."""
        return self.is_running(now) and (self.opens_at is None or self.opens_at <= now)

    @property
    def ends_at(self) -> datetime | None:
        """When it closes or has closed, whichever came first."""
        known = [moment for moment in (self.closes_at, self.closed_at) if moment is not None]
        return min(known, default=None)

    @property
    def asks_background(self) -> bool:
        """Whether people are asked about themselves: only where it says what for."""
        return bool(self.background_purpose.strip())

    def rests(self, now: datetime) -> bool:
        """Tell whether no answer may be taken: nobody knows now whether it could be opened."""
        key: CampaignKey | None = getattr(self, "key", None)
        return key is None or key.rests(now)

    @property
    def minutes_of_grace(self) -> int:
        """Minutes after close during which a submit still counts."""
        return int(GRACE / timedelta(minutes=1))


class CampaignLogo(models.Model):
    """The logo of who asks, drawn anew by this software; apart, since few queries need it."""

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, primary_key=True, related_name="logo"
    )
    image = models.BinaryField()  # PNG

    def __str__(self) -> str:
        return self.campaign.logo_alternative


class CampaignUnit(models.Model):
    """A unit as it was when the campaign was launched."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="units")
    # None for a unit that a rehearsal's file invents: a rehearsal adds nothing to the organisation.
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="snapshots"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="children"
    )
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    position = models.PositiveIntegerField()  # parents before children

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=["campaign", "unit"], name="one_snapshot_per_unit"),
        )

    def __str__(self) -> str:
        return self.name


class CampaignKey(models.Model):
    """The public half of a campaign's key pair; the private half never enters the database."""

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, primary_key=True, related_name="key"
    )
    public_key = models.BinaryField()
    fingerprint = models.CharField(max_length=64)
    canary = models.BinaryField()  # a sealed ballot with known content
    canary_opened_at = models.DateTimeField(null=True, blank=True)  # the last proof of the key
    # Since the last proof: when the first one failed and why, and when administrators were told.
    failing_since = models.DateTimeField(null=True, blank=True)
    failing_problem = models.CharField(max_length=10, choices=KeyProblem.choices, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    lacking_folder = models.CharField(max_length=12, blank=True)  # the setting whose copy is lost
    destroyed_at = models.DateTimeField(null=True, blank=True)
    # The works council's passphrase, if it set one: never itself, nor anything that opens a ballot.
    handover_key = models.BinaryField(default=b"")  # seals what only the worker may read
    passphrase_salt = models.BinaryField(default=b"")
    passphrase_check = models.BinaryField(default=b"")  # tells a wrong passphrase at once
    handover = models.BinaryField(default=b"")  # sealed: what wraps or unwraps the private key
    wrapped_at = models.DateTimeField(null=True, blank=True)
    wrapped_digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the wrapped key

    def __str__(self) -> str:
        return self.fingerprint[:16]

    def rests(self, now: datetime) -> bool:
        """Tell whether answers must wait until a worker proves again that it holds the key."""
        return self.rests_from is None or self.rests_from <= now

    @property
    def rests_from(self) -> datetime | None:
        """When answers begin to wait unless a proof comes before; None if there never was one.

        Two hours after a proof has failed, and as long after one was due: where no worker runs
        nobody knows whether the key is there.
        """
        if self.canary_opened_at is None:
            return None
        overdue = self.canary_opened_at + CANARY_INTERVAL + REST_AFTER
        return min(overdue, self.failing_since + REST_AFTER) if self.failing_since else overdue

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether the hourly proof has not come, for whatever reason."""
        proven = self.canary_opened_at
        return proven is None or proven <= now - CANARY_INTERVAL - CANARY_SLACK

    @property
    def has_passphrase(self) -> bool:
        """Whether the works council has set a passphrase."""
        return bool(self.passphrase_check)

    @property
    def waits_for_passphrase(self) -> bool:
        """Whether the ballots cannot be opened before the passphrase is given."""
        return self.has_passphrase and (self.wrapped_at is None or not self.handover)


class Participation(models.Model):
    """How many were invited at the launch and, as a band, how many of them answered, on a day."""

    campaign_unit = models.ForeignKey(
        CampaignUnit, on_delete=models.CASCADE, related_name="participation"
    )
    function = models.CharField(max_length=10, choices=Function.choices)
    day = models.DateField()
    invited = models.PositiveIntegerField()
    answered_band = models.CharField(max_length=8, blank=True)  # empty: too few to tell
    added = models.PositiveIntegerField(default=0)  # people and codes after the launch, in no band

    class Meta:
        ordering = ("day",)
        constraints = (
            models.UniqueConstraint(
                fields=["campaign_unit", "function", "day"], name="one_participation_per_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign_unit} {self.function}: {self.answered_band}"
