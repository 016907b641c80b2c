"""Everything that a manager sees of one campaign: states, bands and dates, never results."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from survey.models import Campaign, CampaignState, UnitReport, User
from survey.policy import REMINDERS
from survey.selectors.accounts.asked_changes import AskedPage, cancel_page
from survey.selectors.campaign_states import last_call
from survey.selectors.deliveries import Deliveries, deliveries_of
from survey.selectors.key_alarms import KeyAlarm, key_alarms
from survey.selectors.launch.checklist import Check, launch_checklist
from survey.selectors.mail_troubles import ServerTrouble, troubles_of_campaign
from survey.selectors.participation import ParticipationTable, participation_of
from survey.selectors.passphrases import waits_for_passphrase
from survey.selectors.reminders import next_reminder_at
from survey.selectors.setup import Setup, setup_of
from survey.selectors.units.unit_plans import LaunchChanges, launch_changes
from survey.selectors.wrong_units import unit_reports


@dataclass(frozen=True, slots=True)
class CampaignPage:
    """The content of the campaign page; what a state does not have is None."""

    campaign: Campaign
    setup: Setup | None
    checks: tuple[Check, ...]
    changes: LaunchChanges | None  # to the organisation, by the launch
    deliveries: Deliveries | None
    mail_troubles: tuple[ServerTrouble, ...]
    unit_reports: tuple[UnitReport, ...]
    participation: ParticipationTable | None
    next_reminder_at: datetime | None
    may_remind: bool
    reminders: int
    rests: bool  # nobody could answer now, so that nobody is reminded
    takes_beginners: bool
    takes_last_answers: bool
    is_scheduled: bool
    waits_for_passphrase: bool
    key_alarms: tuple[KeyAlarm, ...]
    cancellation: AskedPage | None  # whether somebody asked for it, and what became of that

    @property
    def may_launch(self) -> bool:
        """Whether every point of the checklist holds."""
        return bool(self.checks) and all(check.passed for check in self.checks)

    @property
    def waits_for_worker(self) -> bool:
        """Whether the page should look again by itself in a moment."""
        missing = {check.code for check in self.checks if not check.passed}
        waiting = bool(missing) and missing <= {"canary", "trial", "heads"}
        return waiting or self.campaign.state in {CampaignState.LAUNCHING, CampaignState.CLOSED}

    @property
    def version(self) -> str:
        """What the page shows, in short: a page that waits is only drawn again when it changes."""
        passed = sum(check.passed for check in self.checks)
        waits = "-waits" if self.waits_for_passphrase else ""
        alarms = "".join(f"-{alarm.kind}" for alarm in self.key_alarms)
        problem = bool(self.campaign.opening_problem)
        told = f"{self.takes_beginners:d}{self.takes_last_answers:d}{self.rests:d}"
        asked = "-asked" if self.cancellation and self.cancellation.asked else ""
        asked += "-refused" if self.cancellation and self.cancellation.refused else ""
        return f"{self.campaign.state}-{told}-{passed}-{problem:d}{waits}{alarms}{asked}"


def campaign_page(campaign: Campaign, *, reader: User, now: datetime) -> CampaignPage:
    """Return the page's content for the campaign's present state."""
    is_draft = campaign.state == CampaignState.DRAFT
    is_launched = campaign.state not in {
        CampaignState.DRAFT,
        CampaignState.LAUNCHING,
        CampaignState.CANCELLED,
    }
    is_ending = campaign.state in {CampaignState.OPEN, CampaignState.CLOSED}
    reminder = next_reminder_at(campaign) if campaign.is_running(now) else None
    checks = launch_checklist(campaign, now=now, by=reader) if is_draft else ()
    return CampaignPage(
        campaign=campaign,
        setup=setup_of("launch", checks) if is_draft else None,
        checks=checks,
        changes=launch_changes(campaign, timezone.localdate(now)) if is_draft else None,
        deliveries=deliveries_of(campaign) if campaign.state == CampaignState.OPEN else None,
        mail_troubles=troubles_of_campaign(campaign)
        if campaign.state == CampaignState.OPEN
        else (),
        unit_reports=unit_reports(campaign),
        participation=participation_of(campaign) if is_launched else None,
        next_reminder_at=reminder,
        may_remind=reminder is not None and reminder <= now and not campaign.rests(now),
        rests=campaign.is_running(now) and campaign.rests(now),
        takes_beginners=campaign.takes_beginners(now),
        takes_last_answers=last_call(campaign, now) is not None,
        reminders=REMINDERS,
        waits_for_passphrase=waits_for_passphrase(campaign),
        is_scheduled=bool(campaign.opens_at and campaign.opens_at > now),
        key_alarms=key_alarms(Campaign.objects.filter(pk=campaign.pk), now=now)
        if is_launched
        else (),
        cancellation=cancel_page(campaign, reader=reader) if is_ending else None,
    )
