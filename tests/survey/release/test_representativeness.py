"""The hint where fewer or more answer: sure in spite of the bands, and from the bands alone.

Row 22 of the feature table; the bands themselves are shown in test_closing.
"""

from itertools import product

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from survey.models import Campaign, Invitation, Standing, User
from survey.policy import band_ends
from survey.selectors.participation import participation_of
from survey.selectors.representativeness import Group, band_group, merge_groups, representativeness
from survey.services.running.participation import refresh_participation
from tests.survey.staff_scenes import open_campaign_of, organisation_with_manager, people_csv


def test_what_is_said_holds_for_every_number_that_a_band_can_stand_for() -> None:
    invited = (12, 30, 60)
    for bands in product(("0-4", "5-9", "10-19", "20-49"), repeat=3):
        groups = [
            band_group(str(place), size, band)
            for place, (size, band) in enumerate(zip(invited, bands, strict=True))
            if band_ends(band)[0] <= size
        ]
        if len(groups) < 3:
            continue
        found = representativeness(merge_groups("", groups), groups)
        ends = [(group.least, group.most) for group in groups]
        for answered in product(*ends):
            share = sum(answered) / sum(invited)
            for group in found.below:
                assert answered[int(group.name)] / group.invited < share
            for group in found.above:
                assert answered[int(group.name)] / group.invited > share


def test_small_groups_are_never_named_and_a_group_of_few_is_between_none_and_all() -> None:
    whole, small = Group("", 100, 80, 100), band_group("Small", 9, "0-4")

    assert representativeness(whole, [small]).below == ()
    assert band_group("Tiny", 3, "0-4") == Group("Tiny", 3, 0, 3)
    assert band_group("Large", 80, "50+") == Group("Large", 80, 50, 80)


@pytest.fixture
def manager() -> User:
    return organisation_with_manager()[1]


def campaign_with(manager: User, *, north: int, workshop: int) -> Campaign:
    """Return an open campaign in which so many of 36 and of 45 people have answered."""
    people = people_csv(north=36, workshop=45)
    campaign = open_campaign_of(manager.memberships.get().organisation, people=people)
    for unit, count in (("N1", north), ("N2", workshop)):
        done = Invitation.objects.filter(unit__code=unit).order_by("recipient__email")[:count]
        Invitation.objects.filter(pk__in=[one.pk for one in done]).update(done=True)
    refresh_participation(campaign=campaign, day=timezone.localdate())
    return campaign


@pytest.mark.django_db
def test_the_campaign_page_names_the_unit_whose_share_differs(
    client: Client, manager: User
) -> None:
    campaign = campaign_with(manager, north=36, workshop=2)
    client.force_login(manager)

    page = client.get(reverse("survey:campaign-detail", args=[campaign.id])).content.decode()

    hint = participation_of(campaign).hint
    assert hint is not None
    assert [(group.name, group.high) for group in hint.below] == [("Workshop", 18)]
    assert [(group.name, group.low) for group in hint.above] == [("Field team Ålesund", 69)]
    assert (hint.whole.low, hint.whole.high) == (30, 55)
    assert "Workshop: at most 18 %" in page
    assert "Of everyone invited at the launch, 30 to 55 % have answered." in page


@pytest.mark.django_db
def test_one_answer_more_within_a_band_changes_no_word(client: Client, manager: User) -> None:
    campaign = campaign_with(manager, north=20, workshop=2)
    client.force_login(manager)
    address = reverse("survey:campaign-detail", args=[campaign.id])
    before = participation_of(campaign)

    one = Invitation.objects.filter(unit__code="N1", function="operations", done=False).first()
    assert one is not None
    Invitation.objects.filter(pk=one.pk).update(done=True)
    refresh_participation(campaign=campaign, day=timezone.localdate())

    assert participation_of(campaign) == before
    assert client.get(address).status_code == 200


@pytest.mark.django_db
def test_where_everybody_was_added_later_the_page_says_why_there_is_no_band(
    client: Client, manager: User
) -> None:
    campaign = open_campaign_of(manager.memberships.get().organisation)
    campaign.invitations.update(standing=Standing.ADDED)
    client.force_login(manager)
    address = reverse("survey:campaign-detail", args=[campaign.id])
    counted_later = client.get(address).text
    refresh_participation(campaign=campaign, day=timezone.localdate())

    counted = client.get(address).text

    of_nobody = "Everybody here has a code or was added later; they are in no band."
    assert ("The first count appears" in counted_later, of_nobody in counted_later) == (True, False)
    assert ("The first count appears" in counted, of_nobody in counted) == (False, True)
