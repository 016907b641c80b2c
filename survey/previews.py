"""A respondent who is nobody: the manager's preview of a campaign's questionnaire."""

from dataclasses import asdict, dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from survey.instrument.content import parse_instrument
from survey.models import Campaign, CampaignUnit, Function, Invitation
from survey.selectors.respondents import Respondent, asked_instrument

COOKIE: Final = "rutin-preview"
PATH: Final = "/preview/"  # the cookie goes nowhere else
NOBODY: Final = "preview"  # in place of a token: orders the statements, opens nothing


@dataclass(frozen=True, slots=True)
class Preview:
    """What is looked at, and as whom; lives in a signed cookie, so that nothing is written."""

    campaign: str
    function: str
    language: str = ""

    def remember(self, response: HttpResponse) -> None:
        """Keep the preview for this browser session."""
        value = "|".join(asdict(self).values())
        response.set_signed_cookie(COOKIE, value, path=PATH, httponly=True, samesite="Lax")


def read_preview(request: HttpRequest) -> Preview | None:
    """Return the preview that the browser is in, if it is in one."""
    value: Any = request.get_signed_cookie(COOKIE, default=None)
    return Preview(*value.split("|")) if value else None


def nobody(campaign: Campaign, function: str) -> Respondent:
    """Return a respondent whose invitation is in no table, and so can hold no answer."""
    unit = CampaignUnit(campaign=campaign, name=_("Example unit"))
    invitation = Invitation(campaign=campaign, unit=unit, function=Function(function))
    instrument = asked_instrument(campaign, parse_instrument(campaign.instrument.content))
    return Respondent(NOBODY, invitation, instrument)
