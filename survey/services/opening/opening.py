"""Open a closed campaign's ballots, once: release what may be published and forget the rest."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from secrets import SystemRandom
from typing import Any
from uuid import UUID

import pandas as pd
from django.db import transaction
from django.utils import timezone

from survey.batches import ROWS_AN_INSERT
from survey.documents.kinds import BACKGROUND_COUNTS
from survey.errors import StateError
from survey.instrument.content import Instrument
from survey.models import (
    Action,
    BackgroundCount,
    Ballot,
    Campaign,
    CampaignState,
    Draft,
    Function,
    Invitation,
    Message,
    Release,
    Response,
    Standing,
    Who,
)
from survey.policy import participation_band
from survey.release.answers import KEYS, checked_answers, require_free_codes, without_units
from survey.release.background import background_counts
from survey.release.exclusions import ExclusionRules, exclusion_reasons
from survey.release.plan import release
from survey.sealing import boxes, keys
from survey.selectors.campaigns import questionnaire_of
from survey.selectors.openings import campaigns_past_grace
from survey.selectors.releases import campaign_tree, pool_ids
from survey.services.keys.destruction import wipe_and_destroy_key
from survey.services.ledger import note
from survey.services.opening.freezing import freeze_tables
from survey.services.retention.pending_wipes import forget_asked
from survey.services.retention.task_rows import forget_tasks
from survey.services.states import locked_campaign
from survey.signals import campaign_released

Payload = dict[str, Any]


def open_campaign(*, campaign_id: UUID, now: datetime | None = None) -> Campaign:
    """Open the ballots, release the results and destroy the key; a repeated call changes nothing.

    Killed before its commit, nothing has happened; killed after it, the next call does what is
    left: wipe the space of deleted rows, then destroy the key.
    """
    campaign = _open_once(campaign_id, now or timezone.now())
    # A draft that was being saved at that moment: saving locks nothing that is read here.
    Draft.objects.filter(campaign_id=campaign_id).delete()
    wipe_and_destroy_key(campaign=campaign)
    return campaign


@transaction.atomic(durable=True)
def _open_once(campaign_id: UUID, now: datetime) -> Campaign:
    # Locked first: what is tested then is what is so now, its invitations and key included.
    locked_campaign(campaign_id)
    due = campaigns_past_grace(now).filter(pk=campaign_id)
    released = {"state": CampaignState.RELEASED, "opening_problem": "", "opening_alarms": []}
    is_first = due.update(**released) == 1
    campaign = Campaign.objects.select_related("instrument").get(pk=campaign_id)
    if campaign.state != CampaignState.RELEASED:
        raise StateError(
            f"{campaign.name}: expected a closed campaign whose time for late answers is over, "
            f"found {campaign.state}."
        )
    if is_first:
        _open(campaign, now)
    return campaign


def _open(campaign: Campaign, now: datetime) -> None:
    """Release what the ballots hold and delete them, while all of it is locked.

    Computed under the lock, which other services compute before: a submit that comes between a
    reading and the lock would be deleted unread, and which ballots there are is settled only by
    the invitations that are held here. Of 3,000 ballots it takes a second of one processor, a
    third of it to open boxes and to plan the release; whoever saves meanwhile waits that long.
    """
    # A submit under way commits before these locks are granted, or finds its invitation gone.
    invitations = list(Invitation.objects.filter(campaign=campaign).select_for_update())
    instrument = questionnaire_of(campaign)
    rules = ExclusionRules.from_mapping(campaign.exclusion_rules)
    payloads = _payloads(campaign)
    tree = campaign_tree(campaign)
    answers = _answers(payloads, instrument)
    if campaign.gives_rows:
        answers = without_units(answers, tree)
    tables, rows = release(
        answers,
        tree,
        instrument,
        floor=campaign.floor,
        sensitive_floor=campaign.sensitive_floor,
        exclusion_rules=rules,
    )
    counts = replace(tables.counts, invited=_invited(invitations))
    frozen = freeze_tables(campaign=campaign, tables=replace(tables, counts=counts), now=now)
    _store_rows(frozen, rows)
    is_counted = exclusion_reasons(checked_answers(answers, tree, instrument), instrument, rules)
    _store_background(frozen, instrument, payloads, list(is_counted == ""))
    forget_tasks(campaign=campaign, invitations=[one.pk for one in invitations])
    _forget(campaign)
    note(
        Action.BALLOTS_OPENED,
        by=Who.WORKER,
        campaign=campaign,
        now=now,
        detail={
            # In a band, as everywhere: with a single answer the number would be a name.
            "ballots": participation_band(len(payloads), _planned(invitations)),
            "digest": frozen.digest,
            "sets": [info.key for info in tables.sets],
            "exclusion_rules": rules.as_mapping(),
        },
    )
    campaign_released.send(sender=Campaign, campaign=campaign)


def _payloads(campaign: Campaign) -> list[Payload]:
    private_key = keys.load_private_key(campaign.id)
    sealed = Ballot.objects.filter(campaign=campaign).values_list("box", flat=True)
    return [boxes.open_box(private_key, box) for box in sealed.iterator(chunk_size=ROWS_AN_INSERT)]


def _answers(payloads: Sequence[Payload], instrument: Instrument) -> pd.DataFrame:
    """Return DataFrame[unit, function, leads, <items>] of the opened ballots.

    Envelope and answers stay apart until each is a table, so that no item, whatever its code, can
    stand for a part of the envelope or hide behind one.
    """
    codes = [item.code for _, item in instrument.items()]
    require_free_codes(codes)
    envelopes = [[_stated(payload, key) for key in KEYS] for payload in payloads]
    sheets = [[payload["answers"].get(code) for code in codes] for payload in payloads]
    frame = pd.DataFrame(envelopes, columns=list(KEYS)).astype({"leads": bool, "planned": bool})
    return pd.concat([frame, pd.DataFrame(sheets, columns=codes)], axis=1)


def _stated(payload: Payload, key: str) -> Any:  # noqa: ANN401 - text or truth, as it was sealed
    """Return a part of the envelope; ballots of earlier versions do not say who was planned."""
    return payload.get(key, True) if key == "planned" else payload[key]


def _invited(invitations: Sequence[Invitation]) -> dict[str, int]:
    return {
        function: sum(
            invitation.function == function and not invitation.revoked for invitation in invitations
        )
        for function in Function.values
    }


def _planned(invitations: Sequence[Invitation]) -> int:
    """Count those of whom bands are told: a code's use is known to whoever printed it."""
    return sum(one.standing == Standing.PLANNED and not one.is_on_paper for one in invitations)


