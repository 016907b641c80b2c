"""Writing an organisation's tree of units, its leaders, and the people of a campaign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from survey.batches import ROWS_AN_INSERT
from survey.errors import InputError
from survey.import_files.people import PersonRow
from survey.import_files.units import UnitRow, code_key
from survey.mail.addresses import address_as_sent
from survey.models import (
    Campaign,
    Leadership,
    Organisation,
    Recipient,
    Unit,
    User,
)
from survey.selectors.units.tree_plans import TreePlan, plan_tree
from survey.selectors.units.unit_plans import units_at_launch
from survey.services.ledger import Doer, note_all
from survey.services.organisations.accounts import create_leader_accounts
from survey.services.organisations.later_readers import hold_back
from survey.services.organisations.leaderships import keep_out_of_unit_results, note_appointments
from survey.services.organisations.roles_apart import refuse_readers_of_rows
from survey.services.organisations.tree_entries import tree_entries, units_of
from survey.services.states import locked_draft


@dataclass(frozen=True, slots=True)
class TreeChange:
    """How an import changed the tree."""

    created: int
    changed: int
    ended: int
    accounts: int


@transaction.atomic
def import_units(
    *,
    organisation: Organisation,
    rows: Sequence[UnitRow],
    root_name: str = "",
    on: date | None = None,
    by: Doer,
    campaign: Campaign | None = None,
) -> TreeChange:
    """Bring the tree in line with the rows (parents first) and appoint the leaders they name.

    campaign: the one whose launch does so, for the ledger.
    """
    day = on or timezone.localdate()
    before = units_of(organisation)
    plan = plan_tree(organisation=organisation, rows=rows, on=day, root_name=root_name)
    note_all(tree_entries(organisation, plan, before, on=day, by=by, campaign=campaign))
    _save_tree(plan, day)
    changes = _appoint_leaders(organisation, rows, day)
    note_appointments(changes.leaderships, by=by, campaign=campaign)
    appointed = [one for one in changes.leaderships if one.until is None]
    hold_back(appointed, organisation=organisation, by=by, launching=campaign)
    return TreeChange(len(plan.created), len(plan.changed), len(plan.ended), changes.accounts)


def _save_tree(plan: TreePlan, on: date) -> None:
    Unit.objects.bulk_create(plan.created, batch_size=ROWS_AN_INSERT)
    Unit.objects.bulk_update(plan.changed, ["name", "parent", "until"], batch_size=ROWS_AN_INSERT)
    ended = [unit.id for unit in plan.ended]
    for start in range(0, len(ended), ROWS_AN_INSERT):
        Unit.objects.filter(id__in=ended[start : start + ROWS_AN_INSERT]).update(until=on)


@dataclass(frozen=True, slots=True)
class _LeaderChanges:
    """Leaderships that were ended or began, and how many accounts were made for them."""

    leaderships: tuple[Leadership, ...]
    accounts: int


def _appoint_leaders(
    organisation: Organisation, rows: Sequence[UnitRow], on: date
) -> _LeaderChanges:
    """Make the named people leaders of their units, in place of those so far."""
    named = [row for row in rows if row.leader_email]
    users, accounts = _users(named)
    units = {code_key(unit.code): unit for unit in organisation.units.on(on)}
    current = {
        leadership.unit_id: leadership
        for leadership in Leadership.objects.select_related("unit__organisation", "user").filter(
            unit__organisation=organisation, kind=Leadership.Kind.LEADER, until__isnull=True
        )
    }
    appointed: list[Leadership] = []
    ended: list[Leadership] = []
    for row in named:
        unit, user = units[code_key(row.code)], users[address_as_sent(row.leader_email)]
        incumbent = current.get(unit.id)
        if incumbent is not None and incumbent.user_id == user.id:
            continue
        if incumbent is not None:
            incumbent.until = max(on, incumbent.since)
            incumbent.save(update_fields=["until"])
            ended.append(incumbent)
        appointed.append(Leadership(unit=unit, user=user, since=on))
    addresses = [leadership.user.email for leadership in appointed]
    refuse_readers_of_rows(organisation=organisation, addresses=addresses)
    ended += _promote_deputies(appointed)
    keep_out_of_unit_results(organisation, addresses)
    Leadership.objects.bulk_create(appointed, batch_size=ROWS_AN_INSERT)
    return _LeaderChanges((*ended, *appointed), accounts)


def _promote_deputies(appointed: Sequence[Leadership]) -> list[Leadership]:
    """End the deputyship of whoever becomes leader of the same unit; return what was ended."""
    leading = {(leadership.unit_id, leadership.user_id): leadership for leadership in appointed}
    ended = []
    deputies = Leadership.objects.select_related("unit__organisation", "user").filter(
        kind=Leadership.Kind.DEPUTY,
        until__isnull=True,
        user__in={leadership.user_id for leadership in appointed},
    )
    for deputy in deputies:
        promotion = leading.get((deputy.unit_id, deputy.user_id))
        if promotion is not None:
            deputy.until = max(promotion.since, deputy.since)
            deputy.save(update_fields=["until"])
            ended.append(deputy)
    return ended


def _users(rows: Sequence[UnitRow]) -> tuple[dict[str, User], int]:
    names = {address_as_sent(row.leader_email): row.leader_name for row in reversed(rows)}
    users = {user.email: user for user in User.objects.filter(email__in=names)}
    missing = {email: name for email, name in names.items() if email not in users}
    users |= {user.email: user for user in create_leader_accounts(names=missing)}
    return users, len(missing)


@transaction.atomic
def import_people(*, campaign: Campaign, rows: Sequence[PersonRow], on: date | None = None) -> int:
    """Save the people a campaign will invite, in place of those saved before; return how many."""
    locked_draft(campaign)
    day = on or timezone.localdate()
    units = {code_key(unit.code): unit for unit in units_at_launch(campaign, day) if unit.code}
    unknown = sorted({row.unit for row in rows if code_key(row.unit) not in units})
    if unknown:
        raise InputError(
            gettext("People: expected units of the tree, found the unknown codes %(codes)s.")
            % {"codes": ", ".join(unknown)}
        )
    campaign.recipients.all().delete()
    recipients = [
        Recipient(
            campaign=campaign,
            email=address_as_sent(row.email),
            name=row.name,
            language=row.language or campaign.languages[0],
            unit_code=units[code_key(row.unit)].code,
            function=row.function,
        )
        for row in rows
    ]
    Recipient.objects.bulk_create(recipients, batch_size=ROWS_AN_INSERT)
    return len(recipients)
