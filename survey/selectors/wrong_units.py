"""What respondents say about wrong units, for the manager."""

from survey.models import Campaign, CampaignState, UnitReport


def unit_reports(campaign: Campaign) -> tuple[UnitReport, ...]:
    """Return what is not settled, by address: the order of arrival is kept nowhere."""
    if campaign.state != CampaignState.OPEN:
        return ()
    return tuple(
        UnitReport.objects.filter(
            invitation__campaign=campaign, invitation__recipient__isnull=False
        )
        .select_related("invitation__recipient", "invitation__unit")
        .order_by("invitation__recipient__email")
    )
