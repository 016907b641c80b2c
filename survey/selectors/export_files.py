"""The rows of the two import files, as the organisation and a campaign stand now."""

from collections.abc import Iterator
from dataclasses import astuple

from survey.import_files import people, units
from survey.models import Campaign, CampaignState, Leadership, Organisation
from survey.selectors.accounts.leaderships import led_units
from survey.selectors.people import people_of
from survey.selectors.units.unit_plans import planned_rows

UNIT_HEADINGS = (*units.REQUIRED, *units.OPTIONAL)
PEOPLE_HEADINGS = (*people.REQUIRED, *people.OPTIONAL)


def unit_rows(organisation: Organisation) -> Iterator[tuple[str, ...]]:
    """Yield today's units, parents first; a company without a code came with no file."""
    for row in led_units(organisation):
        unit = row.unit
        if not unit.code:
            continue
        leaders = [led.user for led in row.leaderships if led.kind == Leadership.Kind.LEADER]
        email, name = (leaders[0].email, leaders[0].name) if leaders else ("", "")
        yield unit.code, unit.name, unit.parent.code if unit.parent else "", email, name


def campaign_unit_rows(campaign: Campaign) -> Iterator[tuple[str, ...]]:
    """Yield the units that a draft brings along, or today's; of a launched campaign its own."""
    if campaign.state not in (CampaignState.DRAFT, CampaignState.LAUNCHING):
        for unit in campaign.units.exclude(code="").select_related("parent"):
            yield unit.code, unit.name, unit.parent.code if unit.parent else "", "", ""
        return
    planned = planned_rows(campaign)
    yield from (unit_rows(campaign.organisation) if planned is None else map(astuple, planned))


def people_rows(campaign: Campaign) -> Iterator[tuple[str, ...]]:
    """Yield the people invited, or to be invited, whose unit is known."""
    for recipient in people_of(campaign):
        invitation = getattr(recipient, "invitation", None)
        code = recipient.unit_code if invitation is None else invitation.unit.code
        function = recipient.function if invitation is None else invitation.function
        if function:
            yield recipient.email, recipient.name, code, function, recipient.language
