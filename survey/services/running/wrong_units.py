"""What a respondent says before answering: that the invitation names a wrong unit."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from survey.errors import StateError, UnknownTokenError
from survey.models import Action, Function, Invitation, UnitReport
from survey.selectors.respondents import find_respondent
from survey.services.ledger import Doer, note
from survey.services.states import locked_campaign


@transaction.atomic
def report_wrong_unit(
    *, token: str, text: str, function: Function, now: datetime | None = None
) -> None:
    """Keep the respondent's word, in place of an earlier one; no answer is read or touched."""
    respondent = find_respondent(token)
    if respondent is None:
        raise UnknownTokenError("Survey link: expected a known one, found none that matches.")
    # Locked, the campaign first: opening deletes invitations, and nobody is moved once it closed.
    campaign = locked_campaign(respondent.campaign.pk)
    invitation = (
        Invitation.objects.select_for_update()
        .filter(pk=respondent.invitation.pk, used=False, revoked=False)
        .first()
    )
    is_open = campaign is not None and campaign.takes_beginners(now or timezone.now())
    if invitation is None or not is_open:
        raise StateError("Unit: expected a survey not handed in yet, found one that is over.")
    UnitReport.objects.update_or_create(
        invitation=invitation, defaults={"text": text, "function": function}
    )


@transaction.atomic
def settle_report(*, report: UnitReport, by: Doer) -> None:
    """Take a report off the manager's list without moving anybody; a second call does nothing."""
    kept = UnitReport.objects.filter(pk=report.pk)
    found = kept.select_related("invitation__campaign", "invitation__unit").first()
    deleted, _ = kept.delete()
    if found is not None and deleted:
        invitation = found.invitation
        note(
            Action.REPORT_SETTLED, by=by, campaign=invitation.campaign, unit=invitation.unit,
            function=invitation.function,
        )  # fmt: skip
