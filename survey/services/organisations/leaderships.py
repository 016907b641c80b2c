"""Who leads a unit and who stands in, from one day to another."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from survey.errors import InputError
from survey.mail.addresses import address_as_sent
from survey.models import (
    Action,
    Campaign,
    CampaignState,
    Invitation,
    Leadership,
    LedgerEntry,
    Organisation,
    Unit,
    User,
)
from survey.services.ledger import Doer, account_of, new_entry, note_all
from survey.services.organisations.accounts import create_leader_account
from survey.services.organisations.later_readers import hold_back, refuse_own_appointment
from survey.services.organisations.roles_apart import refuse_readers_of_rows


@transaction.atomic
def appoint(
    *,
    unit: Unit,
    email: str,
    name: str = "",
    kind: Leadership.Kind = Leadership.Kind.LEADER,
    by: Doer,
    on: date | None = None,
) -> Leadership:
    """Make somebody leader, in place of the leader so far, or one more deputy of the unit.

    Whoever has no account yet gets one, with a set-password mail. Of campaigns that are launched
    already they read nothing before a second person agrees. Raises InputError for whoever holds the
    place already, for who appoints, and for an analyst, who reads no figures of units.
    """
    day = on or timezone.localdate()
    current = Leadership.objects.select_for_update().filter(unit=unit, until=None)
    address = address_as_sent(email)
    refuse_own_appointment(address=address, by=by)
    refuse_readers_of_rows(organisation=unit.organisation, addresses=[address])
    present = current.filter(user__email=address).first()
    if present is not None and present.kind == kind:
        raise InputError(
            gettext("%(unit)s: expected somebody new, found %(address)s in that place.")
            % {"unit": unit.name, "address": address}
        )
    over = [present] if present is not None else []
    if kind == Leadership.Kind.LEADER:
        over += current.filter(kind=Leadership.Kind.LEADER)
        keep_out_of_unit_results(unit.organisation, [address])
    for leadership in over:
        _end(leadership, day)
    user = User.objects.with_address(address)
    appointed = Leadership.objects.create(
        unit=unit,
        user=user or create_leader_account(email=address, name=name),
        kind=kind,
        since=day,
    )
    note_appointments([*over, appointed], by=by)
    hold_back([appointed], organisation=unit.organisation, by=by)
    return appointed


@transaction.atomic
def end_leadership(*, leadership: Leadership, by: Doer, on: date | None = None) -> None:
    """End somebody's time as leader or deputy; a second call changes nothing."""
    locked = Leadership.objects.select_for_update().get(pk=leadership.pk)
    if locked.until is None:
        _end(locked, on or timezone.localdate())
        note_appointments([locked], by=by)


def _end(leadership: Leadership, day: date) -> None:
    leadership.until = max(day, leadership.since)
    leadership.save(update_fields=["until"])


def note_appointments(
    leaderships: Iterable[Leadership], *, by: Doer, campaign: Campaign | None = None
) -> None:
    """Note who is appointed now, and whose time has ended."""
    note_all(_entry(leadership, by, campaign) for leadership in leaderships)


def _entry(leadership: Leadership, by: Doer, campaign: Campaign | None) -> LedgerEntry:
    is_over, is_leader = leadership.until is not None, leadership.kind == Leadership.Kind.LEADER
    action = {
        (True, True): Action.LEADER_ENDED,
        (True, False): Action.DEPUTY_ENDED,
        (False, True): Action.LEADER_APPOINTED,
        (False, False): Action.DEPUTY_APPOINTED,
    }[is_over, is_leader]
    return new_entry(
        action,
        by=by,
        organisation=leadership.unit.organisation,
        campaign=campaign,
        unit=leadership.unit,
        detail=account_of(leadership.user),
    )


def keep_out_of_unit_results(organisation: Organisation, addresses: Collection[str]) -> None:
    """Let the answers of new leaders, if they are still to come, count in the company only."""
    Invitation.objects.filter(
        recipient__email__in=addresses,
        campaign__organisation=organisation,
        campaign__state=CampaignState.OPEN,
    ).update(leads=True)