def _store_rows(frozen: Release, rows: pd.DataFrame) -> None:
    """Write the answers in an order that nobody can tell, not even from the table's pages."""
    pools = pool_ids(frozen)
    responses = [
        Response(
            campaign_id=frozen.campaign_id,
            pool_id=pools[row["pool"]],
            function=row["function"],
            answers={
                code: int(value)
                for code, value in row.items()
                if code not in ("pool", "function") and not pd.isna(value)
            },
        )
        for row in rows.to_dict("records")
    ]
    SystemRandom().shuffle(responses)
    Response.objects.bulk_create(responses, batch_size=ROWS_AN_INSERT)


def _store_background(
    frozen: Release,
    instrument: Instrument,
    payloads: Sequence[Payload],
    is_counted: Sequence[bool],
) -> None:
    """Write how many gave which background answer; who gave which is in no table.

    Of people invited at the launch only: with nine answers of a manager's own an option of one
    would be told, and who knows the nine would know the one.
    """
    campaign = frozen.campaign
    if not campaign.asks_background:
        return
    given = [
        dict(payload["background"].items())  # of what is no table, an error
        for payload, counts in zip(payloads, is_counted, strict=True)
        if counts and _stated(payload, "planned")
    ]
    counts = background_counts(instrument.background, given, floor=campaign.sensitive_floor)
    BackgroundCount.objects.bulk_create(
        BackgroundCount(release=frozen, question=code, counts=BACKGROUND_COUNTS.stored(told))
        for code, told in counts.items()
    )


def _forget(campaign: Campaign) -> None:
    """Delete what stood between a person and an answer; counts of participation stay."""
    Ballot.objects.filter(campaign=campaign).delete()
    Draft.objects.filter(campaign=campaign).delete()
    Message.objects.filter(invitation__campaign=campaign).delete()
    Message.objects.filter(campaign=campaign).delete()  # test mails and alarms, with their times
    Invitation.objects.filter(campaign=campaign).delete()
    forget_asked(campaign.asked_changes.all())
    forget_asked(campaign.refused_changes.all())
