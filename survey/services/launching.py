"""The launch: everything frozen, every invitation written, in one transaction of the worker.

The web process only asks for it: tokens and keys are made where the keys are kept.
"""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from survey import tasks
from survey.errors import ChecklistError, KeyUnavailableError, SealError, SurveyError
from survey.models import (
    Campaign,
    CampaignState,
    InstrumentVersion,
    LaunchProblem,
    LedgerEntry,
)
from survey.sealing.keys import create_campaign_key, load_token_key, open_canary
from survey.selectors.checklist import launch_checklist
from survey.services.invitations import invite_recipients
from survey.services.snapshots import freeze_tree
from survey.services.states import wrong_state
from survey.signals import campaign_launching

logger = logging.getLogger(__name__)


@transaction.atomic
def prepare_keys(*, campaign_id: UUID) -> None:
    """Make a draft's keys if it has none, and open its canary ballot."""
    campaign = Campaign.objects.select_for_update().filter(pk=campaign_id).first()
    if campaign is not None and campaign.state == CampaignState.DRAFT:
        create_campaign_key(campaign)
        open_canary(campaign)


@transaction.atomic
def request_launch(*, campaign: Campaign, now: datetime | None = None) -> Campaign:
    """Hand a draft that passes the checklist to the worker."""
    _require_checks(campaign, now or timezone.now())
    changed = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.DRAFT).update(
        state=CampaignState.LAUNCHING, launch_problem=""
    )
    if not changed:
        campaign.refresh_from_db()
        raise wrong_state(
            campaign, gettext("%(campaign)s: expected a draft to launch, found “%(state)s”.")
        )
    transaction.on_commit(lambda: tasks.launch_campaign.enqueue(str(campaign.pk)))
    campaign.refresh_from_db()
    return campaign


def carry_out_launch(*, campaign_id: UUID) -> None:
    """Launch a campaign that waits for it; a refusal makes it a draft again and says why."""
    campaign = Campaign.objects.filter(pk=campaign_id, state=CampaignState.LAUNCHING).first()
    if campaign is None:
        return
    try:
        launch_campaign(campaign=campaign)
    except SurveyError as error:
        logger.warning("Launch refused. %s", error)
        Campaign.objects.filter(pk=campaign_id, state=CampaignState.LAUNCHING).update(
            state=CampaignState.DRAFT, launch_problem=_problem(error)
        )


def _problem(error: SurveyError) -> LaunchProblem:
    if isinstance(error, ChecklistError):
        return LaunchProblem.CHECKLIST
    if isinstance(error, KeyUnavailableError | SealError):
        return LaunchProblem.KEYS
    return LaunchProblem.OTHER


@transaction.atomic
def launch_campaign(*, campaign: Campaign, now: datetime | None = None) -> Campaign:
    """Freeze questionnaire and tree, write every invitation and its mail, and open the campaign.

    Runs where the campaign's keys are kept, and proves first that they open a ballot.
    """
    moment = now or timezone.now()
    Campaign.objects.select_for_update().get(pk=campaign.pk)
    campaign.refresh_from_db()
    if campaign.state not in {CampaignState.DRAFT, CampaignState.LAUNCHING}:
        raise wrong_state(
            campaign, gettext("%(campaign)s: expected a draft to launch, found “%(state)s”.")
        )
    create_campaign_key(campaign)
    open_canary(campaign)
    _require_checks(campaign, moment)
    _open(campaign, moment)
    units = freeze_tree(campaign=campaign, on=timezone.localdate(moment))
    invited = invite_recipients(
        campaign=campaign,
        units=units,
        token_key=load_token_key(campaign.id),
        due_at=campaign.opens_at or moment,
    )
    campaign_launching.send(sender=Campaign, campaign=campaign)
    LedgerEntry.objects.create(
        campaign=campaign,
        at=moment,
        action="launched",
        detail={"units": len(units), "invited": invited},
    )
    transaction.on_commit(lambda: tasks.send_messages.enqueue())
    if campaign.key.has_passphrase:
        transaction.on_commit(lambda: tasks.wrap_key.enqueue(str(campaign.pk)))
    return campaign


def _require_checks(campaign: Campaign, now: datetime) -> None:
    failed = [check for check in launch_checklist(campaign, now=now) if not check.passed]
    if failed:
        reasons = " ".join(f"{check.label}: {check.detail}" for check in failed)
        raise ChecklistError(
            gettext(
                "%(campaign)s: expected every point of the launch checklist to hold, "
                "found %(reasons)s"
            )
            % {"campaign": campaign.name, "reasons": reasons}
        )


def _open(campaign: Campaign, now: datetime) -> None:
    # numpy and pandas come with it, which the web process has no other use for.
    from survey.release.exclusions import ExclusionRules

    campaign.exclusion_rules = ExclusionRules.from_mapping(campaign.exclusion_rules).as_mapping()
    InstrumentVersion.objects.filter(pk=campaign.instrument_id).update(is_frozen=True)
    campaign.state = CampaignState.OPEN
    campaign.opens_at = max(campaign.opens_at or now, now)
    campaign.launch_problem = ""
    campaign.save(update_fields=["state", "opens_at", "exclusion_rules", "launch_problem"])
