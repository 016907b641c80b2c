"""The overview page's content: the campaigns of a user's organisations and what is open there."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from diagnostics.access import ResultRight, UserRoles, roles_of
from survey.access import CampaignRight, HeldRoles, current_leaderships, roles_by_organisation
from survey.models import Campaign, CampaignState, CampaignUnit, User
from survey.selectors.accounts.later_readers import NOTHING_WAITS, WaitingReader, waiting_readers
from survey.selectors.accounts.roles_apart import MixedAccount, mixed_accounts_for, resting_roles
from survey.selectors.accounts.second_word_pages import second_word_pages
from survey.selectors.campaign_states import has_figures, with_states
from survey.selectors.key_alarms import KeyAlarm, key_alarms, readable_key_folders_for
from survey.selectors.mail_troubles import MailState, mail_state_for
from survey.selectors.passphrases import waits_for_passphrase
from survey.selectors.stored_page import checked_campaigns


@dataclass(frozen=True, slots=True)
class CampaignEntry:
    """One campaign with what its reader may open."""

    campaign: Campaign
    may_run: bool
    may_check: bool  # what is stored, the thresholds, the plan
    may_see_company: bool
    units: tuple[CampaignUnit, ...]  # those the reader leads
    waits_for_passphrase: bool
    waits_to_read: bool  # came after the launch, and a second person has not agreed
    waits_for_word: bool  # the reader may confirm its head counts now

    @property
    def is_released(self) -> bool:
        """Whether the answers are opened and counted."""
        return self.campaign.state == CampaignState.RELEASED

    @property
    def has_results(self) -> bool:
        """Whether there is anything to look at: of too few answers nothing comes out."""
        return self.is_released and has_figures(self.campaign)


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the overview page."""

    roles: UserRoles
    campaigns: tuple[CampaignEntry, ...]
    key_alarms: tuple[tuple[KeyAlarm, bool], ...]  # and whether the reader runs the campaign
    mail: MailState | None  # for administrators
    readable_keys: tuple[str, ...]  # settings of folders, for administrators
    mixed_accounts: tuple[MixedAccount, ...]  # for administrators
    resting_roles: tuple[MixedAccount, ...]  # of the reader
    second_words: int  # how much waits for the reader's word now
    time_zone: str  # of times that belong to no campaign


def overview_of(user: User) -> Overview:
    """Return the campaigns of every organisation the user works for, newest first."""
    roles = roles_by_organisation(user)
    leaderships = current_leaderships().filter(user=user)
    led = dict(leaderships.values_list("unit_id", "unit__organisation_id"))
    theirs = Campaign.objects.filter(organisation_id__in={*roles, *led.values()})
    campaigns = list(
        with_states(theirs).select_related("organisation").order_by("-opens_at", "name")
    )
    units, waiting = _led_units(campaigns, led), waiting_readers(user)
    words = second_word_pages(user) if _confirms(roles.values()) else ()
    drafts = {draft.pk for page in words for draft in page.drafts}
    entries = (
        _entry(
            campaign,
            roles.get(campaign.organisation_id, HeldRoles()),
            units[campaign.id],
            waiting.get(campaign.id, NOTHING_WAITS),
            waits_for_word=campaign.pk in drafts,
        )
        for campaign in campaigns
    )
    alarms = key_alarms(checked_campaigns(user), now=timezone.now())
    return Overview(
        roles_of(user),
        tuple(entry for entry in entries if _is_shown(entry)),
        tuple(
            (alarm, roles[alarm.campaign.organisation_id].may(CampaignRight.RUN_CAMPAIGNS))
            for alarm in alarms
        ),
        mail_state_for(user),
        readable_key_folders_for(user),
        mixed_accounts_for(user),
        resting_roles(user),
        sum(page.for_reader for page in words),
        timezone.get_current_timezone_name(),
    )


def _confirms(held: Iterable[HeldRoles]) -> bool:
    return any(roles.may(CampaignRight.CONFIRM) for roles in held)


def _led_units(
    campaigns: Iterable[Campaign], led: Iterable[UUID]
) -> dict[UUID, list[CampaignUnit]]:
    found = defaultdict(list)
    for unit in CampaignUnit.objects.filter(Q(campaign__in=campaigns) & Q(unit_id__in=led)):
        found[unit.campaign_id].append(unit)
    return found


def _entry(
    campaign: Campaign,
    roles: HeldRoles,
    led: list[CampaignUnit],
    waiting: WaitingReader,
    *,
    waits_for_word: bool,
) -> CampaignEntry:
    units = [unit for unit in led if unit.unit_id not in waiting.units]
    reading = HeldRoles(roles.names - waiting.roles)
    return CampaignEntry(
        campaign=campaign,
        may_run=roles.may(CampaignRight.RUN_CAMPAIGNS),
        may_check=roles.may(CampaignRight.CHECK_STORAGE),
        may_see_company=reading.may(ResultRight.OPEN_COMPANY) or bool(units),
        units=tuple(units),
        waits_for_passphrase=waits_for_passphrase(campaign),
        waits_to_read=bool(waiting.roles or waiting.units),
        waits_for_word=waits_for_word,
    )


def _is_shown(entry: CampaignEntry) -> bool:
    hidden = (CampaignState.DRAFT, CampaignState.CANCELLED)
    if entry.campaign.is_rehearsal or entry.campaign.state in hidden:
        return entry.may_check
    return entry.may_check or entry.may_see_company or entry.waits_to_read
