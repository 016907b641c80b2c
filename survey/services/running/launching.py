"""The launch: everything frozen, every invitation written, in one transaction of the worker.

The web process only asks for it: tokens and keys are made where the keys are kept.
"""

import logging
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from survey.errors import (
    ChecklistError,
    EndingsError,
    KeyUnavailableError,
    SealError,
    SurveyError,
)
from survey.mail.posting import due_from
from survey.models import (
    Action,
    Campaign,
    CampaignState,
    InstrumentVersion,
    LaunchProblem,
    Organisation,
    User,
)
from survey.queue import later
from survey.release.exclusions import ExclusionRules
from survey.sealing.keys import create_campaign_key, load_token_key, open_canary
from survey.selectors.head_counts.confirmation import confirmation_of, floors_at_launch
from survey.selectors.launch.checklist import launch_checklist
from survey.selectors.units.unit_plans import LaunchChanges, launch_changes, leaders_at_launch
from survey.services.ledger import Doer, note, who_asked
from survey.services.running.head_counts import freeze_head_counts
from survey.services.running.invitations import invite_recipients
from survey.services.running.launch_details import launch_detail
from survey.services.running.snapshots import freeze_tree
from survey.services.setup.unit_plans import agree_to_endings, apply_plan
from survey.services.states import locked_campaign, locked_draft, locked_in_state
from survey.signals import campaign_launching

logger = logging.getLogger(__name__)
LAUNCHABLE: Final = (CampaignState.DRAFT, CampaignState.LAUNCHING)


@transaction.atomic
def prepare_keys(*, campaign_id: UUID) -> None:
    """Make a draft's keys if it has none, and open its canary ballot."""
    campaign = locked_campaign(campaign_id)
    if campaign is not None and campaign.state == CampaignState.DRAFT:
        create_campaign_key(campaign)
        open_canary(campaign)


@transaction.atomic
def request_launch(
    *,
    campaign: Campaign,
    agreed_digest: str = "",
    by: Doer,
    now: datetime | None = None,
) -> Campaign:
    """Hand a draft that passes the checklist to the worker.

    The digest is that of the list, of what running campaigns use, to which the manager agreed.
    """
    moment = now or timezone.now()
    locked = locked_draft(
        campaign, gettext("%(campaign)s: expected a draft to launch, found “%(state)s”.")
    )
    _require_checks(locked, moment, by)
    agree_to_endings(campaign=locked, digest=agreed_digest, on=timezone.localdate(moment))
    Campaign.objects.filter(pk=locked.pk).update(state=CampaignState.LAUNCHING, launch_problem="")
    note(Action.LAUNCH_ASKED, by=by, campaign=locked, now=moment)
    later("survey.tasks.launch_campaign", campaign.pk)
    campaign.refresh_from_db()
    return campaign


def carry_out_launch(*, campaign_id: UUID) -> None:
    """Launch a campaign that waits for it; a refusal makes it a draft again and says why."""
    campaign = Campaign.objects.filter(pk=campaign_id, state=CampaignState.LAUNCHING).first()
    if campaign is None:
        return
    try:
        # The ledger says who: the task may be one that the clock queued, which nobody asked.
        by = who_asked(campaign, Action.LAUNCH_ASKED)
        launch_campaign(campaign=campaign, by=by, is_asked_for=True)
    except SurveyError as error:
        logger.warning("Launch refused. %s", error)
        _become_draft_again(campaign_id, _problem(error))
    except OperationalError:
        raise  # the database did not answer; the tick asks again
    except Exception:
        # Whatever it was: a campaign that is "being launched" for ever helps nobody.
        _become_draft_again(campaign_id, LaunchProblem.OTHER)
        raise


def give_up_launch(*, campaign_id: UUID) -> None:
    """End a launch that came to nothing again and again: a draft again, whose page says why."""
    _become_draft_again(campaign_id, LaunchProblem.OTHER)


def _become_draft_again(campaign_id: UUID, problem: LaunchProblem) -> None:
    launching = Campaign.objects.filter(pk=campaign_id, state=CampaignState.LAUNCHING)
    launching.update(state=CampaignState.DRAFT, launch_problem=problem)


def _problem(error: SurveyError) -> LaunchProblem:
    if isinstance(error, ChecklistError):
        return LaunchProblem.CHECKLIST
    if isinstance(error, EndingsError):
        return LaunchProblem.ENDINGS
    if isinstance(error, KeyUnavailableError | SealError):
        return LaunchProblem.KEYS
    return LaunchProblem.OTHER


