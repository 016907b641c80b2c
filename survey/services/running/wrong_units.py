"""What a respondent says before answering: that the invitation names a wrong unit."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from survey.errors import StateError, UnknownTokenError
from survey.models import Function, UnitReport
from survey.selectors.respondents import find_respondent


@transaction.atomic
def report_wrong_unit(
    *, token: str, text: str, function: Function, now: datetime | None = None
) -> None:
    """Keep the respondent's word, in place of an earlier one; no answer is read or touched."""
    respondent = find_respondent(token)
    if respondent is None:
        raise UnknownTokenError("Survey link: expected a known one, found none that matches.")
    invitation = respondent.invitation
    if invitation.done or not respondent.campaign.accepts_answers(now or timezone.now()):
        raise StateError("Unit: expected a survey not handed in yet, found one that is over.")
    UnitReport.objects.update_or_create(
        invitation=invitation, defaults={"text": text, "function": function}
    )


@transaction.atomic
def settle_report(*, report: UnitReport) -> None:
    """Take a report off the manager's list without moving anybody."""
    UnitReport.objects.filter(pk=report.pk).delete()
