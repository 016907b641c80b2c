"""An analyst, and the form of a campaign's analysis sent as it is offered."""

from django.test import Client
from django.urls import reverse

from diagnostics.models import Analysis
from survey.models import Campaign, Membership, Role, User


def analyst_of(campaign: Campaign) -> Client:
    """Return the browser of a new analyst of a campaign's organisation, ann@example.com."""
    user = User.objects.create_user("ann@example.com", "a-long-enough-password")
    Membership.objects.create(organisation=campaign.organisation, user=user, role=Role.ANALYST)
    client = Client()
    client.force_login(user)
    return client


def fill(client: Client, campaign: Campaign, function: str = "", **changes: str) -> Analysis:
    """Send the form with some changes, and return what waits for the worker."""
    address = f"{reverse('diagnostics:campaign-analyse', args=[campaign.pk])}?function={function}"
    form = client.get(address).context["form"]
    filled = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in filled.items() if value not in (None, "", False)}
    answer = client.post(address, {**sent, "title": "Default anchors", **changes})
    assert answer.status_code == 302, answer.context["form"].errors
    return Analysis.objects.order_by("-number")[0]