@transaction.atomic
def launch_campaign(
    *,
    campaign: Campaign,
    by: Doer,
    now: datetime | None = None,
    is_asked_for: bool = False,
) -> Campaign:
    """Apply the draft's plan of units, freeze all, write the invitations, open the campaign.

    Runs where the campaign's keys are kept, and proves first that they open a ballot.

    is_asked_for: launch only what its manager has asked for, and is still waiting for it.
    """
    moment = now or timezone.now()
    # The organisation too: what ends with the launch is then what was agreed to.
    Organisation.objects.select_for_update().get(pk=campaign.organisation_id)
    launchable = (CampaignState.LAUNCHING,) if is_asked_for else LAUNCHABLE
    locked_in_state(
        campaign,
        gettext("%(campaign)s: expected a draft to launch, found “%(state)s”."),
        *launchable,
    )
    campaign.refresh_from_db()
    # Its questionnaire as well: what is checked here is what is frozen below.
    InstrumentVersion.objects.select_for_update().get(pk=campaign.instrument_id)
    create_campaign_key(campaign)
    open_canary(campaign)
    today = timezone.localdate(moment)
    # The worker launches for whoever asked: with the numbers that somebody else has confirmed.
    asker = by if isinstance(by, User) else who_asked(campaign, Action.LAUNCH_ASKED)
    _require_checks(campaign, moment, asker)
    confirmation = confirmation_of(campaign, by=asker, on=today)
    _open(campaign, moment, is_alone=confirmation.is_alone and not campaign.is_rehearsal)
    changes, leaders = launch_changes(campaign, today), leaders_at_launch(campaign, today)
    units = freeze_tree(campaign=campaign, units=apply_plan(campaign=campaign, on=today, by=by))
    freeze_head_counts(campaign=campaign, units=units, counts=confirmation.counts)
    invite_recipients(
        campaign=campaign,
        units=units,
        leaders=leaders,
        token_key=load_token_key(campaign.id),
        due_at=due_from(campaign.opens_at, moment),
    )
    campaign_launching.send(sender=Campaign, campaign=campaign)
    detail = {**launch_detail(campaign), **_noted(changes)}
    note(Action.LAUNCHED, by=by, campaign=campaign, detail=detail, now=moment)
    later("survey.tasks.send_messages")
    if campaign.key.has_passphrase:
        later("survey.tasks.wrap_key", campaign.pk)
    return campaign


def _noted(changes: LaunchChanges) -> dict[str, int]:
    """Return what the ledger says of changes to the organisation; names stand in its own tables."""
    return {
        "units_created": changes.created,
        "units_changed": changes.changed,
        "units_ended": len(changes.ended_units),
        "leaders_replaced": len(changes.replaced),
        "leaders_appointed": len(changes.appointed),
        "accounts_created": len(changes.accounts),
    }


def _require_checks(campaign: Campaign, now: datetime, by: Doer) -> None:
    checks = launch_checklist(campaign, now=now, by=by)
    failed = [check for check in checks if not check.passed]
    if failed:
        reasons = " ".join(f"{check.label}: {check.detail}" for check in failed)
        raise ChecklistError(
            gettext(
                "%(campaign)s: expected every point of the launch checklist to hold, "
                "found %(reasons)s"
            )
            % {"campaign": campaign.name, "reasons": reasons}
        )


def _open(campaign: Campaign, now: datetime, *, is_alone: bool) -> None:
    rules = ExclusionRules.from_mapping(campaign.exclusion_rules)
    # A rule about what nobody is asked would be noted as one that answers were left out by.
    is_checked = rules.attention_check and campaign.asks_attention_check
    campaign.exclusion_rules = replace(rules, attention_check=is_checked).as_mapping()
    InstrumentVersion.objects.filter(pk=campaign.instrument_id).update(is_frozen=True)
    campaign.state = CampaignState.OPEN
    campaign.opens_at = max(campaign.opens_at or now, now)
    campaign.launch_problem = ""
    campaign.launched_alone = is_alone
    campaign.floor, campaign.sensitive_floor = floors_at_launch(campaign, is_alone=is_alone)
    campaign.save(
        update_fields=[
            "state", "opens_at", "exclusion_rules", "launch_problem", "launched_alone", "floor",
            "sensitive_floor",
        ]
    )  # fmt: skip
