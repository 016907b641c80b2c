"""Readers who come after a launch: held back, until a second person agrees."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from survey.access import READER_ROLES
from survey.batches import ROWS_AN_INSERT
from survey.errors import ConfirmationError, InputError
from survey.models import (
    Action,
    Campaign,
    CampaignUnit,
    LaterReader,
    Leadership,
    Membership,
    Organisation,
    User,
)
from survey.selectors.accounts.later_readers import (
    able_to_agree_to,
    holders_in,
    place_of,
    reader_of,
    settled_campaigns,
)
from survey.selectors.accounts.second_persons import other_holders
from survey.services.ledger import Doer, account_of, note


def refuse_own_appointment(*, address: str, by: Doer) -> None:
    """Raise InputError where somebody would appoint the account that they act with."""
    if isinstance(by, User) and by.email == address:
        raise InputError(
            gettext(
                "%(address)s: expected somebody else, found the account that you are signed in "
                "with. Nobody appoints themselves; ask another manager, or an administrator."
            )
            % {"address": address}
        )


def hold_back(
    given: Iterable[Membership | Leadership],
    *,
    organisation: Organisation,
    by: Doer,
    launching: Campaign | None = None,
) -> None:
    """Let roles and leaderships just given open nothing of campaigns that are launched already.

    launching: the campaign whose launch gives them, which settles its own readers. Where nobody
    beside the giver and the reader could ever agree, nothing is held back: the ledger alone tells
    of it.
    """
    given, giver = list(given), by if isinstance(by, User) else None
    campaigns = settled_campaigns(organisation)
    if launching is not None:
        campaigns = campaigns.exclude(pk=launching.pk)
    settled = set(campaigns.values_list("pk", flat=True))
    if not settled:
        return
    acting = [giver.pk] if giver else []
    others = set(other_holders(organisation.pk, acting=acting).values_list("pk", flat=True))
    closed = _closed_leaderships([one for one in given if isinstance(one, Leadership)], settled)
    now = timezone.now()
    rows = [
        LaterReader(
            campaign_id=campaign,
            membership=held if isinstance(held, Membership) else None,
            leadership=held if isinstance(held, Leadership) else None,
            given_by=giver,
            given_at=now,
        )
        for held in given
        if others - {held.user_id}
        for campaign in _closed_to(held, settled, closed)
    ]
    LaterReader.objects.bulk_create(rows, batch_size=ROWS_AN_INSERT)


def _closed_to(
    held: Membership | Leadership, settled: Collection[UUID], closed: Mapping[int, set[UUID]]
) -> Collection[UUID]:
    """Return the campaigns of which something just given opens nothing yet."""
    if isinstance(held, Membership):
        return settled if held.role in READER_ROLES else ()
    return closed[held.pk]


def _closed_leaderships(
    given: Sequence[Leadership], settled: Collection[UUID]
) -> Mapping[int, set[UUID]]:
    """Return the same by leadership: of campaigns that have its unit.

    Whoever was in the other place of the same unit until now, as a deputy who becomes the leader,
    goes on reading what that opened.
    """
    asked = defaultdict[UUID, set[UUID]](set)
    units = {leadership.unit_id for leadership in given}
    found = CampaignUnit.objects.filter(campaign__in=settled, unit__in=units)
    for campaign, unit in found.values_list("campaign_id", "unit_id"):
        asked[unit].add(campaign)
    closed = {leadership.pk: asked[leadership.unit_id] for leadership in given}
    places = {(one.unit_id, one.user_id): one for one in given}
    before = Leadership.objects.filter(
        unit__in=units, user__in={one.user_id for one in given}, until__gte=timezone.localdate()
    ).exclude(pk__in=closed)
    for former in before.prefetch_related("later_readers"):
        held = places.get((former.unit_id, former.user_id))
        if held is not None:
            waited = {waiting.campaign_id for waiting in former.later_readers.all()}
            closed[held.pk] = closed[held.pk] & waited
    return closed


@transaction.atomic
def agree_to_reader(*, waiting: LaterReader, by: User) -> None:
    """Give the second word, by which somebody reads a campaign's results from now on."""
    locked = LaterReader.objects.select_for_update(of=("self",)).filter(pk=waiting.pk).first()
    if locked is None:
        return  # agreed a moment ago, or taken away
    if by not in able_to_agree_to(locked, holders_in(locked.campaign.organisation_id)):
        raise ConfirmationError(
            gettext(
                "%(reader)s: expected the word of somebody of the works council, or of an "
                "administrator, who neither gave this nor reads by it and had signed in before, "
                "found another account."
            )
            % {"reader": reader_of(locked)}
        )
    note(
        Action.READER_AGREED,
        by=by,
        campaign=locked.campaign,
        unit=locked.leadership.unit if locked.leadership else None,
        detail={**account_of(reader_of(locked)), "reads_as": place_of(locked)},
    )
    locked.delete()
