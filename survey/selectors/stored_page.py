"""The page for whoever checks a campaign: works council, data protection, its manager."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from survey.access import CampaignRight, campaigns_where, roles_in
from survey.mail.domains import domains_told
from survey.models import Campaign, CampaignState, Release, User, WipeDelay
from survey.selectors.head_counts.pages import confirmable_campaigns
from survey.selectors.key_alarms import KeyAlarm, key_alarms
from survey.selectors.launch.asked_beside import beside_words
from survey.selectors.ledger.entries import ENTRIES_SHOWN, LedgerPage, campaign_ledger
from survey.selectors.passphrases import council_campaigns
from survey.selectors.proofs import Proof, proofs
from survey.selectors.stored_tables import StoredTable, stored_tables
from survey.selectors.units.planned_units import PlannedUnit, planned_units


@dataclass(frozen=True, slots=True)
class StoredPage:
    """What is stored of a campaign, what will be published of it, and what was."""

    campaign: Campaign
    tables: tuple[StoredTable, ...]
    asked_beside: str  # the statements about the unit
    mail_domains: str  # from which people may be invited
    may_choose_domains: bool
    units: tuple[PlannedUnit, ...]
    release: Release | None
    ledger: LedgerPage
    reads_organisation: bool  # whether the ledger of the organisation is open to the reader
    has_passphrase_page: bool
    has_head_count_page: bool
    opening_problem: str  # why the ballots could not be opened; told to administrators
    key_alarms: tuple[KeyAlarm, ...]
    may_extend: bool
    wipe_delay: WipeDelay | None  # that deleted rows are not wiped yet
    proofs: tuple[Proof, ...]

    @property
    def is_released(self) -> bool:
        """Whether the units' outcomes are those of the release, not of a plan."""
        return self.campaign.state == CampaignState.RELEASED


def checked_campaigns(user: User) -> QuerySet[Campaign]:
    """Return the campaigns that a user may check."""
    return campaigns_where(user, CampaignRight.CHECK_STORAGE).select_related(
        "organisation", "instrument"
    )


def stored_page(campaign: Campaign, *, reader: User, entries: int = ENTRIES_SHOWN) -> StoredPage:
    """Return what whoever checks the campaign may see; it never has an answer or an exact size."""
    roles = roles_in(reader, campaign.organisation_id)
    reads_problem = roles.may(CampaignRight.READ_OPENING_PROBLEM)
    return StoredPage(
        campaign=campaign,
        tables=stored_tables(campaign),
        asked_beside=beside_words(campaign),
        mail_domains=domains_told(campaign.organisation.mail_domains),
        may_choose_domains=roles.may(CampaignRight.LOOK_AFTER_DOMAINS),
        units=planned_units(campaign),
        release=Release.objects.filter(campaign=campaign).first(),
        ledger=campaign_ledger(campaign, most=entries),
        reads_organisation=roles.may(CampaignRight.READ_LEDGER),
        has_passphrase_page=council_campaigns(reader).filter(pk=campaign.pk).exists(),
        has_head_count_page=confirmable_campaigns(reader).filter(pk=campaign.pk).exists(),
        opening_problem=campaign.opening_problem if reads_problem else "",
        key_alarms=key_alarms(Campaign.objects.filter(pk=campaign.pk), now=timezone.now()),
        may_extend=roles.may(CampaignRight.RUN_CAMPAIGNS),
        wipe_delay=WipeDelay.objects.select_related("campaign").filter(pk=campaign.pk).first(),
        proofs=proofs(),
    )
